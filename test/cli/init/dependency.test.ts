import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { dependenciesFor, tarballFiles } from "../../../cli/init/dependency";

describe("what a project asks npm for", () => {
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "gantry-dependency-"))));
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  /** A file of the command as npm has installed it, and has noted from where. */
  function installed(resolved: string): string {
    mkdirSync(join(folder, "cache/node_modules/gantry/dist"), { recursive: true });
    const packages = { "node_modules/gantry": { resolved } };
    const note = join(folder, "cache/node_modules/.package-lock.json");
    writeFileSync(note, JSON.stringify({ packages }));
    return join(folder, "cache/node_modules/gantry/dist/init.js");
  }

  it("is the very version of a registry", () => {
    const command = installed("https://registry.example.com/gantry/-/gantry-1.2.3.tgz");
    const wanted = { dependency: "1.2.3", rehearsal: "1.2.3", tarballs: {} };
    assert.deepEqual(dependenciesFor(command, "1.2.3"), wanted);
    assert.deepEqual(tarballFiles(wanted), {});
  });

  it("are copies of the tarballs that it was installed from, which no .gitignore passes over", () => {
    const command = installed("file:../gantry-1.2.3.tgz");
    for (const name of ["gantry", "gantry-rehearsal"]) {
      writeFileSync(join(folder, `${name}-1.2.3.tgz`), name);
    }
    const made = dependenciesFor(command, "1.2.3");
    assert.equal(made.dependency, "file:tarballs/gantry-1.2.3.tgz");
    assert.equal(made.rehearsal, "file:tarballs/gantry-rehearsal-1.2.3.tgz");
    const files = Object.entries(tarballFiles(made)).map(([path, bytes]) => [path, String(bytes)]);
    assert.deepEqual(Object.fromEntries(files), {
      "tarballs/.gitignore": "!*.tgz\n",
      "tarballs/gantry-1.2.3.tgz": "gantry",
      "tarballs/gantry-rehearsal-1.2.3.tgz": "gantry-rehearsal",
    });
  });

  it("is the registry's rehearsal where there is no tarball of it beside", () => {
    const command = installed("file:../gantry-1.2.3.tgz");
    writeFileSync(join(folder, "gantry-1.2.3.tgz"), "");
    assert.equal(dependenciesFor(command, "1.2.3").rehearsal, "1.2.3");
  });

  it("fails where the tarball is gone", () => {
    const command = installed("file:../gantry-1.2.3.tgz");
    assert.throws(
      () => dependenciesFor(command, "1.2.3"),
      /gantry-1\.2\.3\.tgz, which is not there/,
    );
  });
});
