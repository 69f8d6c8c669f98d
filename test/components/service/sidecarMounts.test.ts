import assert from "node:assert/strict";
import type { WebServiceArgs } from "../../../components";
import { parsed } from "../../support/record";
import { service, types, web } from "./support";

const nginx = { image: { uri: "nginx:1.29" }, port: 8080 } as const;

describe("what sidecars mount", () => {
  const fileSystem = {
    fileSystemId: "fs-0a1b2c3d4e5f60718",
    fileSystemArn: "arn:aws:elasticfilesystem:eu-west-1:123456789012:file-system/fs-0a1b",
    accessPointId: "fsap-0a1b2c3d4e5f60718",
    accessPointArn: "arn:aws:elasticfilesystem:eu-west-1:123456789012:access-point/fsap-0a1b",
  };
  const volumes = { uploads: { mountPath: "/srv/uploads", fileSystem } };
  const mounts = { uploads: { mountPath: "/www", readOnly: true } };

  it("is volumes of the service, and folders in memory", async () => {
    const sidecars = { nginx: { ...nginx, volumes: mounts, writablePaths: [{ path: "/tmp" }] } };
    const { one } = await service(web({ sidecars, volumes }));
    const [, { mountPoints, linuxParameters }] = parsed<Record<string, unknown>[]>(
      one(types.taskDefinition),
      "containerDefinitions",
    );
    assert.deepEqual(mountPoints, [
      { sourceVolume: "uploads", containerPath: "/www", readOnly: true },
    ]);
    assert.deepEqual(linuxParameters, {
      capabilities: { drop: ["AUDIT_WRITE", "MKNOD", "NET_RAW", "SETFCAP", "SYS_CHROOT"] },
      tmpfs: [
        { containerPath: "/tmp", size: 64, mountOptions: ["rw", "nosuid", "nodev", "noexec"] },
      ],
    });
  });

  it("is a folder that ends with the task, which sidecars share with and without the service", async () => {
    const init = {
      ...{ image: { uri: "assets:1" }, essential: false },
      volumes: { assets: { mountPath: "/out" }, pages: { mountPath: "/pages" } },
    };
    const sidecars = {
      init,
      nginx: { ...nginx, volumes: { assets: { mountPath: "/www", readOnly: true } } },
    };
    const own = { mountPath: "/srv/pages", readOnly: true };
    const shared = { pages: { ephemeral: true, ...own }, assets: { ephemeral: true } } as const;
    const { one, all } = await service(web({ sidecars, volumes: { ...volumes, ...shared } }));
    const mounted = parsed<{ mountPoints: { sourceVolume: string; containerPath: string }[] }[]>(
      one(types.taskDefinition),
      "containerDefinitions",
    ).map(({ mountPoints }) =>
      mountPoints.map((mount) => `${mount.sourceVolume}:${mount.containerPath}`),
    );
    assert.deepEqual(mounted, [
      ["pages:/srv/pages", "uploads:/srv/uploads"],
      ["assets:/out", "pages:/pages"],
      ["assets:/www"],
    ]);
    const [assets, pages, uploads] = one(types.taskDefinition).inputs.volumes as object[];
    assert.deepEqual([assets, pages], [{ name: "assets" }, { name: "pages" }]);
    assert.ok("efsVolumeConfiguration" in uploads);
    const policies = JSON.stringify(all(types.rolePolicy).map(({ inputs }) => inputs.policy));
    assert.equal(policies.split("ClientMount").length, 2, "rights on the file system alone");
  });

  const ephemeral = { assets: { ephemeral: true } } as const;
  const refused: [string, WebServiceArgs, RegExp][] = [
    [
      "a folder that nobody mounts",
      web({ volumes: ephemeral }),
      /^Service volumes\.assets: given "assets"; allowed: a folder that a container mounts; set its mountPath, or name it/,
    ],
    [
      "a folder that nobody writes",
      web({
        volumes: { assets: { ephemeral: true, mountPath: "/srv/assets", readOnly: true } },
        sidecars: {
          nginx: { ...nginx, volumes: { assets: { mountPath: "/www", readOnly: true } } },
        },
      }),
      /^Service volumes\.assets: given "assets"; allowed: a folder that one container writes to at least; remove readOnly/,
    ],
    [
      "two volumes in one folder",
      web({
        volumes: {
          ...{ assets: { ephemeral: true, mountPath: "/srv" } },
          ...{ pages: { ephemeral: true, mountPath: "/srv" } },
        },
      }),
      /^Service volumes\.pages\.mountPath: given "\/srv"/,
    ],
    [
      "no volume of the service",
      web({ sidecars: { nginx: { ...nginx, volumes: mounts } } }),
      /^Service sidecars\.nginx\.volumes\.uploads: given "uploads"; allowed: a volume of the service: it has none; name one/,
    ],
    [
      "one to write that the service only reads",
      web({
        volumes: { uploads: { ...volumes.uploads, readOnly: true } },
        sidecars: { nginx: { ...nginx, volumes: { uploads: { mountPath: "/www" } } } },
      }),
      /^Service sidecars\.nginx\.volumes\.uploads\.readOnly: given false; allowed: true, as the service has it/,
    ],
    [
      "a folder in memory that another thing is mounted in",
      web({
        volumes,
        sidecars: { nginx: { ...nginx, volumes: mounts, writablePaths: [{ path: "/www" }] } },
      }),
      /^Service sidecars\.nginx\.writablePaths\.0: given "\/www"/,
    ],
    [
      "more memory than it has",
      web({ sidecars: { nginx: { ...nginx, memoryMiB: 64, writablePaths: [{ path: "/tmp" }] } } }),
      /^Service sidecars\.nginx\.writablePaths: given "64 MiB together"; allowed: less than 64/,
    ],
  ];
  for (const [what, args, message] of refused) {
    it(`is refused where it is ${what}`, async () => {
      await assert.rejects(service(args), { message });
    });
  }
});
