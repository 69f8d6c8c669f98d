import assert from "node:assert/strict";
import { chmodSync, existsSync, readFileSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { zipSync } from "fflate";
import {
  archive,
  changedFiles,
  commit,
  copyRepository,
  headOf,
} from "../../../rehearsal/runner/repository";
import { extractZip } from "../../../rehearsal/runner/zip";
import { checkout, Folders, repositoryWith } from "./support";

describe("the repository of a rehearsal", () => {
  const folders = new Folders();
  afterEach(() => folders.remove());

  it("has what the checkout has, committed or not, and what is replaced; nothing that git ignores", async () => {
    const from = checkout(folders.make(), {
      "app/run.sh": "#!/bin/sh\n",
      "Pulumi.staging.yaml": "own",
      ".gitignore": "node_modules\nsecret\n",
      "node_modules/x": "",
      secret: "s",
    });
    chmodSync(join(from, "app/run.sh"), 0o755);
    symlinkSync("app/run.sh", join(from, "link"));
    const replaced = { "Pulumi.staging.yaml": "the emulator's" };
    const repository = await copyRepository(from, join(folders.make(), "r"), replaced, {
      product: "acme",
    });
    const head = await headOf(repository);
    assert.equal(head.message, "feat: acme");
    const target = folders.make();
    extractZip(await archive(repository, head.id), target);
    assert.equal(readFileSync(join(target, "Pulumi.staging.yaml"), "utf8"), "the emulator's");
    assert.equal(statSync(join(target, "app/run.sh")).mode & 0o111, 0o111);
    assert.equal(readFileSync(join(target, "link"), "utf8"), "#!/bin/sh\n");
    assert.equal(existsSync(join(target, "secret")), false);
    assert.equal(existsSync(join(target, "node_modules")), false);
    assert.equal(readFileSync(join(from, "Pulumi.staging.yaml"), "utf8"), "own");
  });

  it("has not what it shall be without, tracked or not", async () => {
    const from = checkout(folders.make(), { "Pulumi.staging.yaml": "own", a: "1" });
    const without = ["Pulumi.staging.yaml"];
    const repository = await copyRepository(from, join(folders.make(), "r"), {}, { without });
    assert.deepEqual(await changedFiles(repository, (await headOf(repository)).id), ["a"]);
  });

  it("takes no packages by a link that .gitignore passes over as a folder alone", async () => {
    const from = checkout(folders.make(), { ".gitignore": "node_modules/\n", a: "1" });
    symlinkSync(folders.make(), join(from, "node_modules"));
    const repository = await copyRepository(from, join(folders.make(), "r"));
    const { id } = await headOf(repository);
    assert.deepEqual(await changedFiles(repository, id), [".gitignore", "a"]);
  });

  it("tells the commit, and which files it changed", async () => {
    const repository = await repositoryWith(folders, {
      a: "1",
      COMMIT: "$Format:%H$",
      ".gitattributes": "COMMIT export-subst",
    });
    const { id } = await commit(repository, "feat: b\n\nBody", { "deep/b": "2" });
    const head = await headOf(repository);
    assert.equal(head.id, id);
    assert.equal(head.message, "feat: b\n\nBody");
    assert.ok(!Number.isNaN(Date.parse(head.authorDate)));
    assert.deepEqual(await changedFiles(repository, id), ["deep/b"]);
    const target = folders.make();
    extractZip(await archive(repository, id), target);
    assert.equal(readFileSync(join(target, "COMMIT"), "utf8"), id);
  });

  it("takes a checkout without a repository, unpacked from an archive, by its .gitignore", async () => {
    const from = folders.make();
    for (const [file, text] of Object.entries({ a: "1", b: "2", ".gitignore": "b\n" })) {
      writeFileSync(join(from, file), text);
    }
    const repository = await copyRepository(from, join(folders.make(), "r"));
    const { id } = await headOf(repository);
    assert.deepEqual(await changedFiles(repository, id), [".gitignore", "a"]);
  });
});

describe("an archive", () => {
  const folders = new Folders();
  afterEach(() => folders.remove());

  it("fails when an entry would land outside of its folder", () => {
    const evil = zipSync({ "../out.txt": Buffer.from("x") });
    assert.throws(() => extractZip(evil, folders.make()), /outside of its folder: \.\.\/out\.txt/);
  });
});
