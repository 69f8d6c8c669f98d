import assert from "node:assert/strict";
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import fc from "fast-check";
import { contentTag, contextHash } from "../../delivery/contextHash";

type Files = Readonly<Record<string, string>>;

describe("contextHash", () => {
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "gantry-context-"));
  });

  afterEach(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  function lay(files: Files, root = folder): string {
    rmSync(root, { recursive: true, force: true });
    for (const [path, content] of Object.entries(files)) {
      mkdirSync(dirname(join(root, path)), { recursive: true });
      writeFileSync(join(root, path), content);
    }
    return root;
  }

  const hashOf = (root = folder, buildArgs: Files = {}, architecture = "X86_64") =>
    contextHash({ context: root, buildArgs, architecture });

  const base: Files = { Dockerfile: "FROM scratch\n", "src/main.ts": "start();\n" };

  it("is 16 hexadecimal digits, and a tag", async () => {
    const hash = await hashOf(lay(base));
    assert.match(hash, /^[0-9a-f]{16}$/);
    assert.equal(contentTag(hash), `src-${hash}`);
  });

  it("does not depend on times, nor on the order in which files were written", async () => {
    const before = await hashOf(lay(base));
    lay(Object.fromEntries(Object.entries(base).reverse()));
    utimesSync(join(folder, "Dockerfile"), 1, 1);
    assert.equal(await hashOf(), before);
  });

  it("does not depend on where the folder is, nor on a link that leads to it", async () => {
    const elsewhere = lay(base, join(folder, "a"));
    const hash = await hashOf(elsewhere);
    assert.equal(await hashOf(lay(base, join(folder, "b", "c"))), hash);
    symlinkSync(elsewhere, join(folder, "link"));
    assert.equal(await hashOf(join(folder, "link")), hash);
  });

  it("changes with any byte, name, executable bit, link, argument and architecture", async () => {
    const hashes = new Map<string, string>();
    const add = async (what: string, args: Files = {}, architecture = "X86_64") => {
      const hash = await hashOf(folder, args, architecture);
      assert.equal(hashes.get(hash), undefined, `${what} hashes like ${hashes.get(hash)}`);
      hashes.set(hash, what);
    };
    lay(base);
    await add("the base");
    await add("an argument", { A: "1" });
    await add("its value", { A: "2" });
    await add("its name", { B: "1" });
    await add("another cut of the same characters", { A1: "" });
    await add("an architecture", {}, "ARM64");
    chmodSync(join(folder, "src/main.ts"), 0o755);
    await add("an executable bit");
    lay({ ...base, "src/main.ts": "start() \n" });
    await add("a byte");
    lay({ Dockerfile: base.Dockerfile, "src/main.mts": base["src/main.ts"] });
    await add("a name");
    lay({ ...base, "src/empty": "" });
    await add("an empty file");
    lay(base);
    mkdirSync(join(folder, "src/empty"));
    await add("an empty folder");
    lay(base);
    symlinkSync("main.ts", join(folder, "src/empty"));
    await add("a link");
    lay(base);
    symlinkSync("main.mts", join(folder, "src/empty"));
    await add("where a link leads");
  });

  it("is a function of names and contents alone (any files)", async () => {
    const name = fc.stringMatching(/^[a-z]{1,3}$/);
    const files = fc
      .dictionary(
        fc.oneof(
          name,
          fc.tuple(name, name).map((n) => `d_${n.join("/")}`),
        ),
        fc.string(),
        {
          minKeys: 1,
          maxKeys: 6,
          noNullPrototype: true,
        },
      )
      .chain((tree) =>
        fc.record({ tree: fc.constant(tree), changed: fc.constantFrom(...Object.keys(tree)) }),
      );
    await fc.assert(
      fc.asyncProperty(files, fc.string({ minLength: 1 }), async ({ tree, changed }, more) => {
        const hash = await hashOf(lay(tree));
        const reversed = Object.fromEntries(Object.entries(tree).reverse());
        assert.equal(await hashOf(lay(reversed)), hash);
        assert.notEqual(await hashOf(lay({ ...tree, [changed]: tree[changed] + more })), hash);
      }),
      { numRuns: 40 },
    );
  });

  describe(".dockerignore", () => {
    async function counts(ignore: string, path: string, extra: Files = {}): Promise<boolean> {
      const files = { ...base, ".dockerignore": ignore, ...extra };
      const one = await hashOf(lay({ ...files, [path]: "one" }));
      const two = await hashOf(lay({ ...files, [path]: "two" }));
      return one !== two;
    }

    const left: readonly [ignore: string, path: string][] = [
      ["test", "test"],
      ["/test/", "test/deep/a.ts"],
      ["*.log", "a.log"],
      ["**/*.log", "a.log"],
      ["**/*.log", "deep/er/a.log"],
      ["deep/**", "deep/er/a.log"],
      ["a?c", "abc"],
      ["[a-c]x", "bx"],
      ["[^a-c]x", "dx"],
      ["*\n!src", "other"],
      ["!src\n*", "src/a.ts"],
      ["  padded  ", "padded"],
      ["./here", "here"],
      ["\\#odd", "#odd"],
      ["a.c", "a.c"],
    ];
    for (const [ignore, path] of left) {
      it(`leaves out ${path} for ${JSON.stringify(ignore)}`, async () => {
        assert.equal(await counts(ignore, path), false);
      });
    }

    const kept: readonly [ignore: string, path: string][] = [
      ["# test", "test"],
      ["*.log", "deep/a.log"],
      ["*\n!src", "src/a.ts"],
      ["*\n!**/*.ts", "deep/a.ts"],
      ["*\n!deep/er", "deep/er/a.ts"],
      ["a.c", "abc"],
      ["a?c", "a/c"],
      ["test", "tests"],
      ["*", "Dockerfile"],
      // What these mean is not certain, so they leave nothing out.
      ["a**b", "a/b"],
      ["other\n[", "other"],
      ["other\n[z-a]", "other"],
      ["other\n../x", "other"],
      ["other\n!a**b", "other"],
    ];
    for (const [ignore, path] of kept) {
      it(`hashes ${path} for ${JSON.stringify(ignore)}`, async () => {
        assert.equal(await counts(ignore, path), true);
      });
    }

    for (const other of ["Dockerfile.dockerignore", ".containerignore"]) {
      it(`does not trust it beside a ${other}, which some builders read in its place`, async () => {
        assert.equal(await counts("*.log", "a.log", { [other]: "" }), true);
      });
    }

    it("changes the hash itself", async () => {
      const before = await hashOf(lay({ ...base, ".dockerignore": "*\n!src\n" }));
      assert.notEqual(await hashOf(lay({ ...base, ".dockerignore": "*\n!src \n" })), before);
    });
  });

  it("fails when there is no such folder", async () => {
    await assert.rejects(
      hashOf(join(folder, "nowhere")),
      /no folder .*nowhere: correct the service's path/,
    );
    lay(base);
    await assert.rejects(hashOf(join(folder, "Dockerfile")), /no folder .*Dockerfile/);
  });
});
