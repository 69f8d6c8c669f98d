import { EngineError, ensureEngine } from "./engine";
import { attachEmulator, startEmulator, type Emulator } from "./emulator";
import { parseOptions, usage, type StartOptions } from "./options";
import { bringUp, tearDown } from "./environments";
import { reportFile, summary, writeReport, type Report } from "./report";
import { UpdateError } from "./update";
import { emulatorRecordFile, emulatorLogFile, Workspace } from "./workspace";

const log = (line: string) => void process.stderr.write(`${line}\n`);

async function main(options: StartOptions): Promise<void> {
  const startedAt = new Date();
  const engine = await ensureEngine({ log });
  const kept = await attachEmulator(emulatorRecordFile);
  if (options.destroy && !kept) {
    log("Nothing is running: npm start -- --keep would leave something to destroy.");
    return;
  }
  const emulator = kept ?? (await start(options));
  const workspace = new Workspace(engine, emulator);
  if (options.destroy) {
    await tearDown(workspace, log);
    await emulator.stop();
    workspace.clear();
    log("Torn down: both environments, the emulator and its state.");
    return;
  }
  if (!kept) {
    workspace.clear();
  }
  const { environments, error } = await bringUp(workspace, log);
  const report: Report = {
    version: 1,
    startedAt: startedAt.toISOString(),
    seconds: (Date.now() - startedAt.getTime()) / 1000,
    succeeded: error === undefined,
    error: error && messageOf(error),
    engine: { version: engine.version, origin: engine.origin, awsPlugin: engine.awsPlugin },
    apiCalls: (await emulator.calls()).total,
    environments,
  };
  writeReport(report);
  process.stdout.write(`\n${summary(report)}\n\nReport: ${reportFile}\n`);
  if (kept || options.keep) {
    process.stdout.write(keptText(workspace));
  } else {
    await emulator.stop();
    workspace.clear();
  }
  if (error) {
    throw error;
  }
}

function start({ keep }: StartOptions): Promise<Emulator> {
  return startEmulator({
    logFile: emulatorLogFile,
    onProgress: log,
    detached: keep ? { recordFile: emulatorRecordFile } : undefined,
  });
}

function keptText(workspace: Workspace): string {
  return `
Running at ${workspace.emulator.url}, log in ${workspace.emulator.logFile}. To use it:

  source ${workspace.writeShellFile()}
  pulumi -C ${workspace.folder} preview --stack staging
  aws ecs list-services --cluster gantry-staging

To tear it down: npm start -- --destroy
`;
}

/** What a person needs of an error: its message where we wrote it, everything where we did not expect it. */
function messageOf(error: Error): string {
  const expected = error instanceof EngineError || error instanceof UpdateError;
  return expected ? error.message : (error.stack ?? error.message);
}

async function run(): Promise<void> {
  let options: StartOptions;
  try {
    options = parseOptions(process.argv.slice(2));
  } catch (error) {
    log(`${error instanceof Error ? error.message : String(error)}\n\n${usage}`);
    process.exitCode = 2;
    return;
  }
  if (options.help) {
    process.stdout.write(usage);
    return;
  }
  try {
    await main(options);
  } catch (error) {
    log(`\n${error instanceof Error ? messageOf(error) : String(error)}`);
    process.exitCode = 1;
  }
}

void run();
