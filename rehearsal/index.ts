import "./sdkWarning";
import { mkdirSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { EngineError, ensureEngine } from "./engine";
import { attachEmulator, startEmulator, type Emulator } from "./emulator";
import { DeliveryError } from "../delivery/errors";
import { ConfigError } from "../stacks/config/fault";
import { metDifferences } from "./metDifferences";
import { wantedAddresses, type ServiceAddress } from "./addresses";
import { keepServices, stopKeptServices } from "./keptServices";
import type { RehearseOptions } from "../cli/rehearse";
import { tearDown } from "./environments";
import { perform, RehearsalError, type Performed } from "./perform";
import { databasesOf, readProduct, type Product } from "./product";
import { connectionTo } from "./runner/connection";
import { serve } from "./runner/served";
import { readMessages } from "./messages";
import { isKept } from "./pipelineConfig";
import { placesOf, type Places } from "./places";
import { clearRehearsal, clearTools, prepareRehearsal, type Setup } from "./rehearsalSetup";
import { callsBeforeWait, firstLine, reportFiles, writeReport, type Report } from "./report";
import { readShifts } from "./shifts";
import { summary } from "./summary";
import { UpdateError } from "./update";
import { stackNames, Workspace } from "./workspace";

const log = (line: string) => void process.stderr.write(`${line}\n`);

/** How a person called it. */
export interface Call {
  /** The folder of the Pulumi project. */
  readonly folder: string;
  /** What they typed before the options, to be told what to type next. */
  readonly command: string;
}

interface Rehearsed {
  readonly options: RehearseOptions;
  readonly command: string;
  readonly places: Places;
  readonly report: (done: Partial<Report>) => Report;
}

/**
 * Rehearses a project: brings both environments up on an emulated AWS, and delivers commits to them.
 * @returns whether it went as it should; what did not has been told.
 */
export async function rehearse(options: RehearseOptions, call: Call): Promise<boolean> {
  const { command } = call;
  try {
    const places = placesOf(resolve(call.folder));
    hide(places.own);
    const startedAt = new Date();
    const report = (done: Partial<Report>): Report => {
      const whole = { ...nothingDone, ...done, ...times(startedAt) };
      writeReport(whole, places.own);
      return whole;
    };
    await reported({ options, command, places, report });
    return true;
  } catch (error) {
    log(`\n${error instanceof Error ? messageOf(error) : String(error)}`);
    return false;
  }
}

/** What a rehearsal leaves is no change of the team's repository, whatever their .gitignore says. */
function hide(folder: string): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, ".gitignore"), "*\n");
}

async function reported(rehearsed: Rehearsed): Promise<void> {
  const { places, report } = rehearsed;
  try {
    // Config that is wrong is told before anything is made.
    await withProduct(await readProduct(places.project), rehearsed);
  } catch (error) {
    if (!(error instanceof ReportedError)) report({ error: messageOf(error as Error) });
    throw error instanceof ReportedError ? error.cause : error;
  }
}

/** A failure that the report has, with all that was done before it. */
class ReportedError extends Error {}

async function withProduct(
  product: Product,
  { options, command, places, report }: Rehearsed,
): Promise<void> {
  const kept = await attachEmulator(places.emulatorRecord);
  if (options.destroy && !kept) {
    log(`Nothing is running: ${command} --keep would leave something to destroy.`);
    return;
  }
  const engine = await ensureEngine({ log, project: places.project });
  const before = await stopKeptServices(places.servicesRecord);
  const emulator = kept ?? (await start(options, product, places));
  if (!kept) {
    clearRehearsal(places);
  }
  const asked = {
    emulator,
    places,
    product,
    engine,
    realImage: options.codebuildImage ?? false,
    log,
  };
  const setup = await prepareRehearsal(asked);
  const workspace = new Workspace(engine, emulator, {
    project: places.project,
    folder: places.workspace,
    config: setup.config,
  });
  if (options.destroy) {
    await tearDown(workspace, log);
    await emulator.stop();
    workspace.clear();
    clearRehearsal(places);
    log("Torn down: both environments, the emulator and its state.");
    return;
  }
  if (!kept) {
    workspace.clear();
  }
  const staysRunning = kept !== undefined || options.keep;
  const connection = connectionTo(emulator);
  const served = serve({ connection, tools: setup.tools, folder: places.rehearsal, log });
  let result: Performed;
  try {
    result = await perform(options, workspace, setup, { served, before });
  } finally {
    await served.close();
  }
  const addresses = staysRunning
    ? await keep(setup, result, result.addresses.length > 0 ? result.addresses : before)
    : result.addresses;
  await setup.baseImages.release();
  await setup.relay?.remove();
  const done = report({
    succeeded: result.error === undefined,
    error: result.error && messageOf(result.error),
    engine: { version: engine.version, origin: engine.origin, awsPlugin: engine.awsPlugin },
    apiCalls: (await emulator.calls()).total,
    environments: result.environments,
    deliveries: result.deliveries,
    running: result.running,
    shifts: await readShifts(emulator),
    messages: await readMessages(emulator, product.name),
    addresses,
    kept: staysRunning,
    callsBeforeWait: callsBeforeWait(result.deliveries),
    firstLine: firstLine(result.deliveries),
    differences: metDifferences({
      baseImages: setup.baseImages.replaced.map(({ image, by }) => `${image}: ${by}`),
      presupposed: (["secrets", "zones", "logBuckets"] as const).flatMap(
        (kind) => product.presupposed[kind],
      ),
      databases: databasesOf(product),
      keptConfig: stackNames.filter((name) => isKept(product.pipelines[name])),
    }),
  });
  const { page, json } = reportFiles(places.own);
  process.stdout.write(`\n${summary(done, command)}\n\nReport: ${page}\n        ${json}\n`);
  if (staysRunning) {
    process.stdout.write(keptText(workspace, setup, command));
  } else {
    await emulator.stop();
    workspace.clear();
    clearTools(places);
  }
  if (result.error) {
    throw new ReportedError("reported", { cause: result.error });
  }
}

/** What runs goes on answering when this process has ended. What cannot is told, and fails nothing. */
async function keep(
  { places, product, tools }: Setup,
  { environments }: Performed,
  before: readonly ServiceAddress[],
): Promise<readonly ServiceAddress[]> {
  try {
    return await keepServices({
      ...{ tools, before, folder: places.rehearsal, emulatorRecordFile: places.emulatorRecord },
      wanted: wantedAddresses(product.name, environments),
      recordFile: places.servicesRecord,
      logFile: places.servicesLog,
    });
  } catch (error) {
    log(`services: ${messageOf(error as Error)}`);
    return [];
  }
}

const nothingDone = {
  version: 3,
  succeeded: false,
  environments: [],
  deliveries: [],
  running: [],
  addresses: [],
  kept: false,
  differences: [],
} as const;

function times(startedAt: Date) {
  const seconds = (Date.now() - startedAt.getTime()) / 1000;
  return { startedAt: startedAt.toISOString(), seconds };
}

function start({ keep }: RehearseOptions, { config }: Product, places: Places): Promise<Emulator> {
  return startEmulator({
    region: config.staging.region,
    logFile: places.emulatorLog,
    onProgress: log,
    detached: keep ? { recordFile: places.emulatorRecord } : undefined,
  });
}

function keptText(workspace: Workspace, { product, tools }: Setup, command: string): string {
  return `
Running at ${workspace.emulator.url}, log in ${workspace.emulator.logFile}. To use it, in any terminal:

  source ${workspace.writeShellFile(tools)}
  npx gantry status --all
  npx gantry explain staging
  pulumi -C ${workspace.folder} preview --stack staging
  aws ecs list-services --cluster ${product.name}--staging

To tear it down: ${command} --destroy
`;
}

/** What a person needs of an error: its message where we wrote it, everything where we did not expect it. */
function messageOf(error: Error): string {
  if (error instanceof DeliveryError) return [error.message, ...error.details].join("\n  ");
  const expected = [EngineError, UpdateError, RehearsalError, ConfigError].some(
    (known) => error instanceof known,
  );
  return expected ? error.message : (error.stack ?? error.message);
}
