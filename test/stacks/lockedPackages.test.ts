import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ConfigError } from "../../stacks/config";
import { refuseUnlockedPackages } from "../../stacks/lockedPackages";
import { parse } from "./config/support";

describe("a pipeline whose actions install the program's packages", () => {
  let root: string;
  beforeEach(() => {
    root = realpathSync(mkdtempSync(join(tmpdir(), "gantry-locked-")));
    mkdirSync(join(root, "infra"));
    mkdirSync(join(root, ".git"));
    lay("infra/Pulumi.yaml");
  });
  afterEach(() => rmSync(root, { recursive: true, force: true }));

  const lay = (path: string) => writeFileSync(join(root, path), "");
  const config = (pipeline?: object) =>
    parse({ services: { web: {} }, ...(pipeline ? { pipeline } : {}) });
  const source = { type: "codecommit", repository: "shop" };
  const refuse = (pipeline: object | undefined = { source }) =>
    refuseUnlockedPackages(config(pipeline), join(root, "infra"), {});

  for (const file of [
    "infra/package-lock.json",
    "infra/npm-shrinkwrap.json",
    "package-lock.json",
  ]) {
    it(`goes by ${file}`, () => {
      lay(file);
      refuse();
    });
  }

  it("is asked of no stack without a pipeline, and of no builder image of one's own", () => {
    refuseUnlockedPackages(config(), join(root, "infra"), {});
    refuse({ source, builder: { tag: "2026-11" } });
  });

  const cases: [string, string[], RegExp, RegExp][] = [
    [
      "there is none",
      [],
      /^no package-lock\.json in infra$/,
      /run npm install in infra, and commit/,
    ],
    [
      "there is another manager's",
      ["infra/pnpm-lock.yaml"],
      /^no package-lock\.json in infra, but pnpm-lock\.yaml$/,
      /a folder of its own.*gantry init --folder/,
    ],
  ];
  for (const [what, files, given, fix] of cases) {
    it(`is refused where ${what}`, () => {
      files.forEach(lay);
      assert.throws(refuse, (error) => {
        assert.ok(error instanceof ConfigError);
        const [fault] = error.faults;
        assert.equal(fault.path, "gantry:pipeline");
        assert.match(fault.given, given);
        assert.match(fault.fix, fix);
        return true;
      });
    });
  }

  it("is not helped by a lock file outside of the repository", () => {
    rmSync(join(root, ".git"), { recursive: true });
    mkdirSync(join(root, "infra/.git"));
    lay("package-lock.json");
    assert.throws(refuse, /no package-lock\.json in the repository's root/);
  });
});
