import assert from "node:assert/strict";
import type { Answers } from "../support/aws";
import { environment } from "./support";

const mountTarget = "aws:efs/mountTarget:MountTarget";
const fileSystem = "aws:efs/fileSystem:FileSystem";
const accessPoint = "aws:efs/accessPoint:AccessPoint";

const services = (volumes: object) => ({ services: { web: { volumes } } });
const uploads = { mountPath: "/srv/uploads" };

/** Subnets of which the first two are in one zone. */
const subnets: Answers = {
  "aws:ec2/getSubnet:getSubnet": ({ id }) => ({
    id,
    availabilityZoneId: String(id).endsWith("c") ? "euw1-az2" : "euw1-az1",
  }),
};

describe("volumes of an environment", () => {
  it("are a file system for each name, in each zone of the network", async () => {
    const { all } = await environment(services({ uploads, cache: { mountPath: "/cache" } }));
    assert.deepEqual(
      all(fileSystem).map(({ name }) => name),
      ["shop--staging--volume--uploads-files", "shop--staging--volume--cache-files"],
    );
    assert.equal(all(mountTarget).length, 2 * 2);
    const folders = all(accessPoint).map(({ inputs }) => inputs.rootDirectory as { path: string });
    assert.deepEqual(
      folders.map(({ path }) => path),
      ["/uploads", "/cache"],
    );
  });

  for (const protection of [false, true]) {
    it(`outlive config, with protection: ${protection}`, async () => {
      const { one } = await environment({ ...services({ uploads }), protection });
      assert.equal(one(fileSystem).options.retainOnDelete, true);
    });
  }

  it("have one subnet of each zone in a network that exists", async () => {
    const network = {
      ...{ mode: "existing", vpcId: "vpc-0a1b2c3d" },
      publicSubnetIds: ["subnet-0000000d", "subnet-0000000e"],
      privateSubnetIds: ["subnet-0000000a", "subnet-0000000b", "subnet-0000000c"],
    };
    const { all } = await environment({ ...services({ uploads }), network }, { calls: subnets });
    assert.deepEqual(
      all(mountTarget).map(({ inputs }) => inputs.subnetId),
      ["subnet-0000000a", "subnet-0000000c"],
    );
  });

  it("that exist are mounted as they are", async () => {
    const old = { mountPath: "/old", fileSystem: "fs-0a1b2c3d", accessPoint: "fsap-0a1b2c3d" };
    const { all, resources } = await environment(services({ old }));
    assert.deepEqual(
      resources.filter(({ type }) => type.startsWith("aws:efs/")),
      [],
    );
    const [{ inputs }] = all("aws:ecs/taskDefinition:TaskDefinition");
    const [{ efsVolumeConfiguration }] = (inputs.volumes as Record<string, unknown>[]).slice(-1);
    assert.deepEqual(efsVolumeConfiguration, {
      ...{ fileSystemId: "fs-0a1b2c3d", rootDirectory: "/", transitEncryption: "ENABLED" },
      authorizationConfig: { accessPointId: "fsap-0a1b2c3d", iam: "ENABLED" },
    });
  });
});
