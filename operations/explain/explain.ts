import type { ECSClient, Task } from "@aws-sdk/client-ecs";
import { appContainer } from "../../contract/containers";
import { isExecution, pipelinePage } from "../../contract/consolePages";
import { logQueryPage } from "../../contract/logQuery";
import type { Clients } from "../../delivery/clients";
import { isUnsettled } from "../../delivery/deploy/history";
import { messageOf } from "../../delivery/errors";
import { failedLogs } from "../../delivery/explain/containers";
import { loggedElsewhere } from "../../delivery/explain/place";
import { failedTasks, stopLines, taskId } from "../../delivery/explain/tasks";
import { statesOf, type FiringAlarm } from "../../delivery/gates/alarms";
import type { DeploymentRecord, LedgerView } from "../../delivery/ledger";
import { startedByOf } from "../../delivery/releaseCommand";
import { releaseStreamPrefix } from "../../delivery/releaseCommand/definition";
import {
  describeServiceDeployment,
  serviceDeployments,
} from "../../delivery/steadyState/serviceDeployment";
import type { Target } from "../../delivery/target";
import { findTasks } from "../../delivery/tasks";
import { withoutSecrets } from "../../stacks/config/secretValues";
import { eventsOf, type ServiceEvent, type ServiceEvents } from "../events/events";
import { servicesMeant } from "../services";
import { doneAbout, placeOf } from "./deployment";
import { nextSteps } from "./nextSteps";
import { forgotten } from "./forgotten";

/** What is known of one service while a deployment was made. */
export interface ServiceFindings {
  /** As config calls it. */
  readonly service: string;
  /** Ways in which its tasks stopped, in words, the newest first; those of its release command say so. */
  readonly stops: readonly string[];
  /** The last log lines of the newest task that failed: who and where, and below it the lines. What looks like a secret is three stars. */
  readonly log: readonly string[];
  /** Alarms by which ECS ended the deployment of the service. */
  readonly alarms: readonly string[];
  /** What ECS told meanwhile, oldest first: the newest eight. */
  readonly events: readonly ServiceEvent[];
  /** Where the console asks Logs Insights for all that it logged meanwhile: a URL. */
  readonly logUrl: string;
}

/** What `gantry explain --json` prints beside the version. Times are ISO 8601, UTC. */
export interface Explanation {
  readonly stack: string;
  /** As `gantry history --json` has it. Absent where no deployment failed. */
  readonly deployment?: DeploymentRecord;
  /** Whether it failed: one that is in progress or went well can be asked for by its number. */
  readonly isFailed: boolean;
  /** Where in the delivery it failed, for people. Absent where it did not. */
  readonly where?: string;
  /** Why, as the history has it, in lines. None where it did not fail. */
  readonly reason: readonly string[];
  /** What was done about it, for people. Absent where it did not fail. */
  readonly done?: string;
  /** Those of which something is known. */
  readonly services: readonly ServiceFindings[];
  /** Alarms of the environment that fire now. */
  readonly firing: readonly FiringAlarm[];
  /** Where the console shows the execution of the pipeline that made it. Absent where a person made it. */
  readonly pipelineUrl?: string;
  /** What is no longer known or could not be read, for people. */
  readonly gaps: readonly string[];
  /** What to do now, with commands, for people. */
  readonly nextSteps: readonly string[];
}

export interface ExplainOptions {
  readonly clients: Pick<Clients, "ecs" | "logs" | "cloudwatch">;
  readonly target: Target;
  readonly view: LedgerView;
  /** Of the view. Default: none failed. */
  readonly deployment: DeploymentRecord | undefined;
  readonly now: Date;
}

const shownStops = 4;
const shownEvents = 8;
const atOnce = 5;
/** What ECS says of an end comes a little after it. */
const graceMs = 60_000;

/** Why a deployment failed, from what is still known of it. What cannot be read is told, and hides nothing else. */
export async function explain(options: ExplainOptions): Promise<Explanation> {
  const { target, view, deployment, now } = options;
  const { stack, region, names } = target;
  if (!deployment) {
    const none = { reason: [], services: [], firing: [], gaps: [] };
    return { stack, isFailed: false, ...none, nextSteps: nextSteps({ target, view }) };
  }
  const { owner, status, reason = "no reason is known" } = deployment;
  const isFailed = status === "failed";
  const isOver = deployment.endedAt !== undefined;
  const gaps: string[] = [];
  const services = isFailed || !isOver ? await findings(options, deployment, gaps) : [];
  const firing = await firingAlarms(options, gaps);
  return {
    ...{ stack, deployment, isFailed },
    ...(isFailed ? { where: placeOf(deployment), done: doneAbout(deployment, view) } : {}),
    reason: isFailed ? withoutSecrets(reason).trimEnd().split("\n") : [],
    ...{ services, firing },
    ...(isExecution(owner) ? { pipelineUrl: pipelinePage(region, names.pipeline, owner) } : {}),
    gaps: [
      ...(isFailed ? forgotten(deployment, target.config.logs.retentionDays, now) : []),
      ...gaps,
    ],
    nextSteps: nextSteps({
      ...{ target, view, deployment },
      isUnsettled: isUnsettled(view) && view.records.at(0)?.number === deployment.number,
      services: services.map(({ service }) => service),
    }),
  };
}

interface Window {
  readonly from: Date;
  readonly to: Date;
}

function windowOf({ begunAt, endedAt }: DeploymentRecord, now: Date): Window {
  const to = endedAt === undefined ? now.getTime() : Date.parse(endedAt) + graceMs;
  return { from: new Date(begunAt), to: new Date(Math.min(to, now.getTime())) };
}

async function findings(
  options: ExplainOptions,
  deployment: DeploymentRecord,
  gaps: string[],
): Promise<ServiceFindings[]> {
  const { clients, target, now } = options;
  const hosted = servicesMeant(target, [], "hosted");
  const services = hosted.filter((one) => deployment.services?.includes(one) ?? true);
  const window = windowOf(deployment, now);
  const read = reader(gaps);
  const told = await read("what ECS has told", () =>
    eventsOf(clients.ecs, target, services, window.from),
  );
  gaps.push(...eventGaps(told, window));
  const found: ServiceFindings[] = [];
  for (let start = 0; start < services.length; start += atOnce) {
    const asked = services
      .slice(start, start + atOnce)
      .map((service) => serviceFindings(options, deployment, { service, window, told, read }));
    found.push(...(await Promise.all(asked)).filter((one) => one !== undefined));
  }
  return found;
}

function eventGaps(told: ServiceEvents | undefined, { from }: Window): string[] {
  if (!told) return [];
  return [
    ...told.missing.map((service) => `${service}: ECS has no such service any more, or not yet`),
    ...Object.entries(told.keptSince)
      .filter(([, at]) => new Date(at) > from)
      .map(([service]) => `${service}: ECS keeps its newest 100 events, and none of when it began`),
  ];
}

type Read = <T>(what: string, ask: () => Promise<T>) => Promise<T | undefined>;

function reader(gaps: string[]): Read {
  return async (what, ask) => {
    try {
      return await ask();
    } catch (error) {
      gaps.push(`${what} could not be read: ${messageOf(error)}`);
      return undefined;
    }
  };
}

interface Asked {
  readonly service: string;
  readonly window: Window;
  readonly told: ServiceEvents | undefined;
  readonly read: Read;
}

/** @returns undefined where nothing has happened to it. */
async function serviceFindings(
  { clients, target }: ExplainOptions,
  deployment: DeploymentRecord,
  { service, window, told, read }: Asked,
): Promise<ServiceFindings | undefined> {
  const { names, config, region } = target;
  const logGroupName = names.logGroup(service);
  const [own, migrations, alarms] = await Promise.all([
    read(`why tasks of ${service} stopped`, async () => {
      const all = await failedTasks(
        clients.ecs,
        names.cluster,
        names.service(service),
        window.from,
      );
      return all.filter(({ stoppedAt, stoppingAt }) => (stoppedAt ?? stoppingAt ?? 0) <= window.to);
    }),
    config.services[service].releaseCommand
      ? read(`the release command of ${service}`, () =>
          failedCommands(clients.ecs, target, service, deployment.number),
        )
      : undefined,
    read(`by which alarm ECS ended the deployment of ${service}`, () =>
      firedAlarms(clients.ecs, names, service, window),
    ),
  ]);
  const logs: string[] = [];
  const tell = async (task: Task | undefined, prefix: string) => {
    if (!task) return;
    const tails = await failedLogs(task, {
      ...{ logs: clients.logs, names, service },
      own: { logGroupName, logStreamName: `${prefix}/${appContainer}/${taskId(task)}` },
      elsewhere: loggedElsewhere(config, service),
    });
    for (const [head, ...lines] of tails.filter((tail) => tail.length > 0)) {
      logs.push(`task ${taskId(task)}: ${head}`, ...lines);
    }
  };
  await tell(migrations?.at(0), releaseStreamPrefix);
  await tell(own?.at(0), appContainer);
  const found = {
    stops: [
      ...stopLines(migrations ?? [], shownStops).map((line) => `its release command: ${line}`),
      ...stopLines(own ?? [], shownStops),
    ],
    alarms: alarms ?? [],
    events: (told?.events ?? [])
      .filter((event) => event.service === service && new Date(event.at) <= window.to)
      .filter(({ message }) => !message.endsWith("has reached a steady state."))
      .map((event) => ({ ...event, message: withoutSecrets(event.message) }))
      .slice(-shownEvents),
  };
  if (Object.values(found).every(({ length }) => length === 0)) return undefined;
  const { from, to } = window;
  const page = { region, logGroupName, from: from.toISOString(), to: to.toISOString() };
  return { service, ...found, log: logs, logUrl: logQueryPage(page) };
}

/** Tasks of a release command of the deployment that ended with anything but 0. */
async function failedCommands(
  ecs: ECSClient,
  { names }: Target,
  service: string,
  number: number,
): Promise<Task[]> {
  const family = names.releaseCommandFamily(service);
  const tasks = await findTasks(ecs, { cluster: names.cluster, family, desiredStatus: "STOPPED" });
  return tasks.filter(
    ({ startedBy, containers = [] }) =>
      startedBy === startedByOf(number) &&
      containers.find(({ name }) => name === appContainer)?.exitCode !== 0,
  );
}

async function firedAlarms(
  ecs: ECSClient,
  { cluster, service: ecsName }: Target["names"],
  service: string,
  { from, to }: Window,
): Promise<string[]> {
  const all = await serviceDeployments(ecs, cluster, ecsName(service));
  const ended = all.filter(
    ({ createdAt, status }) =>
      createdAt && createdAt >= from && createdAt <= to && status !== "SUCCESSFUL",
  );
  const found: string[] = [];
  for (const { serviceDeploymentArn } of ended) {
    const described = await describeServiceDeployment(ecs, serviceDeploymentArn);
    found.push(...(described?.alarms?.triggeredAlarmNames ?? []));
  }
  return [...new Set(found)];
}

async function firingAlarms(
  { clients, target: { names, config } }: ExplainOptions,
  gaps: string[],
): Promise<readonly FiringAlarm[]> {
  const also = config.pipeline?.alarms ? config.pipeline.alarms.also : [];
  const states = await reader(gaps)("which alarms fire", () =>
    statesOf(clients.cloudwatch, names, also),
  );
  return states?.firing ?? [];
}
