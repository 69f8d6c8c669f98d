import { DescribeTasksCommand } from "@aws-sdk/client-ecs";
import {
  DescribeExecutionCommand,
  GetExecutionHistoryCommand,
  StartExecutionCommand,
  type DescribeExecutionCommandOutput,
} from "@aws-sdk/client-sfn";
import { appContainer } from "../contract/containers";
import { logQueryLine, logQueryPage } from "../contract/logQuery";
import { isRecord } from "../contract/record";
import { ownAccount } from "./account";
import type { Clients } from "./clients";
import type { Clock } from "./clock";
import { DeliveryError, isNamed } from "./errors";
import { failedLogs } from "./explain/containers";
import { LogTail } from "./explain/follow";
import { loggedElsewhere, logPlaceOf } from "./explain/place";
import { taskId } from "./explain/tasks";
import { jobsOf } from "./jobs";
import { meantHint } from "../stacks/config/nearest";
import type { Target } from "./target";

export interface RunJobOptions {
  readonly clients: Pick<Clients, "sfn" | "sts" | "ecs" | "logs">;
  readonly target: Target;
  /** As config calls it. */
  readonly job: string;
  /** Of the execution, by which a repeated request starts no second one. */
  readonly name: string;
  readonly clock: Clock;
  /** Receives each line that the job logs. */
  readonly print: (line: string) => void;
  /** Receives what happens beside it. */
  readonly progress: (line: string) => void;
}

const pollMs = 3_000;

/**
 * Starts a job's state machine, as its schedule does, and follows the log of its tasks until it is over.
 * @returns the exit code of the job: 0, or what the last task ended with; 1 where there was none.
 * @throws DeliveryError where there is no such job, it was not made, or the run was left out since an earlier one is not over.
 */
export async function runJob(options: RunJobOptions): Promise<number> {
  const { clients, clock, job, progress } = options;
  const executionArn = await start(options);
  progress(`${job}: started ${executionArn}`);
  const follower = new Follower(options, executionArn);
  for (;;) {
    // Asked before the log, so that what was written until the end is seen.
    const execution = await clients.sfn.send(new DescribeExecutionCommand({ executionArn }));
    await follower.follow();
    if (execution.status !== "RUNNING") return ended(options, execution, follower);
    await clock.sleep(pollMs);
  }
}

/**
 * What a run is, for whoever is asked before, one a line.
 * @throws DeliveryError where there is no such job.
 */
export function runJobActs({ config, stack }: Target, job: string): string[] {
  const jobs = jobsOf(config);
  if (!jobs.includes(job)) {
    throw new DeliveryError(
      `${stack} has no job ${job}: ${jobs.length > 0 ? `its jobs are ${jobs.join(", ")}` : "it has none"}. Nothing was started.${meantHint(job, jobs, " ")}`,
    );
  }
  return [`${job} of ${stack} runs now, as its schedule has it, of the release that is current`];
}

async function start({ clients, target, job, name }: RunJobOptions): Promise<string> {
  const { names, region, stack } = target;
  runJobActs(target, job);
  const { partition, accountId } = await ownAccount(clients.sts, target);
  const place = `arn:${partition}:states:${region}:${accountId}`;
  const stateMachineArn = `${place}:stateMachine:${names.service(job)}`;
  try {
    const { executionArn = "" } = await clients.sfn.send(
      new StartExecutionCommand({ stateMachineArn, name, input: "{}" }),
    );
    return executionArn;
  } catch (error) {
    if (!isNamed(error, "StateMachineDoesNotExist")) throw error;
    throw new DeliveryError(
      `the job ${job} of ${stack} was not made: there is no state machine ${stateMachineArn}. Nothing was started. ` +
        `Make it: pulumi up --stack ${stack}`,
    );
  }
}

async function ended(
  { clients, clock, target, job, progress }: RunJobOptions,
  {
    status,
    cause,
    error,
    output = "{}",
    startDate,
    stopDate = clock.now(),
  }: DescribeExecutionCommandOutput,
  follower: Follower,
): Promise<number> {
  const said: unknown = status === "SUCCEEDED" ? JSON.parse(output) : {};
  if (isRecord(said) && typeof said.skipped === "string") {
    throw new DeliveryError(
      `this run of ${job} was left out: ${said.skipped}. Wait until that has ended, or allow it: overlap: true`,
    );
  }
  if (status === "SUCCEEDED") {
    progress(`${job}: succeeded`);
    return 0;
  }
  progress(`${job}: ${cause ?? error ?? `ended as ${status}`}`);
  if (follower.task === undefined) return 1;
  const { tasks = [] } = await clients.ecs.send(
    new DescribeTasksCommand({ cluster: target.names.cluster, tasks: [follower.task] }),
  );
  const [task] = tasks;
  const { names, region } = target;
  if (task) {
    // The job's own log has been printed.
    const sidecars = { logs: clients.logs, names, service: job, own: undefined };
    for (const line of (await failedLogs(task, sidecars)).flat()) progress(`${job}: ${line}`);
  }
  if (startDate) {
    const window = { from: startDate.toISOString(), to: stopDate.toISOString() };
    const page = logQueryPage({ region, logGroupName: names.logGroup(job), ...window });
    progress(`${job}: ${logQueryLine(page)}`);
  }
  const app = task?.containers?.find(({ name }) => name === appContainer);
  // A task that was stopped may have ended well, and the run has failed all the same.
  return app?.exitCode || 1;
}

/** Prints what the tasks of an execution log, attempt by attempt. */
class Follower {
  /** ARN of the newest attempt's task. */
  task?: string;
  private tail?: LogTail;

  constructor(
    private readonly options: RunJobOptions,
    private readonly executionArn: string,
  ) {}

  async follow(): Promise<void> {
    const { clients, target, job, print, progress } = this.options;
    const task = await this.newestTask();
    if (task !== undefined && task !== this.task) {
      for (const line of (await this.tail?.next()) ?? []) print(line);
      this.task = task;
      const id = taskId({ taskArn: task });
      progress(`${job}: task ${id}`);
      const elsewhere = loggedElsewhere(target.config, job);
      if (elsewhere !== undefined) progress(`${job}: ${elsewhere}`);
      this.tail = new LogTail(clients.logs, logPlaceOf(target.names, { service: job }, id));
    }
    for (const line of (await this.tail?.next()) ?? []) print(line);
  }

  private async newestTask(): Promise<string | undefined> {
    const { events = [] } = await this.options.clients.sfn.send(
      new GetExecutionHistoryCommand({ executionArn: this.executionArn, reverseOrder: true }),
    );
    const output = events.find(({ type }) => type === "TaskSubmitted")?.taskSubmittedEventDetails
      ?.output;
    if (output === undefined) return undefined;
    const { Tasks = [] } = JSON.parse(output) as { Tasks?: readonly { TaskArn?: string }[] };
    return Tasks.at(0)?.TaskArn;
  }
}
