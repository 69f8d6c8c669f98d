import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import type { ResourcesContext } from "gantry";
import { resources } from "../resources";

interface Made {
  readonly type: string;
  readonly inputs: Readonly<Record<string, unknown>>;
}

/** An AWS that makes whatever it is asked for. */
async function mockAws(): Promise<Made[]> {
  const made: Made[] = [];
  await pulumi.runtime.setMocks(
    {
      newResource: ({ type, name, inputs }) => {
        made.push({ type, inputs: inputs as Made["inputs"] });
        const service = type.split("/")[0].replace("aws:", "");
        const arn = `arn:aws:${service}:eu-west-1:123456789012:${name}`;
        return { id: name, state: { name, bucket: name, arn, ...(inputs as Made["inputs"]) } };
      },
      call: () => ({ randomPassword: "drawn" }),
    },
    "orders",
    "staging",
  );
  return made;
}

const context: ResourcesContext = {
  ...{ stack: "staging", kind: "staging", product: "orders", protection: false },
  name: (part) => `orders--staging--own--${part}`,
  tags: { "gantry:name": "orders", "gantry:stack": "staging" },
  network: {
    vpcId: pulumi.output("vpc-1"),
    publicSubnetIds: pulumi.output(["subnet-1"]),
    privateSubnetIds: pulumi.output(["subnet-2"]),
    taskSubnetIds: pulumi.output(["subnet-2"]),
  },
  cluster: {
    clusterArn: pulumi.output("arn:aws:ecs:eu-west-1:123456789012:cluster/orders--staging"),
    clusterName: pulumi.output("orders--staging"),
  },
  region: pulumi.output("eu-west-1"),
  accountId: pulumi.output("123456789012"),
  partition: pulumi.output("aws"),
};

const valueOf = <T>(output: pulumi.Output<T>) =>
  new Promise<T>((resolve) => output.apply((value) => resolve(value)));

describe("the resources of orders", () => {
  it("let the service put receipts, and read none", async () => {
    await mockAws();
    const { receipts } = resources(context).grants;
    assert.deepEqual(receipts.actions, ["s3:PutObject"]);
    assert.match(await valueOf(receipts.resources[0]), /receipts\/\*$/);
  });

  for (const protection of [true, false]) {
    it(`${protection ? "keep" : "let go of"} their data where protection is ${protection}`, async () => {
      const made = await mockAws();
      resources({ ...context, protection });
      await pulumi.runtime.disconnect();
      const table = made.find(({ type }) => type === "aws:dynamodb/table:Table");
      const bucket = made.find(({ type }) => type === "aws:s3/bucket:Bucket");
      assert.equal(table?.inputs.deletionProtectionEnabled, protection);
      assert.equal(bucket?.inputs.forceDestroy, !protection);
    });
  }
});
