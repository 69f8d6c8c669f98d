import assert from "node:assert/strict";
import { existsSync, statSync, utimesSync } from "node:fs";
import { join } from "node:path";
import { builtEngine } from "../../../rehearsal/engine/build";
import type { Part } from "../../../rehearsal/engine/parts";
import { folderWith, removeFolders } from "./support";

/** A Go that takes no time: what it makes is the name of the package. */
const go = `#!/bin/sh
case $1 in
  env) echo go1.100.0 ;;
  build) while [ "$1" != -o ]; do shift; done; echo "$3" >"$2" ;;
esac
`;

const sources = join(__dirname, "../../../rehearsal/engine");

describe("the cache of engines", () => {
  let cache: string;
  let env: NodeJS.ProcessEnv;
  beforeEach(() => {
    cache = folderWith();
    env = { PATH: `${folderWith({ go })}:/usr/bin:/bin` };
  });
  afterEach(removeFolders);

  const part = (name: Part["name"], key: string): Part => ({
    ...{
      name,
      key,
      folder: join(sources, "cli"),
      title: name,
      usually: "no time",
      goPackage: name,
      ldflags: "",
    },
    path: join("bin", name),
    prepare: () => undefined,
  });
  const engine = (...parts: readonly Part[]) => builtEngine(cache, parts, () => undefined, env);
  const partFile = ({ name, key }: Part) => join(cache, "parts", `${name}-${key}`);
  function age(...paths: readonly string[]): void {
    const longAgo = new Date(Date.now() - 40 * 86_400_000);
    for (const path of paths) utimesSync(path, longAgo, longAgo);
  }

  it("does not touch an executable that another process may run or pack", async () => {
    const cli = part("cli", "1");
    const folder = await engine(cli);
    age(folder);
    const file = join(folder, cli.path);
    const before = statSync(file);
    assert.equal(await engine(cli), folder);
    const after = statSync(file);
    assert.deepEqual([after.mtimeMs, after.ctimeMs], [before.mtimeMs, before.ctimeMs]);
    assert.ok(statSync(folder).mtimeMs > before.mtimeMs - 86_400_000, "it counts as used");
  });

  it("keeps what is used, with its parts however old, and no more", async () => {
    const [used, unused] = [part("cli", "1"), part("cli", "2")];
    const [usedEngine, unusedEngine] = [await engine(used), await engine(unused)];
    age(unusedEngine, partFile(used), partFile(unused));
    await engine(part("buildx", "1"));
    const left = [usedEngine, partFile(used), unusedEngine, partFile(unused)].map(existsSync);
    assert.deepEqual(left, [true, true, false, false]);
  });
});
