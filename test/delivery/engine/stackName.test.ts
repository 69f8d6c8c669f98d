import assert from "node:assert/strict";
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { makeClients } from "../../../delivery/clients";
import { PulumiEngine } from "../../../delivery/engine";
import { ownStack, qualifiedStack } from "../../../delivery/engine/stackName";
import { aTarget } from "../support/aTarget";
import { releaseNumber, web } from "../support/fakePorts";

const source = { type: "codecommit", repository: "shop" };
const of = (state: object, folder?: string) =>
  aTarget({ services: { web }, pipeline: { source, state } }, folder);
const acme = of({ organization: "acme" });
const nobodys = of({});

describe("the stack of an organization (row A11)", () => {
  it("is named whole, where config says whose it is", () => {
    assert.equal(qualifiedStack(acme), "acme/shop/staging");
    assert.equal(qualifiedStack(nobodys), "staging");
    assert.equal(qualifiedStack(aTarget({ services: { web } })), "staging");
  });

  const listed = (...names: readonly string[]) => names.map((name) => ({ name }));
  const cases: readonly (readonly [string, readonly string[], typeof acme, string | undefined])[] =
    [
      ["by its organization", ["ada/staging", "acme/staging", "staging"], acme, "acme/staging"],
      ["by all of its names", ["ada/shop/staging", "acme/shop/staging"], acme, "acme/shop/staging"],
      ["in the default one", ["production", "staging"], acme, "staging"],
      ["not in somebody else's", ["ada/staging"], acme, undefined],
      ["by its name alone", ["ada/production", "ada/staging"], nobodys, "ada/staging"],
      ["not where there is none", ["production"], nobodys, undefined],
    ];
  for (const [how, names, target, expected] of cases) {
    it(`is found in a list ${how}`, () => {
      assert.equal(ownStack(listed(...names), target)?.name, expected);
    });
  }

  describe("is what Pulumi is asked for", () => {
    const path = process.env.PATH;
    let folder: string;

    beforeEach(() => {
      folder = mkdtempSync(join(tmpdir(), "gantry-stack-"));
      mkdirSync(join(folder, "bin"));
      const file = join(folder, "bin", "pulumi");
      const log = JSON.stringify(join(folder, "log"));
      writeFileSync(
        file,
        `#!${process.execPath}
const args = process.argv.slice(2);
if (args[0] === "version") { console.log("v3.248.0"); process.exit(0); }
require("node:fs").appendFileSync(${log}, args.join(" ") + "\\n");
`,
      );
      chmodSync(file, 0o755);
      writeFileSync(join(folder, "Pulumi.yaml"), "name: shop\nruntime: nodejs\n");
      process.env.PATH = [join(folder, "bin"), path].join(delimiter);
    });

    afterEach(() => {
      process.env.PATH = path;
      rmSync(folder, { recursive: true, force: true });
    });

    it("in a preview", async () => {
      const target = of({ organization: "acme" }, folder);
      const find = () => Promise.resolve(undefined);
      const engine = new PulumiEngine(target, find, makeClients("eu-west-1").s3);
      await engine.preview({ release: releaseNumber(1) }).catch(() => undefined);
      const asked = readFileSync(join(folder, "log"), "utf8");
      assert.match(asked, /^stack select --stack acme\/shop\/staging/m);
      assert.match(asked, /^preview .*--stack acme\/shop\/staging/m);
      assert.doesNotMatch(asked, /--stack staging/);
    });
  });
});
