import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { packageVersion } from "../../cli/command";
import { rehearsalCommand } from "../../cli/rehearse";
import { gantry } from "./support";

describe("the command that rehearses", () => {
  interface Called {
    readonly options: object;
    readonly call: object;
  }

  async function called(...args: readonly string[]): Promise<Called> {
    let got: Called | undefined;
    const command = rehearsalCommand("rehearse", "npx gantry rehearse", () => ({
      rehearse: (options, call) => {
        got = { options, call };
        return Promise.resolve(true);
      },
    }));
    const { code, stderr } = await gantry(args, {}, command);
    assert.equal(code, 0, stderr);
    assert.ok(got);
    return got;
  }

  it("has no option by default, and the folder that it is called in", async () => {
    const call = { folder: process.cwd(), command: "npx gantry rehearse" };
    assert.deepEqual(await called(), { options: {}, call });
  });

  it("hands options on, and says the folder in what is to be typed next", async () => {
    const flags = ["--approve", "--environments", "--keep", "--codebuild-image"];
    assert.deepEqual(await called(...flags, "--folder", "infra"), {
      options: { approve: true, environments: true, keep: true, codebuildImage: true },
      call: { folder: resolve("infra"), command: "npx gantry rehearse --folder infra" },
    });
  });

  const refused: [string, string[], RegExp][] = [
    ["an option that there is not", ["--destory"], /unknown option '--destory'[^]*--destroy\?/],
    ["an argument", ["staging"], /too many arguments/],
    ["--keep with --destroy", ["--keep", "--destroy"], /--keep and --destroy exclude each other/],
  ];
  for (const [what, args, wanted] of refused) {
    it(`fails when it is given ${what}, and says where its help is`, async () => {
      const { code, stderr } = await gantry(["rehearse", ...args]);
      assert.equal(code, 2);
      assert.match(stderr, wanted);
      assert.match(stderr, /See gantry rehearse --help/);
    });
  }

  it("fails without another word when the rehearsal has told what went wrong", async () => {
    const rehearse = () => Promise.resolve(false);
    const command = rehearsalCommand("rehearse", "npx gantry rehearse", () => ({ rehearse }));
    assert.deepEqual(await gantry([], {}, command), { code: 1, stdout: "", stderr: "" });
  });

  describe("in a project", () => {
    let folder: string;
    beforeEach(() => {
      folder = mkdtempSync(join(tmpdir(), "gantry-rehearse-"));
      writeFileSync(join(folder, "Pulumi.yaml"), "name: shop\nruntime: nodejs\n");
    });
    afterEach(() => rmSync(folder, { recursive: true, force: true }));

    function install(version: string, code: string): void {
      const place = join(folder, "node_modules/gantry-rehearsal");
      mkdirSync(place, { recursive: true });
      const about = { name: "gantry-rehearsal", version, main: "main.js" };
      writeFileSync(join(place, "package.json"), JSON.stringify(about));
      writeFileSync(join(place, "main.js"), code);
    }

    const run = () => gantry(["rehearse", "--folder", folder]);
    const says = (name: string) => `exports.rehearse = async () => (console.log("${name}"), true);`;

    it("runs the package that is installed for it", async () => {
      install(packageVersion(), says("rehearsed"));
      const { code, stdout, stderr } = await run();
      assert.deepEqual([code, stdout], [0, "rehearsed\n"], stderr);
    });

    it("fails without the package, and says how to install it", async () => {
      const { code, stderr } = await run();
      assert.equal(code, 1);
      const command = `npm install --save-dev gantry-rehearsal@${packageVersion()}`;
      assert.ok(stderr.includes(command), stderr);
      assert.ok(stderr.includes(folder), stderr);
    });

    it("fails where there is no project, and names the folder below that is one", async () => {
      rmSync(join(folder, "Pulumi.yaml"));
      assert.match((await run()).stderr, /there is no Pulumi\.yaml in .*gantry init makes one/);
      mkdirSync(join(folder, "deploy/infra"), { recursive: true });
      writeFileSync(join(folder, "deploy/infra/Pulumi.yaml"), "name: shop\nruntime: nodejs\n");
      const { code, stderr } = await run();
      assert.equal(code, 1);
      assert.match(stderr, /deploy\/infra\/Pulumi\.yaml is there: --folder deploy\/infra/);
    });

    it("fails when the package is of another version, and names both", async () => {
      install("99.0.0", says("rehearsed"));
      const { code, stdout, stderr } = await run();
      assert.deepEqual([code, stdout], [1, ""]);
      assert.match(stderr, /gantry-rehearsal is 99\.0\.0, and gantry \d/);
    });

    it("tells a defect of the package as it is", async () => {
      install(packageVersion(), 'require("./not-there");');
      const { code, stderr } = await run();
      assert.equal(code, 1);
      assert.match(stderr, /Cannot find module '\.\/not-there'/);
    });
  });
});
