import assert from "node:assert/strict";
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { PulumiEngine } from "../../../delivery/engine";
import { bounded, EngineTimeout } from "../../../delivery/engine/bounded";
import { makeClients } from "../../../delivery/clients";
import { aTarget } from "../support/aTarget";
import { releaseNumber, web } from "../support/fakePorts";

const never = new Promise<never>(() => undefined);

describe("a run of Pulumi that does not end (row F7)", () => {
  it("is not touched where it ends in time, well or badly", async () => {
    assert.equal(await bounded("pulumi up", 1000, 1000, () => Promise.resolve(7)), 7);
    const error = new Error("refused");
    await assert.rejects(
      bounded("pulumi up", 1000, 1000, () => Promise.reject(error)),
      error,
    );
  });

  it("is interrupted, then once more, then not waited for any more", async () => {
    let interruptions = 0;
    const work = (signal: AbortSignal) => {
      signal.addEventListener("abort", () => (interruptions += 1));
      return never;
    };
    await assert.rejects(bounded("pulumi up", 20, 20, work), (error) => {
      assert.ok(error instanceof EngineTimeout);
      assert.match(error.message, /^pulumi up took longer than .* and was interrupted/);
      return true;
    });
    assert.equal(interruptions, 2);
  });

  it("fails by its time-out, whatever it ended with when it was interrupted", async () => {
    const work = (signal: AbortSignal) =>
      new Promise<never>((_, reject) =>
        signal.addEventListener("abort", () => reject(new Error("code: 255, cancelled"))),
      );
    await assert.rejects(bounded("pulumi up", 20, 1000, work), EngineTimeout);
  });

  it("counts as done where it ended well when it was interrupted", async () => {
    const work = (signal: AbortSignal) =>
      new Promise<string>((resolve) => signal.addEventListener("abort", () => resolve("done")));
    assert.equal(await bounded("pulumi up", 20, 1000, work), "done");
  });

  describe("by the command itself", () => {
    let folder: string;
    let path: string | undefined;

    beforeEach(() => {
      folder = mkdtempSync(join(tmpdir(), "gantry-bounded-"));
      path = process.env.PATH;
    });
    afterEach(() => {
      process.env.PATH = path;
      rmSync(folder, { recursive: true, force: true });
    });

    /** A `pulumi` that notes each interruption, and ends at the nth. */
    function pulumiThatEndsAt(interruption: number): void {
      const bin = join(folder, "bin");
      mkdirSync(bin);
      const file = join(bin, "pulumi");
      writeFileSync(
        file,
        `#!${process.execPath}
const { appendFileSync, writeFileSync } = require("node:fs");
const args = process.argv.slice(2);
if (args[0] === "version") { console.log("v3.248.0"); process.exit(0); }
if (args[0] !== "up") process.exit(0);
let count = 0;
process.on("SIGINT", () => {
  appendFileSync(${JSON.stringify(join(folder, "log"))}, "interrupted\\n");
  if (++count === ${interruption}) process.exit(255);
});
writeFileSync(${JSON.stringify(join(folder, "pid"))}, String(process.pid));
setInterval(() => undefined, 1000);
`,
      );
      chmodSync(file, 0o755);
      process.env.PATH = [bin, path].join(delimiter);
      writeFileSync(join(folder, "Pulumi.yaml"), "name: shop\nruntime: nodejs\n");
    }

    for (const interruption of [1, 2]) {
      it(`which ends at interruption ${interruption}`, async () => {
        pulumiThatEndsAt(interruption);
        const target = { ...aTarget({ services: { web } }), folder };
        const limits = { previewMs: 60_000, updateMs: 1500, stateMs: 60_000, graceMs: 500 };
        const find = () => Promise.resolve(undefined);
        const engine = new PulumiEngine(target, find, makeClients("eu-west-1").s3, limits);
        const ownership = { hosts: [], since: new Date() };
        const options = { release: releaseNumber(1), targets: [], ownership, resumes: false };
        await assert.rejects(engine.up(options), /pulumi up took longer than 2 s/);
        const log = readFileSync(join(folder, "log"), "utf8");
        assert.equal(log, "interrupted\n".repeat(interruption));
        const pid = Number(readFileSync(join(folder, "pid"), "utf8"));
        assert.throws(() => process.kill(pid, 0), /ESRCH/);
      });
    }
  });
});
