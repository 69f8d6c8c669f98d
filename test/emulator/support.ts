import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { ensureEngine, type Engine } from "../../rehearsal/engine";
import { startEmulator, type Emulator } from "../../rehearsal/emulator";
import { Workspace } from "../../rehearsal/workspace";

/** What is brought up: this repository's own program. */
export const project = resolve(__dirname, "../..");

/** An emulator with a workspace of its own, which share nothing with another suite's or a person's. */
export interface Bench {
  readonly engine: Engine;
  readonly emulator: Emulator;
  readonly workspace: Workspace;
  /** What an AWS SDK client needs to talk to the emulator. */
  readonly client: {
    readonly endpoint: string;
    readonly region: string;
    readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
  };
  stop(): Promise<void>;
}

export async function startBench(): Promise<Bench> {
  const engine = await ensureEngine();
  const folder = mkdtempSync(join(tmpdir(), "gantry-"));
  const emulator = await startEmulator({ logFile: join(folder, "emulator.log") });
  return {
    engine,
    emulator,
    workspace: new Workspace(engine, emulator, { project, folder: join(folder, "local") }),
    client: {
      endpoint: emulator.url,
      region: emulator.env.AWS_REGION,
      credentials: { accessKeyId: "test", secretAccessKey: "test" },
    },
    stop: async () => {
      await emulator.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Progress of the engine, for whoever watches a run that fails. */
export const log = (line: string) => void process.stderr.write(`      ${line}\n`);

/**
 * In a `describe` whose tests build on each other: after one that fails the rest is skipped. mocha's own `bail` would end
 * the other files too where files run side by side.
 */
export function buildOnEachOther(): void {
  let hasFailed = false;
  beforeEach(function () {
    if (hasFailed) this.skip();
  });
  afterEach(function () {
    hasFailed ||= this.currentTest?.state === "failed";
  });
}
