import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { FileSystem, Service, type FileSystemArgs } from "../../components";
import type { Mount } from "../../components";
import { parsed, record } from "../support/record";
import { service, types, worker } from "./service/support";

const vpcId = "vpc-1";
const subnetIds = ["subnet-1", "subnet-2"];
const created: FileSystemArgs = { mode: "create", vpcId, subnetIds };

const efs = {
  fileSystem: "aws:efs/fileSystem:FileSystem",
  accessPoint: "aws:efs/accessPoint:AccessPoint",
  mountTarget: "aws:efs/mountTarget:MountTarget",
  backup: "aws:efs/backupPolicy:BackupPolicy",
  policy: "aws:efs/fileSystemPolicy:FileSystemPolicy",
};

const fileSystem = (args: FileSystemArgs) => record(() => new FileSystem("uploads", args));

describe("a FileSystem", () => {
  it("is encrypted, elastic and cheaper where it is not read", async () => {
    const { inputs } = (await fileSystem(created)).one(efs.fileSystem);
    const { encrypted, throughputMode, lifecyclePolicies, tags } = inputs;
    assert.deepEqual([encrypted, throughputMode, tags], [true, "elastic", { Name: "uploads" }]);
    assert.deepEqual(lifecyclePolicies, [
      { transitionToIa: "AFTER_30_DAYS" },
      { transitionToPrimaryStorageClass: "AFTER_1_ACCESS" },
    ]);
  });

  it("is reached in each subnet, by nobody yet", async () => {
    const { all, value } = await fileSystem(created);
    const targets = all(efs.mountTarget).map(({ inputs }) => inputs);
    assert.deepEqual(
      targets.map(({ subnetId }) => subnetId),
      subnetIds,
    );
    const [{ securityGroups }] = targets;
    value.securityGroupId?.apply((id) => assert.deepEqual(securityGroups, [id]));
    assert.deepEqual(all(types.ingress), []);
  });

  it("is backed up, and refuses what is not encrypted on its way", async () => {
    const { one } = await fileSystem(created);
    assert.deepEqual(one(efs.backup).inputs.backupPolicy, { status: "ENABLED" });
    const { Statement } = parsed<{ Statement: { Effect: string; Condition: unknown }[] }>(
      one(efs.policy),
      "policy",
    );
    assert.deepEqual(
      Statement.map(({ Effect, Condition }) => [Effect, Condition]),
      [["Deny", { Bool: { "aws:SecureTransport": "false" } }]],
    );
  });

  for (const [forceDelete, stays] of [
    [undefined, true],
    [false, true],
    [true, false],
  ] as const) {
    it(`${stays ? "stays" : "goes"} with what guards it where forceDelete is ${forceDelete}`, async () => {
      const { one } = await fileSystem({ ...created, forceDelete });
      for (const type of [efs.fileSystem, efs.backup, efs.policy]) {
        assert.equal(one(type).options.retainOnDelete ?? false, stays, type);
      }
    });
  }

  it("is one folder and one user to whoever mounts it", async () => {
    const { one } = await fileSystem(created);
    const { posixUser, rootDirectory } = one(efs.accessPoint).inputs;
    assert.deepEqual(posixUser, { uid: 1000, gid: 1000 });
    assert.deepEqual(rootDirectory, {
      path: "/files",
      creationInfo: { ownerUid: 1000, ownerGid: 1000, permissions: "0755" },
    });
  });

  it("that exists gets an access point and nothing else", async () => {
    const fileSystemId = "fs-0a1b2c3d4e5f60718";
    const { resources, one } = await fileSystem({
      ...{ mode: "existing", fileSystemId, path: "/uploads", uid: 33, gid: 0 },
    });
    assert.deepEqual(
      resources.map(({ type }) => type).filter((type) => type.startsWith("aws:")),
      [efs.accessPoint],
    );
    const { inputs } = one(efs.accessPoint);
    assert.equal(inputs.fileSystemId, fileSystemId);
    assert.deepEqual(inputs.posixUser, { uid: 33, gid: 0 });
  });

  const faults: readonly [string, FileSystemArgs, RegExp][] = [
    ["it is reached nowhere", { ...created, subnetIds: [] }, /^FileSystem subnetIds: given \[\]/],
    [
      "its folder climbs",
      { ...created, path: "/a/../b" },
      /^FileSystem path: given "\/a\/\.\.\/b"/,
    ],
    [
      "its folder is deep",
      { ...created, path: "/a/b/c/d/e" },
      /allowed: a folder such as \/uploads/,
    ],
    ["its user is none", { ...created, uid: -1 }, /^FileSystem uid: given -1; allowed: a whole/],
    ["its group is none", { ...created, gid: 1.5 }, /^FileSystem gid: given 1\.5/],
  ];
  for (const [title, args, message] of faults) {
    it(`fails when ${title}`, () =>
      assert.rejects(fileSystem(args), (error) => {
        assert.ok(pulumi.ResourceError.isInstance(error));
        assert.match(error.message, message);
        return true;
      }));
  }
});

const source = {
  fileSystemId: "fs-1",
  fileSystemArn: "arn:aws:elasticfilesystem:eu-west-1:123456789012:file-system/fs-1",
  accessPointId: "fsap-1",
  accessPointArn: "arn:aws:elasticfilesystem:eu-west-1:123456789012:access-point/fsap-1",
};

/** A worker with one volume of what exists. */
const withVolume = (mount: Mount, name = "uploads") =>
  worker({ volumes: { [name]: { ...mount, fileSystem: source } } });

describe("a Service with volumes", () => {
  it("mounts them through the access point alone, encrypted, as the task role", async () => {
    const { one } = await service(withVolume({ mountPath: "/srv/uploads" }));
    const definition = one(types.taskDefinition);
    assert.deepEqual(definition.inputs.volumes, [
      {
        name: "uploads",
        efsVolumeConfiguration: {
          ...{ fileSystemId: "fs-1", rootDirectory: "/", transitEncryption: "ENABLED" },
          authorizationConfig: { accessPointId: "fsap-1", iam: "ENABLED" },
        },
      },
    ]);
    const [{ mountPoints }] = parsed<{ mountPoints: unknown }[]>(
      definition,
      "containerDefinitions",
    );
    assert.deepEqual(mountPoints, [
      { sourceVolume: "uploads", containerPath: "/srv/uploads", readOnly: false },
    ]);
  });

  for (const readOnly of [false, true]) {
    it(`may ${readOnly ? "read" : "read and write"} just there`, async () => {
      const { one } = await service(withVolume({ mountPath: "/data", readOnly }));
      const { Statement } = parsed<{ Statement: unknown }>(
        one(types.rolePolicy, "jobs-taskPolicy"),
        "policy",
      );
      assert.deepEqual(Statement, [
        {
          Effect: "Allow",
          Action: [
            "elasticfilesystem:ClientMount",
            ...(readOnly ? [] : ["elasticfilesystem:ClientWrite"]),
          ],
          Resource: [source.fileSystemArn],
          Condition: {
            StringEquals: { "elasticfilesystem:AccessPointArn": source.accessPointArn },
          },
        },
      ]);
    });
  }

  it("is let in by a file system that was made here, before its tasks start", async () => {
    const { one, all } = await record(() => {
      const made = new FileSystem("uploads", created);
      const volumes = { uploads: { mountPath: "/data", fileSystem: made } };
      return new Service("jobs", worker({ volumes }));
    });
    const { inputs } = one(types.ingress);
    const { securityGroups } = all(efs.mountTarget)[0].inputs;
    assert.deepEqual([inputs.securityGroupId], securityGroups);
    assert.notEqual(inputs.referencedSecurityGroupId, inputs.securityGroupId);
    assert.deepEqual([inputs.ipProtocol, inputs.fromPort, inputs.toPort], ["tcp", 2049, 2049]);
    const { dependencies } = one(types.taskDefinition).options;
    assert.equal(dependencies.length >= 3, true);
  });

  const faults: readonly [string, Mount, string, RegExp][] = [
    ["a name is none", { mountPath: "/data" }, "Up Loads", /^Service volumes: given "Up Loads"/],
    ["a name is the sessions' own", { mountPath: "/data" }, "exec-log", /given "exec-log"/],
    [
      "a folder is relative",
      { mountPath: "data" },
      "a",
      /^Service volumes\.a\.mountPath: given "data"/,
    ],
    ["a folder is everything", { mountPath: "/" }, "a", /allowed: an absolute folder such as/],
    ["a folder is the kernel's", { mountPath: "/proc/x" }, "a", /given "\/proc\/x"/],
  ];
  for (const [title, mount, name, message] of faults) {
    it(`fails when ${title}`, () =>
      assert.rejects(service(withVolume(mount, name)), ({ message: given }: Error) => {
        assert.match(given, message);
        return true;
      }));
  }
});
