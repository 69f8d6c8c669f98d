import { DescribeServicesCommand, type Service } from "@aws-sdk/client-ecs";
import { logQueryLine, logQueryPage } from "../contract/logQuery";
import type { Clients } from "./clients";
import type { Clock } from "./clock";
import { failedLogs } from "./explain/containers";
import { loggedElsewhere, logPlaceOf } from "./explain/place";
import { eventLines, targetGroupsOf, targetHealthLines } from "./explain/service";
import { failedTasks, stopLines, taskId } from "./explain/tasks";
import type { Target } from "./target";
import { messageOf } from "./errors";

export interface ExplainOptions {
  readonly clients: Pick<Clients, "ecs" | "logs" | "elb">;
  readonly target: Pick<Target, "names" | "region"> & {
    readonly config: Pick<Target["config"], "services">;
  };
  /** As config calls it. */
  readonly service: string;
  /** What happened before is left out: when the deployment began. */
  readonly since: Date;
  readonly clock: Pick<Clock, "now">;
}

const stopLimit = 4;

/**
 * Why a service did not come up, for people: stopped tasks, the log of the newest, target health, events, and a link to all that its
 * tasks have logged meanwhile. At most some fifty lines. What cannot be read is said and hides nothing else; this never throws.
 */
export async function explainFailure(options: ExplainOptions): Promise<string[]> {
  const lines: string[] = [];
  const read = reader(options.service, lines);
  const hasFailed = await explainTasks(options, lines, read);
  if (lines.length === 0) lines.push(`${options.service}: no task failed`);
  const described = await read("the service", () => describe(options));
  if (described) await explainService(options, described, lines, read);
  if (described || hasFailed) lines.push(logLine(options));
  return lines;
}

/** Of the same the stopped tasks alone, and when, with the log of the newest and the link: none where no task failed. This never throws. */
export async function taskFailures(options: ExplainOptions): Promise<string[]> {
  const lines: string[] = [];
  const hasFailed = await explainTasks(options, lines, reader(options.service, lines), true);
  if (hasFailed) lines.push(logLine(options));
  return lines;
}

function logLine({ clock, service, since, target: { names, region } }: ExplainOptions): string {
  const window = { from: since.toISOString(), to: clock.now().toISOString() };
  const page = logQueryPage({ region, logGroupName: names.logGroup(service), ...window });
  return `${service}: ${logQueryLine(page)}`;
}

type Read = <T>(what: string, ask: () => Promise<T>) => Promise<T | undefined>;

function reader(service: string, lines: string[]): Read {
  return async (what, ask) => {
    try {
      return await ask();
    } catch (error) {
      lines.push(`${service}: ${what} could not be read: ${messageOf(error)}`);
      return undefined;
    }
  };
}

async function explainTasks(
  { clients, target: { names, config }, service, since }: ExplainOptions,
  lines: string[],
  read: Read,
  when = false,
): Promise<boolean> {
  const tasks = await read("the stopped tasks", () =>
    failedTasks(clients.ecs, names.cluster, names.service(service), since),
  );
  if (!tasks?.length) return false;
  lines.push(...stopLines(tasks, stopLimit, when).map((line) => `${service}: ${line}`));
  const [newest] = tasks;
  const tails = await failedLogs(newest, {
    ...{ logs: clients.logs, names, service },
    own: logPlaceOf(names, { service }, taskId(newest)),
    elsewhere: loggedElsewhere(config, service),
  });
  for (const tail of tails) lines.push(...under(`${service}: task ${taskId(newest)}: `, tail));
  return true;
}

async function explainService(
  { clients, service, since }: ExplainOptions,
  described: Service,
  lines: string[],
  read: Read,
): Promise<void> {
  for (const arn of targetGroupsOf(described)) {
    const health = await read("the health of its targets", () =>
      targetHealthLines(clients.elb, arn),
    );
    lines.push(...under(`${service}: `, health));
  }
  lines.push(...eventLines(described, since).map((line) => `${service}: ${line}`));
}

async function describe({ clients, target: { names }, service }: ExplainOptions): Promise<Service> {
  const { services = [] } = await clients.ecs.send(
    new DescribeServicesCommand({ cluster: names.cluster, services: [names.service(service)] }),
  );
  const [described] = services;
  if (!described) throw new Error(`ECS does not know ${names.service(service)}`);
  return described;
}

/** Names who the first line is about; those below it are indented already. */
function under(prefix: string, lines: readonly string[] | undefined): string[] {
  return (lines ?? []).map((line, index) => (index === 0 ? prefix + line : line));
}
