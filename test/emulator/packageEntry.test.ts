import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { run } from "../../delivery/run";
import { Workspace } from "../../rehearsal/workspace";
import { Clone } from "./clone";
import { startBench, type Bench } from "./support";

/** What is built is the package, and no program: were it run, Pulumi would see that nothing is wanted any more. */
describe("a checkout in which the package is built", function () {
  let bench: Bench;
  let clone: Clone;
  let workspace: Workspace;

  before(async () => {
    bench = await startBench();
    clone = new Clone();
    const built = join(clone.folder, "dist/stacks");
    mkdirSync(built, { recursive: true });
    writeFileSync(join(built, "index.js"), 'throw new Error("the package was run");\n');
    const folder = join(clone.folder, ".gantry/local");
    workspace = new Workspace(bench.engine, bench.emulator, { project: clone.folder, folder });
  });

  after(async () => {
    await bench?.stop();
    await clone?.end();
  });

  it("runs index.ts in the project that rehearses it", async () => {
    const { changeSummary } = await (await workspace.stack("staging")).preview();
    assert.ok((changeSummary.create ?? 0) > 20, JSON.stringify(changeSummary));
  });

  it("runs index.ts in its own folder", async () => {
    writeFileSync(join(clone.folder, "Pulumi.staging.yaml"), workspace.stackFile("staging"));
    const args = ["preview", "--json", "--stack", "staging", "--non-interactive"];
    const stdout = await run("preview", bench.engine.pulumi, args, {
      cwd: clone.folder,
      env: { ...process.env, ...workspace.env },
    });
    const { steps } = JSON.parse(stdout) as { readonly steps: readonly unknown[] };
    assert.ok(steps.length > 20, stdout);
  });
});
