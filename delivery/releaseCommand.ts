import {
  DescribeTaskDefinitionCommand,
  DescribeTasksCommand,
  ListTasksCommand,
  RegisterTaskDefinitionCommand,
  StopTaskCommand,
  type Service,
  type Task,
} from "@aws-sdk/client-ecs";
import { DescribeRepositoriesCommand } from "@aws-sdk/client-ecr";
import { appContainer } from "../contract/containers";
import type { Release } from "../contract/manifest";
import type { Clients } from "./clients";
import type { Clock } from "./clock";
import { logQueryLine, logQueryPage } from "../contract/logQuery";
import { DeliveryError } from "./errors";
import { failedLogs } from "./explain/containers";
import { stopText, taskId } from "./explain/tasks";
import { releaseStreamPrefix, releaseTaskDefinition } from "./releaseCommand/definition";
import { plannedTaskDefinition, type PlannedInputs } from "./releaseCommand/planned";
import { activeService, oneOffOf, startOneOff } from "./releaseCommand/start";
import type { Target } from "./target";

/** `services.<service>.releaseCommand` of the config. */
export interface ReleaseCommand {
  /** Words, in place of the image's own command. */
  readonly command: readonly string[];
  readonly timeoutMinutes: number;
}

export interface ReleaseCommandOptions {
  readonly clients: Pick<Clients, "ecs" | "ecr" | "logs">;
  readonly target: Target;
  readonly release: Release;
  /** As config calls it. */
  readonly service: string;
  readonly releaseCommand: ReleaseCommand;
  /** Of the deployment: a rerun of it adopts the task that an earlier run started. */
  readonly number: number;
  readonly clock: Clock;
  /** What the update would make of the service's task definition. Undefined, and by default: what is there. */
  readonly planned?: () => Promise<PlannedInputs | undefined>;
  /** Default: nobody is told. */
  readonly progress?: (line: string) => void;
}

const pollMs = 5_000;

/**
 * Runs a service's release command, such as a migration, as a one-off task of the release's image, before the service
 * is updated. It runs once in a deployment: a rerun waits for the task that is there, and takes its result.
 * @throws DeliveryError where it cannot start, exits with anything but 0, or takes too long, which stops it; with its
 *   last log lines, or those of the sidecars that failed. The service is unchanged.
 */
export async function runReleaseCommand(options: ReleaseCommandOptions): Promise<void> {
  const { service, releaseCommand, number, progress = () => undefined } = options;
  const adopted = await startedBefore(options);
  if (adopted) {
    progress(
      `${service}: deployment ${number} has started its release command: ${taskId(adopted)}`,
    );
    await outcome(options, adopted);
    return;
  }
  const described = await describeService(options);
  const taskDefinition = await register(options, described);
  const task = await start(options, described, taskDefinition);
  progress(`${service}: release command ${releaseCommand.command.join(" ")}: task ${taskId(task)}`);
  await outcome(options, task);
}

function familyOf({ target, service }: ReleaseCommandOptions): string {
  return target.names.releaseCommandFamily(service);
}

/** What an earlier run of the same deployment started: ECS shows stopped tasks for an hour. */
async function startedBefore(options: ReleaseCommandOptions): Promise<Task | undefined> {
  const { clients, target, number } = options;
  const { cluster } = target.names;
  for (const desiredStatus of ["RUNNING", "STOPPED"] as const) {
    const { taskArns = [] } = await clients.ecs.send(
      new ListTasksCommand({ cluster, family: familyOf(options), desiredStatus }),
    );
    if (taskArns.length === 0) continue;
    const { tasks = [] } = await clients.ecs.send(
      new DescribeTasksCommand({ cluster, tasks: taskArns }),
    );
    const own = tasks.find(({ startedBy }) => startedBy === startedByOf(number));
    if (own) return own;
  }
  return undefined;
}

/** By whom ECS says that the release commands of a deployment were started. */
export function startedByOf(number: number): string {
  return `gantry-${number}`;
}

async function describeService({ clients, target, service }: ReleaseCommandOptions) {
  const active = await activeService(clients.ecs, target, service);
  if (active) return active;
  const { names, stack } = target;
  throw new DeliveryError(
    `the release command of ${service} has no service to run like: ECS has no active ${names.service(service)}. ` +
      `Make it: pulumi up --stack ${stack}`,
  );
}

async function register(options: ReleaseCommandOptions, described: Service): Promise<string> {
  const { clients, target, release, service, releaseCommand, planned } = options;
  const { taskDefinition: current } = await clients.ecs.send(
    new DescribeTaskDefinitionCommand({ taskDefinition: described.taskDefinition }),
  );
  if (!current) throw new Error(`ECS answers no task definition ${described.taskDefinition}`);
  // The environment's own repository, as the program itself takes it: not what the manifest says of where it was built.
  const { repositories = [] } = await clients.ecr.send(
    new DescribeRepositoriesCommand({ repositoryNames: [target.names.repository(service)] }),
  );
  const { taskDefinition } = await clients.ecs.send(
    new RegisterTaskDefinitionCommand(
      releaseTaskDefinition(plannedTaskDefinition(current, await planned?.(), service), {
        ...oneOffOf(target, service),
        image: `${repositories[0]?.repositoryUri}@${release.images[service].digest}`,
        command: releaseCommand.command,
      }),
    ),
  );
  return taskDefinition?.taskDefinitionArn ?? familyOf(options);
}

async function start(
  { clients, target, service, number }: ReleaseCommandOptions,
  described: Service,
  taskDefinition: string,
): Promise<Task> {
  const task = await startOneOff({
    ...{ ecs: clients.ecs, cluster: target.names.cluster, described, taskDefinition },
    startedBy: startedByOf(number),
  });
  if (typeof task !== "string") return task;
  throw new DeliveryError(
    `the release command of ${service} could not start: ${task}. ` +
      "The service is unchanged; what runs goes on. Run the deployment again when there is capacity.",
  );
}

/** Waits until the task has ended, and judges it. */
async function outcome(options: ReleaseCommandOptions, started: Task): Promise<void> {
  const { clients, target, service, releaseCommand, clock, progress } = options;
  const { cluster } = target.names;
  const deadline = clock.now().getTime() + releaseCommand.timeoutMinutes * 60_000;
  let task = started;
  while (task.lastStatus !== "STOPPED") {
    if (clock.now().getTime() >= deadline) {
      const minutes = `${Math.round(releaseCommand.timeoutMinutes * 10) / 10} min`;
      const reason = `gantry: the release command took longer than ${minutes}`;
      await clients.ecs.send(new StopTaskCommand({ cluster, task: task.taskArn, reason }));
      throw await failure(options, task, `took longer than ${minutes} and was stopped`);
    }
    await clock.sleep(pollMs);
    const { tasks = [] } = await clients.ecs.send(
      new DescribeTasksCommand({ cluster, tasks: [task.taskArn ?? ""] }),
    );
    if (!tasks[0]) throw await failure(options, task, "vanished: ECS does not know its task");
    [task] = tasks;
  }
  const exitCode = task.containers?.find(({ name }) => name === appContainer)?.exitCode;
  if (exitCode !== 0) {
    const what = exitCode === undefined ? "did not start" : `failed with exit code ${exitCode}`;
    throw await failure(options, task, `${what}: ${stopText(task)}`);
  }
  progress?.(`${service}: the release command succeeded`);
}

async function failure(
  { clients, clock, target, service }: ReleaseCommandOptions,
  task: Task,
  what: string,
): Promise<DeliveryError> {
  const { names, region } = target;
  const logGroupName = names.logGroup(service);
  const now = clock.now();
  const own = {
    logGroupName,
    logStreamName: `${releaseStreamPrefix}/${appContainer}/${taskId(task)}`,
  };
  const tails = await failedLogs(task, { logs: clients.logs, names, service, own });
  return new DeliveryError(
    `the release command of ${service} ${what} (task ${taskId(task)}). The service is unchanged.`,
    [
      ...tails.flat(),
      logQueryLine(
        logQueryPage({
          ...{ region, logGroupName, stream: taskId(task) },
          from: (task.createdAt ?? now).toISOString(),
          to: now.toISOString(),
        }),
      ),
    ],
  );
}
