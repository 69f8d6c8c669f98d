import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, readlinkSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pythonFiles } from "../../../../rehearsal/runner/baseImages/python";

describe("the Python of a stand-in", () => {
  const env = { ...process.env };
  let folder: string;

  before(() => {
    folder = mkdtempSync(join(tmpdir(), "gantry-python-"));
    Object.assign(process.env, {
      PIP_CONFIG_FILE: "/dev/null",
      PIP_INDEX_URL: "https://packages.example.com/simple",
      PIP_EXTRA_INDEX_URL: "https://somebody:password@packages.example.com/simple",
      PIP_FIND_LINKS: folder,
    });
  });

  after(() => {
    for (const name of Object.keys(process.env)) if (!(name in env)) delete process.env[name];
    Object.assign(process.env, env);
    rmSync(folder, { recursive: true });
  });

  it("has its official name, and asks where this machine's pip asks, without passwords and folders", async () => {
    await pythonFiles(folder);
    assert.equal(readlinkSync(join(folder, "usr/local/bin/python")), "/usr/bin/python3");
    const settings = readFileSync(join(folder, "etc/pip.conf"), "utf8");
    assert.match(settings, /^\[global\]\nbreak-system-packages = true\n/);
    assert.match(settings, /^index-url = https:\/\/packages\.example\.com\/simple$/m);
    assert.doesNotMatch(settings, /password|find-links/);
  });
});
