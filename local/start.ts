import "./sdkWarning";
import { EngineError, ensureEngine } from "./engine";
import { attachEmulator, startEmulator, type Emulator } from "./emulator";
import { parseOptions, usage, type StartOptions } from "./options";
import { tearDown } from "./environments";
import { perform, RehearsalError } from "./perform";
import { clearRehearsal, clearTools, prepareRehearsal } from "./rehearsalSetup";
import { callsBeforeWait, pageFile, reportFile, writeReport, type Report } from "./report";
import { summary } from "./summary";
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
  if (!kept) {
    clearRehearsal();
  }
  const setup = await prepareRehearsal(emulator, log);
  const workspace = new Workspace(engine, emulator, undefined, setup.config);
  if (options.destroy) {
    await tearDown(workspace, log);
    await emulator.stop();
    workspace.clear();
    clearRehearsal();
    log("Torn down: both environments, the emulator and its state.");
    return;
  }
  if (!kept) {
    workspace.clear();
  }
  const result = await perform(options, workspace, setup);
  const report: Report = {
    version: 2,
    startedAt: startedAt.toISOString(),
    seconds: (Date.now() - startedAt.getTime()) / 1000,
    succeeded: result.error === undefined,
    error: result.error && messageOf(result.error),
    engine: { version: engine.version, origin: engine.origin, awsPlugin: engine.awsPlugin },
    apiCalls: (await emulator.calls()).total,
    environments: result.environments,
    deliveries: result.deliveries,
    running: result.running,
    callsBeforeWait: callsBeforeWait(result.deliveries),
  };
  writeReport(report);
  process.stdout.write(`\n${summary(report)}\n\nReport: ${pageFile}\n        ${reportFile}\n`);
  if (kept || options.keep) {
    process.stdout.write(keptText(workspace));
  } else {
    await emulator.stop();
    workspace.clear();
    clearTools();
  }
  if (result.error) {
    throw result.error;
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
  npx gantry status --stack staging --folder ${workspace.folder}

To tear it down: npm start -- --destroy
`;
}

/** What a person needs of an error: its message where we wrote it, everything where we did not expect it. */
function messageOf(error: Error): string {
  const expected = [EngineError, UpdateError, RehearsalError].some(
    (known) => error instanceof known,
  );
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
