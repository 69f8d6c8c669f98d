import assert from "node:assert/strict";
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync } from "node:fs";
import { writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { makeClients } from "../../../delivery/clients";
import { PulumiEngine } from "../../../delivery/engine";
import { aTarget } from "../support/aTarget";
import { web } from "../support/fakePorts";

/** A `pulumi` that notes in which folder it is given which path of a plan. */
const noting = `#!${process.execPath}
const { appendFileSync } = require("node:fs");
const args = process.argv.slice(2);
if (args[0] === "version") { console.log("v3.248.0"); process.exit(0); }
const at = args.findIndex((arg) => /^--(save-)?plan$/.test(arg));
if (at >= 0) appendFileSync(process.env.NOTES, [args[0], require("node:path").resolve(args[at + 1])].join(" ") + "\\n");
if (args.includes("--json")) console.log(args.includes("history") ? "[]" : "{}");
`;

describe("a plan that is named from the folder of a command", () => {
  let root: string;
  const before = { folder: process.cwd(), path: process.env.PATH };

  beforeEach(() => {
    root = realpathSync(mkdtempSync(join(tmpdir(), "gantry-plan-")));
    for (const folder of ["bin", "infra"]) mkdirSync(join(root, folder));
    writeFileSync(join(root, "bin/pulumi"), noting);
    chmodSync(join(root, "bin/pulumi"), 0o755);
    writeFileSync(join(root, "infra/Pulumi.yaml"), "name: shop\nruntime: nodejs\n");
    process.env.PATH = [join(root, "bin"), before.path].join(delimiter);
    process.env.NOTES = join(root, "notes");
    process.chdir(root);
  });

  afterEach(() => {
    process.chdir(before.folder);
    process.env.PATH = before.path;
    delete process.env.NOTES;
    rmSync(root, { recursive: true, force: true });
  });

  it("is the same file for Pulumi, which runs in the program's", async () => {
    const target = { ...aTarget({ services: { web } }, join(root, "infra")), root };
    const find = () => Promise.resolve(undefined);
    const engine = new PulumiEngine(target, find, makeClients("eu-west-1").s3);
    const planFile = ".gantry/plan/plan.json";
    const ownership = { hosts: [], since: new Date() };
    await engine.preview({ release: undefined, planFile });
    await engine.up({ release: undefined, targets: [], planFile, ownership, resumes: false });
    const wanted = ["preview", "up"].map((command) => `${command} ${join(root, planFile)}\n`);
    assert.equal(readFileSync(join(root, "notes"), "utf8"), wanted.join(""));
  });
});
