import assert from "node:assert/strict";
import { container, types } from "../components/service/support";
import { runExample, stacks, taskOf } from "./support";

for (const stack of stacks) {
  describe(`examples/packages in ${stack}`, () => {
    it("never runs two that write, and not more than one", async () => {
      const { inputs } = (await runExample("packages", stack)).one(types.service);
      assert.deepEqual(
        [inputs.deploymentMinimumHealthyPercent, inputs.deploymentMaximumPercent],
        [0, 100],
      );
      assert.equal(inputs.desiredCount, 1);
    });

    it("keeps its files as the user that the image has, whatever config says later", async () => {
      const { one } = await runExample("packages", stack);
      assert.equal(one("aws:efs/fileSystem:FileSystem").options.retainOnDelete, true);
      const { posixUser } = one("aws:efs/accessPoint:AccessPoint").inputs;
      assert.deepEqual(posixUser, { uid: 10001, gid: 65533 });
    });

    it("has them where the program looks for them, and may write there", async () => {
      const made = await runExample("packages", stack, ["npm"]);
      const { mountPoints = [] } = container(taskOf(made, "npm")) as {
        readonly mountPoints?: readonly Readonly<Record<string, unknown>>[];
      };
      const [mount] = mountPoints.filter(({ sourceVolume }) => sourceVolume === "npm-storage");
      assert.deepEqual([mount.containerPath, mount.readOnly], ["/verdaccio/storage", false]);
    });

    it("lets in the company's network, and its own verification behind the gateways", async () => {
      const { all } = await runExample("packages", stack);
      const cidrs = all(types.ingress).flatMap(({ inputs }) => inputs.cidrIpv4 ?? []);
      assert.ok(cidrs.includes("192.0.2.0/24"));
      assert.ok(!cidrs.includes("0.0.0.0/0"));
    });
  });
}
