import assert from "node:assert/strict";
import { join } from "node:path";
import { cacheFolder, cacheKey } from "../../../rehearsal/engine/cache";
import { compareVersions, requiredGo, requiredModule } from "../../../rehearsal/engine/versions";
import { addFile, folderWith, removeFolders } from "./support";

describe("the engine's cache", () => {
  afterEach(removeFolders);

  const sources = { "go.mod": "module m\n", "go.sum": "", "main.go": "package main\n" };

  it("is in XDG_CACHE_HOME, else in .cache of the home folder", () => {
    assert.equal(cacheFolder({ XDG_CACHE_HOME: "/c", HOME: "/h" }), "/c/gantry/engine");
    assert.equal(cacheFolder({ HOME: "/h" }), "/h/.cache/gantry/engine");
  });

  it("has the same key for the same sources in another clone", () => {
    assert.equal(cacheKey(folderWith(sources), ["1"]), cacheKey(folderWith(sources), ["1"]));
  });

  it("has another key for another source, module version or fact", () => {
    const key = cacheKey(folderWith(sources), ["linux"]);
    const others = [
      cacheKey(folderWith({ ...sources, "main.go": "package main // x\n" }), ["linux"]),
      cacheKey(folderWith({ ...sources, "go.sum": "x" }), ["linux"]),
      cacheKey(folderWith({ ...sources, "more.go": "" }), ["linux"]),
      cacheKey(folderWith(sources), ["darwin"]),
    ];
    assert.equal(new Set([key, ...others]).size, 5);
  });

  it("does not depend on tests and generated files", () => {
    const folder = folderWith(sources);
    const key = cacheKey(folder, []);
    addFile(folder, "main_test.go", "package main\n");
    addFile(folder, "sdk.json", "{}");
    assert.equal(cacheKey(folder, []), key);
  });
});

describe("versions", () => {
  it("are compared by number", () => {
    const sorted = ["3.9.0", "v3.245.0", "3.10.1", "3.245.0-alpha.1"].sort(compareVersions);
    assert.deepEqual(sorted, ["3.9.0", "3.10.1", "v3.245.0", "3.245.0-alpha.1"]);
  });

  it("are read from a go.mod", () => {
    const goMod = "module m\n\ngo 1.25.8\n\nrequire example.com/pkg/v3 v3.245.0\n";
    assert.equal(requiredGo(goMod), "1.25.8");
    assert.equal(requiredModule(goMod, "example.com/pkg/v3"), "3.245.0");
    assert.throws(
      () => requiredModule(goMod, "example.com/other"),
      /requires no example.com\/other/,
    );
  });

  it("of the parts that must agree do agree", async () => {
    const { readFile } = await import("node:fs/promises");
    const engine = join(__dirname, "..", "..", "..", "rehearsal", "engine");
    const [cli, host] = await Promise.all(
      ["cli", "language-nodejs"].map((part) => readFile(join(engine, part, "go.mod"), "utf8")),
    );
    const sdk = "github.com/pulumi/pulumi/sdk/v3";
    assert.equal(requiredModule(host, sdk), requiredModule(cli, sdk));
  });
});
