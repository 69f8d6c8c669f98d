import {
  DescribeTaskDefinitionCommand,
  DescribeTasksCommand,
  RegisterTaskDefinitionCommand,
  StopTaskCommand,
  type Service,
  type Task,
  type TaskDefinition,
} from "@aws-sdk/client-ecs";
import { appContainer } from "../contract/containers";
import { logQueryLine, logQueryPage } from "../contract/logQuery";
import type { Clients } from "../delivery/clients";
import type { Clock } from "../delivery/clock";
import { DeliveryError } from "../delivery/errors";
import { failedLogs } from "../delivery/explain/containers";
import { LogTail } from "../delivery/explain/follow";
import { stopText, taskId } from "../delivery/explain/tasks";
import { releaseStreamPrefix, releaseTaskDefinition } from "../delivery/releaseCommand/definition";
import { activeService, oneOffOf, startOneOff } from "../delivery/releaseCommand/start";
import type { Target } from "../delivery/target";
import { servicesMeant } from "./services";

export interface OneOffOptions {
  readonly clients: Pick<Clients, "ecs" | "logs">;
  readonly target: Target;
  /** As config calls it. */
  readonly service: string;
  /** Words, in place of the image's own command. */
  readonly command: readonly string[];
  /** After which it is stopped. */
  readonly timeoutMinutes: number;
  /** Who, for people: the task carries it. */
  readonly actor: string;
  readonly clock: Clock;
  /** Receives each line that it logs. */
  readonly print: (line: string) => void;
  /** Receives what happens beside it. */
  readonly progress: (line: string) => void;
  /** Is told how the task is stopped by hand, once it is started. Default: nobody is. */
  readonly started?: (stop: string) => void;
}

/** What a one-off task would be, looked at before anybody is asked. */
export interface OneOffPlan {
  /** For people. */
  readonly act: string;
  readonly service: string;
  readonly described: Service;
  readonly current: TaskDefinition;
  /** That the service runs. */
  readonly image: string;
}

const pollMs = 3_000;

/**
 * Looks at what a service runs, of which a one-off task is made. Nothing is started.
 * @throws DeliveryError where there is no such service, or ECS has not got it.
 */
export async function planOneOff(options: OneOffOptions): Promise<OneOffPlan> {
  const { clients, target, command, timeoutMinutes } = options;
  const { stack, names } = target;
  const [service] = servicesMeant(target, [options.service], "hosted");
  const described = await activeService(clients.ecs, target, service);
  if (!described) {
    throw new DeliveryError(
      `${service} of ${stack} has no service to run like: ECS has no active ${names.service(service)}. Nothing was started. ` +
        `Make it: pulumi up --stack ${stack}`,
    );
  }
  const { taskDefinition: current } = await clients.ecs.send(
    new DescribeTaskDefinitionCommand({ taskDefinition: described.taskDefinition }),
  );
  const image = current?.containerDefinitions?.find(({ name }) => name === appContainer)?.image;
  if (!current || image === undefined) {
    throw new DeliveryError(
      `${described.taskDefinition} of ${service} has no container ${appContainer}. Nothing was started.`,
    );
  }
  return {
    ...{ service, described, current, image },
    act:
      `${service} of ${stack}: runs ${command.join(" ")} as a task of its own, with the image that the service is on (${image}), ` +
      `its roles, secrets and network, for ${timeoutMinutes} min at most`,
  };
}

/**
 * Runs a command as a one-off task of what a service runs, and follows its log to the end.
 * @returns the exit code of the command; 1 where it never started.
 * @throws DeliveryError where there is no room for it, and where it took longer than it may, which stops it.
 */
export async function runOneOff(options: OneOffOptions, plan: OneOffPlan): Promise<number> {
  const { clients, target, clock, timeoutMinutes, print, progress } = options;
  const { cluster } = target.names;
  const { service } = plan;
  const deadline = clock.now().getTime() + timeoutMinutes * 60_000;
  let task = await start(options, plan);
  const id = taskId(task);
  progress(`${service}: task ${id}`);
  options.started?.(
    `aws ecs stop-task --cluster ${cluster} --task ${id} --region ${target.region}`,
  );
  const own = {
    logGroupName: target.names.logGroup(service),
    logStreamName: `${releaseStreamPrefix}/${appContainer}/${id}`,
  };
  const tail = new LogTail(clients.logs, own);
  for (;;) {
    // Asked before the log, so that what was written until the end is seen.
    const isOver = task.lastStatus === "STOPPED";
    for (const line of await tail.next()) print(line);
    if (isOver) return ended(options, plan, task);
    if (clock.now().getTime() >= deadline) {
      const reason = `gantry run: took longer than ${timeoutMinutes} min`;
      await clients.ecs.send(new StopTaskCommand({ cluster, task: task.taskArn, reason }));
      throw new DeliveryError(
        `${options.command.join(" ")} of ${service} took longer than ${timeoutMinutes} min and was stopped (task ${id}). ` +
          "Give it longer: --timeout 2h",
      );
    }
    await clock.sleep(pollMs);
    const { tasks = [] } = await clients.ecs.send(
      new DescribeTasksCommand({ cluster, tasks: [task.taskArn ?? ""] }),
    );
    if (!tasks[0])
      throw new DeliveryError(`task ${id} of ${service} vanished: ECS does not know it`);
    [task] = tasks;
  }
}

async function start(
  { clients: { ecs }, target, command, actor }: OneOffOptions,
  { service, described, current, image }: OneOffPlan,
): Promise<Task> {
  const one = oneOffOf(target, service);
  const { taskDefinition } = await ecs.send(
    new RegisterTaskDefinitionCommand(releaseTaskDefinition(current, { ...one, image, command })),
  );
  const task = await startOneOff({
    ...{ ecs, cluster: target.names.cluster, described },
    taskDefinition: taskDefinition?.taskDefinitionArn ?? one.family,
    startedBy: `gantry-run/${actor.replace(/[^\w/-]/g, "-")}`.slice(0, 128),
  });
  if (typeof task !== "string") return task;
  throw new DeliveryError(`the task of ${service} could not start: ${task}. Nothing runs of it.`);
}

async function ended(
  { clients, clock, target, progress }: OneOffOptions,
  { service }: OneOffPlan,
  task: Task,
): Promise<number> {
  const app = task.containers?.find(({ name }) => name === appContainer);
  if (app?.exitCode === 0) {
    progress(`${service}: succeeded`);
    return 0;
  }
  progress(`${service}: ${stopText(task)}`);
  const { names, region } = target;
  // Its own log has been printed.
  const sidecars = { logs: clients.logs, names, service, own: undefined };
  for (const line of (await failedLogs(task, sidecars)).flat()) progress(`${service}: ${line}`);
  const now = clock.now();
  const page = logQueryPage({
    ...{ region, logGroupName: names.logGroup(service), stream: taskId(task) },
    ...{ from: (task.createdAt ?? now).toISOString(), to: now.toISOString() },
  });
  progress(`${service}: ${logQueryLine(page)}`);
  return app?.exitCode ?? 1;
}
