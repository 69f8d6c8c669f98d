import { join, relative } from "node:path";
import { deliverCommits, lastWords, type DeliveryOptions } from "./deliveries";
import { bringUp, lookAgain, type BroughtUp } from "./environments";
import type { RehearseOptions } from "../cli/rehearse";
import { answering, openAddresses, wantedAddresses, type ServiceAddress } from "./addresses";
import { pushKeptConfig } from "./keptConfig";
import { isKept } from "./pipelineConfig";
import type { Log } from "./progress";
import { Deployments } from "./runner/deployments";
import { connectionTo } from "./runner/connection";
import { copyRepository } from "./runner/repository";
import type { Served } from "./runner/served";
import type { Setup } from "./rehearsalSetup";
import type { DeliveryReport, RunningReport } from "./report";
import { agrees, readRunning } from "./running";
import { TrafficWatch } from "./traffic/watch";
import { stackNames, type StackName, type Workspace } from "./workspace";

export interface Performed extends BroughtUp {
  readonly deliveries: readonly DeliveryReport[];
  readonly running: readonly RunningReport[];
  /** Where services answer as long as the rehearsal runs. */
  readonly addresses: readonly ServiceAddress[];
}

/** What commits are delivered with. */
export interface Place {
  readonly served: Served;
  /** Addresses that an earlier command had left. */
  readonly before: readonly ServiceAddress[];
}

/** Something that should have happened in the rehearsal and did not. The message is for a person. */
export class RehearsalError extends Error {}

const log: Log = (line) => void process.stderr.write(`${line}\n`);

/** Both environments up, then commits through their pipelines, then proof that everybody agrees on what runs. */
export async function perform(
  options: RehearseOptions,
  workspace: Workspace,
  setup: Setup,
  { served, before }: Place,
): Promise<Performed> {
  const up = await bringUp(workspace, log);
  if (up.error || options.environments) {
    return { ...up, deliveries: [], running: [], addresses: [] };
  }
  const deliveries: DeliveryReport[] = [];
  const running: RunningReport[] = [];
  const wanted = wantedAddresses(setup.product.name, up.environments);
  let opened: readonly ServiceAddress[] = [];
  try {
    opened = await openAddresses(served, wanted, before);
    for (const { stack, service, told, url } of opened) {
      log(`${stack}: ${service} has the address ${url} (${told}) from its first release on`);
    }
    const connection = connectionTo(workspace.emulator);
    const product = setup.product.name;
    const { services } = served;
    const watched = { connection, services, product, stack: "production", wanted, opened };
    await deliver(
      options,
      workspace,
      setup,
      { served, watch: new TrafficWatch(watched) },
      deliveries,
    );
    running.push(...(await whatRuns(workspace, setup)));
    judge(deliveries, running);
    const environments = await lookAgain(workspace, up.environments, log);
    const addresses = await answering(served, wanted, opened, log);
    return { environments, deliveries, running, addresses };
  } catch (error) {
    const thrown = error instanceof Error ? error : new Error(String(error));
    return { ...up, deliveries, running, addresses: [], error: thrown };
  }
}

async function deliver(
  options: RehearseOptions,
  workspace: Workspace,
  { places, tools, host, product }: Setup,
  { served, watch }: { readonly served: Served; readonly watch: TrafficWatch },
  deliveries: DeliveryReport[],
): Promise<void> {
  const { emulator } = workspace;
  const stackFile = (name: StackName) =>
    join(relative(places.root, places.project), `Pulumi.${name}.yaml`);
  const kept = stackNames.filter((name) => isKept(product.pipelines[name]));
  const committed = stackNames.filter((name) => !kept.includes(name));
  const source = await copyRepository(
    places.root,
    join(places.rehearsal, "source"),
    Object.fromEntries(committed.map((name) => [stackFile(name), workspace.stackFile(name)])),
    { product: product.name, without: kept.map(stackFile) },
  );
  await pushKeptConfig(workspace, kept);
  const approvals = options.approve || !process.stdin.isTTY ? "grant" : "ask";
  const settings: DeliveryOptions = {
    ...{ emulator, env: workspace.env, source, approvals, tools, host, served, watch, log },
    folder: places.rehearsal,
    product,
    ...(kept.includes("staging") ? {} : { stackFile: stackFile("staging") }),
  };
  const connection = connectionTo(emulator);
  const held = await Deployments.hold({ connection, services: served.services, log });
  try {
    for await (const delivery of deliverCommits(settings)) deliveries.push(delivery);
  } finally {
    await held.stop();
  }
}

async function whatRuns(workspace: Workspace, { product }: Setup): Promise<RunningReport[]> {
  const checked = new Set(product.verified);
  const reports = await Promise.all(
    stackNames.map((stack) => readRunning(workspace.emulator, product.name, stack, checked)),
  );
  return reports.filter((report) => report !== undefined);
}

/** @throws RehearsalError where a commit ended otherwise than it should, or the environments do not agree. */
function judge(deliveries: readonly DeliveryReport[], running: readonly RunningReport[]): void {
  const wrong = deliveries.find(({ asExpected }) => !asExpected);
  if (wrong) {
    const what = `${wrong.commit.slice(0, 8)} ${wrong.subject}: ${wrong.outcome}`;
    throw new RehearsalError([what, ...lastWords(wrong.runs)].join("\n"));
  }
  const digests = running.map(({ services }) => services.map(({ digest }) => digest).join());
  if (running.length !== stackNames.length || !running.every(agrees) || new Set(digests).size > 1) {
    throw new RehearsalError(
      "the digests that run, and those of registry, task definition and ledger, are not the same in all environments",
    );
  }
}
