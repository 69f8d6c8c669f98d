import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import {
  chmodSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { unzipSync } from "fflate";
import { makeBundle } from "../../delivery/bundle";
import type { ReleaseEvidence } from "../../delivery/releaseEvidence";
import { commit, releaseOf } from "./support/aTarget";

const release = releaseOf({});
const evidence: ReleaseEvidence = {
  release: release.id,
  commit,
  tests: {},
  scans: {},
  history: [],
};

describe("makeBundle", () => {
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "gantry-bundle-"));
    lay("index.ts", "main");
    lay("app/src/main.ts", "app");
    lay("COMMIT", "$Format:%H$");
  });

  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  function lay(path: string, content: string): void {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  }

  const bundle = () => makeBundle({ folder, release, evidence });
  const text = (bytes: Uint8Array) => Buffer.from(bytes).toString();

  it("has the source, the release and its evidence, and the commit filled in", async () => {
    const files = unzipSync(await bundle());
    assert.deepEqual(Object.keys(files).sort(), [
      ".release/evidence.json",
      ".release/release.json",
      "COMMIT",
      "app/src/main.ts",
      "index.ts",
    ]);
    assert.equal(text(files["index.ts"]), "main");
    assert.equal(text(files.COMMIT), `${commit}\n`);
    assert.deepEqual(JSON.parse(text(files[".release/release.json"])), release);
    assert.deepEqual(JSON.parse(text(files[".release/evidence.json"])), evidence);
  });

  it("leaves out what is made from the source, or of this machine", async () => {
    for (const path of [
      ...["node_modules/a/index.js", "app/node_modules/b", ".git/HEAD"],
      ...[
        ".gantry/state",
        ".env",
        "app/.env",
        ".release/release.json",
        "rehearsal/__pycache__/a.pyc",
      ],
    ]) {
      lay(path, "left out");
    }
    symlinkSync("/opt/packages", join(folder, "app/src/node_modules"));
    for (const bytes of Object.values(unzipSync(await bundle()))) {
      assert.doesNotMatch(text(bytes), /left out/);
    }
  });

  it("has what was built and committed", async () => {
    lay("app/dist/main.js", "built");
    assert.equal(text(unzipSync(await bundle())["app/dist/main.js"]), "built");
  });

  it("has what git has, and not what lies beside it", async () => {
    const git = (...args: string[]) => execFileSync("git", ["-C", folder, ...args]);
    git("init", "--quiet");
    git("add", ".");
    lay("secret.txt", "of this machine");
    rmSync(join(folder, "index.ts"));
    const files = Object.keys(unzipSync(await bundle()));
    assert.ok(files.includes("app/src/main.ts"));
    assert.ok(!files.includes("secret.txt"));
    assert.ok(!files.includes("index.ts"), "it was deleted");
  });

  it("keeps links and what may be executed, as unzip restores them", async () => {
    lay("run.sh", "#!/bin/sh\n");
    chmodSync(join(folder, "run.sh"), 0o755);
    symlinkSync("run.sh", join(folder, "link"));
    const archive = join(folder, "out.zip");
    const out = join(folder, "out");
    const bytes = await bundle();
    writeFileSync(archive, bytes);
    try {
      execFileSync("unzip", ["-q", archive, "-d", out]);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
      // No unzip here: the attributes are compared as they stand in the archive's directory.
      assert.ok(bytes.includes(Buffer.from([0, 0, 0xed, 0x81])), "0100755");
      assert.ok(bytes.includes(Buffer.from([0, 0, 0xff, 0xa1])), "0120777");
      return;
    }
    assert.equal(lstatSync(join(out, "run.sh")).mode & 0o777, 0o755);
    assert.equal(lstatSync(join(out, "index.ts")).mode & 0o111, 0);
    assert.equal(readlinkSync(join(out, "link")), "run.sh");
    assert.equal(readFileSync(join(out, "index.ts"), "utf8"), "main");
  });

  it("is the same, byte for byte, for the same contents", async () => {
    const first = await bundle();
    lay("index.ts", "main");
    assert.ok(first.equals(await bundle()));
    lay("index.ts", "Main");
    assert.ok(!first.equals(await bundle()));
  });
});
