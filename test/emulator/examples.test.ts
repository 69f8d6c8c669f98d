import assert from "node:assert/strict";
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { parse, stringify } from "yaml";
import { prepareAccount } from "../../rehearsal/account";
import { destroy, emptyPreview, up } from "../../rehearsal/update";
import { Workspace } from "../../rehearsal/workspace";
import { project } from "./clone";
import { lookAt, type Look } from "./examples/look";
import { products, type Config } from "./examples/products";
import { buildOnEachOther, log, startBench, type Bench } from "./support";

/** `GANTRY_EXAMPLES=all` brings every product up, which takes minutes for each; else one stands for them. */
const tried = process.env.GANTRY_EXAMPLES === "all" ? products : products.slice(0, 1);

const read = (...path: string[]) => parse(readFileSync(join(...path), "utf8")) as object;

/** A project with a product's own files, and with this checkout's program, which is the product's own once it is a package. */
function projectOf(product: string): string {
  const own = join(project, "examples", product);
  const folder = mkdtempSync(join(tmpdir(), "gantry-example-"));
  cpSync(join(own, "Pulumi.staging.yaml"), join(folder, "Pulumi.staging.yaml"));
  const main = relative(folder, join(project, "index.ts"));
  writeFileSync(join(folder, "Pulumi.yaml"), stringify({ ...read(own, "Pulumi.yaml"), main }));
  return folder;
}

for (const { name, changes, secrets = [], stays } of tried) {
  describe(`the product of examples/${name}`, () => {
    buildOnEachOther();
    let bench: Bench;
    let folder: string;
    let look: Look;
    let workspace: Workspace;
    let config: Config;

    before(async () => {
      bench = await startBench();
      look = lookAt(bench, name);
      await prepareAccount(bench.emulator, { product: name, secrets, zones: [], logBuckets: [] });
      folder = projectOf(name);
      ({ config } = read(folder, "Pulumi.staging.yaml") as { readonly config: Config });
      const local = join(folder, "local");
      workspace = new Workspace(bench.engine, bench.emulator, { project: folder, folder: local });
    });

    after(async () => {
      await bench?.stop();
      if (folder) rmSync(folder, { recursive: true });
    });

    const stack = () => workspace.stack("staging", config);

    it("comes up with all of its services, and previews empty", async () => {
      await up(await stack(), log);
      await emptyPreview(await stack(), log);
      const services = Object.entries(config["gantry:services"]);
      const lasting = services.flatMap(([service, { kind }]) => (kind === "job" ? [] : [service]));
      assert.deepEqual(await look.services(), lasting.sort());
    });

    for (const { what, change, refused, then } of changes) {
      it(what, async () => {
        const before = config;
        config = change(config);
        if (refused === undefined) {
          await up(await stack(), log);
          await emptyPreview(await stack(), log);
        } else {
          const preview = async () => (await stack()).preview({ suppressProgress: true });
          await assert.rejects(preview, refused);
          config = before;
        }
        await then?.(look);
      });
    }

    it("is destroyed", async () => {
      const { changes: made } = await destroy(await stack(), log);
      assert.deepEqual(Object.keys(made), ["delete"]);
      assert.deepEqual(await look.services(), []);
      await stays?.(look);
    });
  });
}
