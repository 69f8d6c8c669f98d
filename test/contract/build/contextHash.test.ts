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
import { contentTag, contextHash, type BuildInputs } from "../../../contract/build/contextHash";

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

  const hashOf = (root = folder, buildArgs: Files = {}, more: Partial<BuildInputs> = {}) =>
    contextHash({
      ...{ context: root, dockerfile: join(root, "Dockerfile"), buildArgs },
      ...{ architecture: "X86_64", ...more },
    });

  const base: Files = { Dockerfile: "FROM scratch\n", "src/main.ts": "start();\n" };

  it("is 16 hexadecimal digits, and a tag", () => {
    const hash = hashOf(lay(base));
    assert.match(hash, /^[0-9a-f]{16}$/);
    assert.equal(contentTag(hash), `src-${hash}`);
  });

  it("does not depend on times, nor on the order in which files were written", () => {
    const before = hashOf(lay(base));
    lay(Object.fromEntries(Object.entries(base).reverse()));
    utimesSync(join(folder, "Dockerfile"), 1, 1);
    assert.equal(hashOf(), before);
  });

  it("does not depend on where the folder is, nor on a link that leads to it", () => {
    const elsewhere = lay(base, join(folder, "a"));
    const hash = hashOf(elsewhere);
    assert.equal(hashOf(lay(base, join(folder, "b", "c"))), hash);
    symlinkSync(elsewhere, join(folder, "link"));
    assert.equal(hashOf(join(folder, "link")), hash);
  });

  it("changes with any byte, name, executable bit, link, argument and architecture", () => {
    const hashes = new Map<string, string>();
    const add = (what: string, args: Files = {}, more: Partial<BuildInputs> = {}) => {
      const hash = hashOf(folder, args, more);
      assert.equal(hashes.get(hash), undefined, `${what} hashes like ${hashes.get(hash)}`);
      hashes.set(hash, what);
    };
    lay(base);
    add("the base");
    add("an argument", { A: "1" });
    add("its value", { A: "2" });
    add("its name", { B: "1" });
    add("another cut of the same characters", { A1: "" });
    add("an architecture", {}, { architecture: "ARM64" });
    add("a stage", {}, { target: "runtime" });
    mkdirSync(join(folder, "../docker"), { recursive: true });
    writeFileSync(join(folder, "../docker/Dockerfile"), "FROM node:24\n");
    add("a Dockerfile elsewhere", {}, { dockerfile: join(folder, "../docker/Dockerfile") });
    lay(base);
    chmodSync(join(folder, "src/main.ts"), 0o755);
    add("an executable bit");
    lay({ ...base, "src/main.ts": "start() \n" });
    add("a byte");
    lay({ Dockerfile: base.Dockerfile, "src/main.mts": base["src/main.ts"] });
    add("a name");
    lay({ ...base, "src/empty": "" });
    add("an empty file");
    lay(base);
    mkdirSync(join(folder, "src/empty"));
    add("an empty folder");
    lay(base);
    symlinkSync("main.ts", join(folder, "src/empty"));
    add("a link");
    lay(base);
    symlinkSync("main.mts", join(folder, "src/empty"));
    add("where a link leads");
  });

  it("changes with ids of secrets, in any order, and not with where they are kept", () => {
    lay(base);
    const withSecrets = (secrets?: Files) => hashOf(folder, {}, { secrets });
    const none = withSecrets();
    assert.equal(withSecrets({}), none);
    const one = withSecrets({ A: "shop/a" });
    assert.notEqual(one, none);
    assert.equal(withSecrets({ A: "shop/other" }), one);
    const two = withSecrets({ A: "shop/a", B: "shop/b" });
    assert.equal(new Set([none, one, two, withSecrets({ B: "shop/b" })]).size, 4);
    assert.equal(withSecrets({ B: "shop/b", A: "shop/a" }), two);
  });

  it("is a function of names and contents alone (any files)", () => {
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
    fc.assert(
      fc.property(files, fc.string({ minLength: 1 }), ({ tree, changed }, more) => {
        const hash = hashOf(lay({ ...base, ...tree }));
        const reversed = Object.fromEntries(Object.entries(tree).reverse());
        assert.equal(hashOf(lay({ ...reversed, ...base })), hash);
        assert.notEqual(hashOf(lay({ ...base, ...tree, [changed]: tree[changed] + more })), hash);
      }),
      { numRuns: 40 },
    );
  });

  it("counts what git ignores and the builder would copy, but not git's own folder", () => {
    const files = { ...base, ".gitignore": "*.log\n" };
    const before = hashOf(lay(files));
    assert.notEqual(hashOf(lay({ ...files, "a.log": "" })), before);
    assert.equal(hashOf(lay({ ...files, ".git/HEAD": "ref: refs/heads/main\n" })), before);
    // A work tree that git added to another has a file in its place.
    assert.equal(hashOf(lay({ ...files, ".git": "gitdir: /elsewhere\n" })), before);
  });

  it("of a large file is that of all its bytes", () => {
    const large = "x".repeat(3 * 1024 * 1024);
    const before = hashOf(lay({ ...base, large }));
    assert.notEqual(hashOf(lay({ ...base, large: `${large.slice(1)}y` })), before);
    assert.notEqual(hashOf(lay({ ...base, large: `${large}x` })), before);
  });

  describe(".dockerignore", () => {
    function counts(ignore: string, path: string, extra: Files = {}): boolean {
      const files = { ...base, ".dockerignore": ignore, ...extra };
      const one = hashOf(lay({ ...files, [path]: "one" }));
      const two = hashOf(lay({ ...files, [path]: "two" }));
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
      it(`leaves out ${path} for ${JSON.stringify(ignore)}`, () => {
        assert.equal(counts(ignore, path), false);
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
      it(`hashes ${path} for ${JSON.stringify(ignore)}`, () => {
        assert.equal(counts(ignore, path), true);
      });
    }

    it("does not count beside the Dockerfile's own, which builders read in its place", () => {
      const own = "Dockerfile.dockerignore";
      assert.equal(counts("*.log", "a.log", { [own]: "" }), true);
      assert.equal(counts("", "a.log", { [own]: "*.log" }), false);
    });

    it("leaves out nothing that some builder would copy by another file", () => {
      assert.equal(counts("*.log", "a.log", { ".containerignore": "" }), true);
      assert.equal(counts("*.log", "a.log", { ".containerignore": "*.log" }), false);
      const before = hashOf(lay({ ...base, ".containerignore": "*\n" }));
      assert.notEqual(hashOf(lay({ ...base, ".containerignore": "* \n" })), before);
    });

    it("changes the hash itself", () => {
      const before = hashOf(lay({ ...base, ".dockerignore": "*\n!src\n" }));
      assert.notEqual(hashOf(lay({ ...base, ".dockerignore": "*\n!src \n" })), before);
    });
  });

  it("fails when there is no such folder", () => {
    assert.throws(
      () => hashOf(join(folder, "nowhere")),
      /no folder .*nowhere: correct the service's build/,
    );
    lay(base);
    assert.throws(() => hashOf(join(folder, "Dockerfile")), /no folder .*Dockerfile/);
  });
});
