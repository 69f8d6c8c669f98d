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
      tmpfs: [
        { containerPath: "/tmp", size: 64, mountOptions: ["rw", "nosuid", "nodev", "noexec"] },
      ],
    });
  });

  const refused: [string, WebServiceArgs, RegExp][] = [
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
