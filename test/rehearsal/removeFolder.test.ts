import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { mountsBelow, removeFolder } from "../../rehearsal/removeFolder";

const table = `22 1 254:0 / / rw,relatime - ext4 /dev/vda rw
57 27 254:0 /a /work/.gantry/storage/overlay rw,relatime - ext4 /dev/vda rw
65 57 0:49 / /work/.gantry/storage/overlay/1f/merged rw,relatime - overlay overlay rw
66 22 0:50 / /work/.gantry-other rw,relatime - tmpfs tmpfs rw
67 22 0:51 / /work/.gantry/with\\040space\\134n rw,relatime - tmpfs tmpfs rw
`;

describe("a folder in which something may be mounted", () => {
  it("knows what lies in it, the innermost first", () => {
    assert.deepEqual(mountsBelow(table, "/work/.gantry"), [
      "/work/.gantry/with space\\n",
      "/work/.gantry/storage/overlay/1f/merged",
      "/work/.gantry/storage/overlay",
    ]);
    assert.deepEqual(mountsBelow(table, "/work/.gantry-other"), []);
    assert.deepEqual(mountsBelow("", "/work"), []);
  });

  it("goes with its mounts, and what was mounted stays", function () {
    const folder = mkdtempSync(join(tmpdir(), "gantry-mounted-"));
    const outside = mkdtempSync(join(tmpdir(), "gantry-outside-"));
    try {
      writeFileSync(join(outside, "kept"), "kept");
      const place = join(folder, "storage", "in use");
      mkdirSync(place, { recursive: true });
      // Only root may, as only root's builders leave any.
      if (spawnSync("mount", ["--bind", outside, place]).status !== 0) this.skip();
      assert.throws(() => rmSync(place, { recursive: true }), { code: "EBUSY" });
      writeFileSync(join(outside, "kept"), "kept");
      removeFolder(folder);
      assert.equal(existsSync(folder), false);
      assert.equal(readFileSync(join(outside, "kept"), "utf8"), "kept");
    } finally {
      removeFolder(folder);
      rmSync(outside, { recursive: true, force: true });
    }
  });

  it("may be missing", () => removeFolder(join(tmpdir(), "gantry-was-never-there")));
});
