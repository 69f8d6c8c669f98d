import { join } from "node:path";
import { readTarget } from "../delivery/target";
import { deliverTwoCommits, type DeliveryOptions } from "./deliveries";
import { bringUp, lookAgain, type BroughtUp } from "./environments";
import type { StartOptions } from "./options";
import type { Log } from "./progress";
import { copyRepository } from "./rehearsal/repository";
import { rehearsalFolder, type Setup } from "./rehearsalSetup";
import type { DeliveryReport, RunningReport } from "./report";
import { agrees, readRunning } from "./running";
import { programFolder, stackNames, type Workspace } from "./workspace";

export interface Performed extends BroughtUp {
  readonly deliveries: readonly DeliveryReport[];
  readonly running: readonly RunningReport[];
}

/** Something that should have happened in the rehearsal and did not. The message is for a person. */
export class RehearsalError extends Error {}

const log: Log = (line) => void process.stderr.write(`${line}\n`);

/** Both environments up, then two commits through their pipelines, then proof that everybody agrees on what runs. */
export async function perform(
  options: StartOptions,
  workspace: Workspace,
  setup: Setup,
): Promise<Performed> {
  const up = await bringUp(workspace, log);
  if (up.error || options.environments) {
    return { ...up, deliveries: [], running: [] };
  }
  const deliveries: DeliveryReport[] = [];
  const running: RunningReport[] = [];
  try {
    await deliver(options, workspace, setup, deliveries);
    running.push(...(await whatRuns(workspace)));
    judge(deliveries, running);
    const environments = await lookAgain(workspace, up.environments, log);
    return { environments, deliveries, running };
  } catch (error) {
    const thrown = error instanceof Error ? error : new Error(String(error));
    return { ...up, deliveries, running, error: thrown };
  }
}

async function deliver(
  options: StartOptions,
  workspace: Workspace,
  { tools }: Setup,
  deliveries: DeliveryReport[],
): Promise<void> {
  const { emulator } = workspace;
  const { config } = await readTarget(workspace.folder, "staging");
  const source = await copyRepository(
    programFolder,
    join(rehearsalFolder, "source"),
    Object.fromEntries(
      stackNames.map((name) => [`Pulumi.${name}.yaml`, workspace.stackFile(name)]),
    ),
  );
  const approvals = options.approve || !process.stdin.isTTY ? "grant" : "ask";
  const settings: DeliveryOptions = {
    ...{ emulator, env: workspace.env, source, approvals, tools, log },
    folder: rehearsalFolder,
    product: config.name,
  };
  for await (const delivery of deliverTwoCommits(settings)) {
    deliveries.push(delivery);
  }
}

async function whatRuns(workspace: Workspace): Promise<RunningReport[]> {
  const { config } = await readTarget(workspace.folder, "staging");
  const reports = await Promise.all(
    stackNames.map((stack) => readRunning(workspace.emulator, config.name, stack)),
  );
  return reports.filter((report) => report !== undefined);
}

/** @throws RehearsalError where a commit ended otherwise than it should, or the environments do not agree. */
function judge(deliveries: readonly DeliveryReport[], running: readonly RunningReport[]): void {
  const wrong = deliveries.find(({ asExpected }) => !asExpected);
  if (wrong) {
    throw new RehearsalError(`${wrong.commit.slice(0, 8)} ${wrong.subject}: ${wrong.outcome}`);
  }
  const digests = running.map(({ services }) => services.map(({ digest }) => digest).join());
  if (running.length !== stackNames.length || !running.every(agrees) || new Set(digests).size > 1) {
    throw new RehearsalError(
      "the digests that run, and those of registry, task definition and ledger, are not the same in all environments",
    );
  }
}
