import assert from "node:assert/strict";
import type { WritablePath } from "../../../components";
import { parsed } from "../../support/record";
import { service, types, worker } from "./support";

interface Container {
  readonly readonlyRootFilesystem: boolean;
  readonly linuxParameters: { readonly tmpfs?: unknown };
}

async function container(writablePaths?: readonly WritablePath[]): Promise<Container> {
  const { one } = await service(worker({ writablePaths }));
  return parsed<Container[]>(one(types.taskDefinition), "containerDefinitions")[0];
}

describe("the writable paths of a Service", () => {
  it("are in memory, beside a root that stays read-only", async () => {
    const made = await container([{ path: "/var/cache", sizeMiB: 128 }, { path: "/tmp" }]);
    const mountOptions = ["rw", "nosuid", "nodev", "noexec"];
    assert.deepEqual(made.linuxParameters.tmpfs, [
      { containerPath: "/tmp", size: 64, mountOptions },
      { containerPath: "/var/cache", size: 128, mountOptions },
    ]);
    assert.equal(made.readonlyRootFilesystem, true);
  });

  it("are none where nobody asks", async () => {
    assert.equal((await container()).linuxParameters.tmpfs, undefined);
  });

  const faults: readonly [string, readonly WritablePath[], RegExp][] = [
    ["one is relative", [{ path: "tmp" }], /^Service writablePaths\.0: given "tmp"/],
    [
      "one is there twice",
      [{ path: "/a" }, { path: "/a" }],
      /^Service writablePaths\.1: given "\/a"/,
    ],
    [
      "one holds nothing",
      [{ path: "/a", sizeMiB: 0 }],
      /^Service writablePaths\.0\.sizeMiB: given 0/,
    ],
    [
      "they are all memory",
      [{ path: "/a", sizeMiB: 512 }],
      /given "512 MiB together"; allowed: less than 512/,
    ],
  ];
  for (const [title, paths, message] of faults) {
    it(`fails when ${title}`, () =>
      assert.rejects(container(paths), ({ message: given }: Error) => {
        assert.match(given, message);
        return true;
      }));
  }
});
