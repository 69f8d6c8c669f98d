import assert from "node:assert/strict";
import { DescribeTaskDefinitionCommand, ECSClient } from "@aws-sdk/client-ecs";
import { GetRoleCommand, IAMClient, ListRolesCommand } from "@aws-sdk/client-iam";
import type { StackConfig } from "../../rehearsal/stackFile";
import { destroy, emptyPreview, emptyRefresh, up } from "../../rehearsal/update";
import { buildOnEachOther, log, startBench, type Bench } from "./support";

type Values = Readonly<Record<string, unknown>>;

const boundary = "arn:aws:iam::aws:policy/PowerUserAccess";
const web = { build: "app", scaling: { min: 1, max: 1 } };
const jobs = {
  ...{ build: "app", kind: "worker", scaling: { min: 1, max: 1 } },
  writablePaths: ["/tmp"],
};

describe("volumes of services on the emulator", function () {
  buildOnEachOther();
  let bench: Bench;
  let existing: string;
  /** The file system that the stack made. */
  let made: string;

  const stack = (ofWeb: object, ofJobs: object = {}) => {
    const services = { web: { ...web, volumes: ofWeb }, jobs: { ...jobs, volumes: ofJobs } };
    const config: StackConfig = {
      ...{ "gantry:name": "acme", "gantry:services": services },
      "gantry:permissionsBoundary": boundary,
    };
    return bench.workspace.stack("staging", config);
  };

  /** EFS's own answer; there is no client of it here. */
  const efs = async (path: string, body?: object): Promise<Values> => {
    const { region } = bench.client;
    const scope = `test/20260101/${region}/elasticfilesystem/aws4_request`;
    const response = await fetch(`${bench.emulator.url}/2015-02-01/${path}`, {
      method: body ? "POST" : "GET",
      headers: {
        Authorization: `AWS4-HMAC-SHA256 Credential=${scope}, SignedHeaders=host, Signature=0`,
        "Content-Type": "application/json",
      },
      body: body && JSON.stringify(body),
    });
    assert.ok(response.ok, `${path}: ${response.status}`);
    return (await response.json()) as Values;
  };

  const listed = async (path: string, key: string) => (await efs(path))[key] as Values[];
  const fileSystems = async () => {
    const all = await listed("file-systems", "FileSystems");
    return all.map(({ FileSystemId: id }) => String(id));
  };

  const task = async (service: string) => {
    const { taskDefinition } = await new ECSClient(bench.client).send(
      new DescribeTaskDefinitionCommand({ taskDefinition: `acme--staging--${service}` }),
    );
    const { volumes = [], containerDefinitions = [] } = taskDefinition ?? {};
    return {
      containers: containerDefinitions,
      mounts: containerDefinitions[0].mountPoints?.filter(
        ({ sourceVolume }) => !sourceVolume?.startsWith("exec-"),
      ),
      configurations: volumes.flatMap(({ efsVolumeConfiguration }) => efsVolumeConfiguration ?? []),
    };
  };

  before(async () => {
    bench = await startBench();
    const answer = await efs("file-systems", { CreationToken: "somebody's" });
    existing = String(answer.FileSystemId);
  });

  after(() => bench?.stop());

  const uploads = { mountPath: "/srv/uploads" };

  it("are one file system where two services name the same, and one that exists", async () => {
    const config = [
      { uploads: { ...uploads, uid: 33, gid: 33 } },
      { uploads: { ...uploads, readOnly: true }, old: { mountPath: "/old", fileSystem: existing } },
    ] as const;
    await up(await stack(...config), log);
    await emptyPreview(await stack(...config), log);
    await emptyRefresh(await stack(...config), log);
    [made] = (await fileSystems()).filter((id) => id !== existing);
    const targets = await listed(`mount-targets?FileSystemId=${made}`, "MountTargets");
    assert.equal(targets.length, 3);
    const [access] = await listed(`access-points?FileSystemId=${made}`, "AccessPoints");
    assert.deepEqual(access.PosixUser, { Uid: 33, Gid: 33 });
    const mount = { sourceVolume: "uploads", containerPath: "/srv/uploads", readOnly: false };
    const volume = {
      ...{ fileSystemId: made, rootDirectory: "/", transitEncryption: "ENABLED" },
      authorizationConfig: { accessPointId: access.AccessPointId, iam: "ENABLED" },
    };
    const ofWeb = await task("web");
    assert.deepEqual([ofWeb.mounts, ofWeb.configurations], [[mount], [volume]]);
    const { mounts, configurations } = await task("jobs");
    assert.deepEqual(mounts?.at(-1), { ...mount, readOnly: true });
    assert.deepEqual(
      configurations.map(({ fileSystemId }) => fileSystemId).sort(),
      [existing, made].sort(),
    );
  });

  it("are of roles within the boundary", async () => {
    const { Roles = [] } = await new IAMClient(bench.client).send(new ListRolesCommand({}));
    const roles = await Promise.all(
      Roles.map(({ RoleName }) =>
        new IAMClient(bench.client).send(new GetRoleCommand({ RoleName })),
      ),
    );
    assert.deepEqual(
      roles.map(({ Role }) => Role?.PermissionsBoundary?.PermissionsBoundaryArn),
      roles.map(() => boundary),
    );
    assert.equal(roles.length, 4);
  });

  it("have writable folders in memory beside them", async () => {
    const { containers } = await task("jobs");
    assert.equal(containers[0].readonlyRootFilesystem, true);
    assert.deepEqual(containers[0].linuxParameters?.tmpfs, [
      {
        ...{ containerPath: "/tmp", size: 64 },
        mountOptions: ["rw", "nosuid", "nodev", "noexec"],
      },
    ]);
  });

  it("are mounted elsewhere, as somebody else, and no more by one", async () => {
    const config = [{ uploads: { mountPath: "/data", uid: 1001 } }] as const;
    await up(await stack(...config), log);
    await emptyPreview(await stack(...config), log);
    const [access, ...others] = await listed(`access-points?FileSystemId=${made}`, "AccessPoints");
    assert.deepEqual([access.PosixUser, others], [{ Uid: 1001, Gid: 1000 }, []]);
    assert.equal((await task("web")).mounts?.[0].containerPath, "/data");
    assert.deepEqual((await task("jobs")).configurations, []);
  });

  const staysWithItsBackups = async () => {
    assert.deepEqual((await fileSystems()).sort(), [existing, made].sort());
    const { BackupPolicy } = await efs(`file-systems/${made}/backup-policy`);
    assert.deepEqual(BackupPolicy, { Status: "ENABLED" });
    assert.match(String((await efs(`file-systems/${made}/policy`)).Policy), /TlsOnly/);
    assert.deepEqual(await listed(`mount-targets?FileSystemId=${made}`, "MountTargets"), []);
  };

  it("keep their files when nothing names them any more, and come back by their ids", async () => {
    await up(await stack({}), log);
    await staysWithItsBackups();
    const config = { uploads: { ...uploads, fileSystem: made } };
    await up(await stack(config), log);
    await emptyPreview(await stack(config), log);
    assert.equal((await task("web")).configurations[0].fileSystemId, made);
  });

  it("keep them when everything else is destroyed", async () => {
    await destroy(await stack({}), log);
    await staysWithItsBackups();
    assert.deepEqual(await listed(`access-points?FileSystemId=${made}`, "AccessPoints"), []);
  });
});
