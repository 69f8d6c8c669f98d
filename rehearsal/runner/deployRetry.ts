import { setTimeout as pause } from "node:timers/promises";
import {
  CodePipelineClient,
  RetryStageExecutionCommand,
  type RetryStageExecutionCommandInput,
} from "@aws-sdk/client-codepipeline";
import {
  DescribeExecutionCommand,
  DescribeStateMachineCommand,
  ListExecutionsCommand,
  ListStateMachinesCommand,
  SFNClient,
  StopExecutionCommand,
} from "@aws-sdk/client-sfn";
import { isRecord } from "../../contract/record";
import { messageOf } from "../../delivery/errors";
import { accountOf } from "./pipelines";
import type { Connection } from "./connection";
import { assumeRole } from "./credentials";

/** Minutes for which a rehearsal waits until a stage is tried again: what opens later is another day's. */
const mostMinutes = 10;

export interface RetryOptions {
  readonly connection: Connection;
  readonly executionId: string;
  readonly log: (line: string) => void;
  /** Interrupts the wait. */
  readonly signal?: AbortSignal;
}

/** An execution of a state machine that waits, and then has the stage of a pipeline's execution tried again. */
interface Waiting {
  readonly executionArn: string;
  readonly stateMachineArn: string;
  readonly input: Readonly<Record<string, unknown>>;
}

/**
 * Plays Step Functions for an execution of a pipeline that has failed and waits to be tried again: waits as long, and then does
 * what the state machine says, under its role.
 * @returns whether CodePipeline has begun the stage again; false where nothing waits, or for longer than a rehearsal does.
 */
export async function triedAgain(options: RetryOptions): Promise<boolean> {
  const { connection, executionId, log, signal } = options;
  const waiting = await waitingFor(connection, executionId);
  if (!waiting) return false;
  const { definition, roleArn } = await machineOf(connection, waiting.stateMachineArn);
  const { wait, task } = statesOf(definition);
  const at = evaluated(wait.Timestamp, waiting.input);
  const left = Date.parse(at) - Date.now();
  if (!(left <= mostMinutes * 60_000)) {
    log(`its stage is tried again at ${at}, for which a rehearsal does not wait`);
    return false;
  }
  log(`waiting until ${at}, when its stage is tried again ...`);
  await pause(Math.max(0, left), undefined, { signal }).catch(() => undefined);
  if (signal?.aborted) return false;
  const keys = await assumeRole(connection, {
    ...{ roleArn, service: "states.amazonaws.com", sourceArn: waiting.stateMachineArn },
    sourceAccount: accountOf(roleArn),
  });
  const codepipeline = new CodePipelineClient(connection.as(keys));
  const given = Object.entries(task.Arguments).map(([name, value]) => [
    `${name.slice(0, 1).toLowerCase()}${name.slice(1)}`,
    evaluated(value, waiting.input),
  ]);
  const request = Object.fromEntries(given) as unknown as RetryStageExecutionCommandInput;
  try {
    await codepipeline.send(new RetryStageExecutionCommand(request));
    return true;
  } catch (error) {
    log(`its stage is not tried again: ${messageOf(error)}`);
    return false;
  } finally {
    const { executionArn } = waiting;
    await new SFNClient(connection.root).send(new StopExecutionCommand({ executionArn }));
  }
}

async function waitingFor({ root }: Connection, executionId: string): Promise<Waiting | undefined> {
  const sfn = new SFNClient(root);
  const { stateMachines = [] } = await sfn.send(new ListStateMachinesCommand({}));
  for (const { stateMachineArn = "" } of stateMachines) {
    const { executions = [] } = await sfn.send(
      new ListExecutionsCommand({ stateMachineArn, statusFilter: "RUNNING" }),
    );
    for (const { executionArn = "" } of executions) {
      const { input = "{}" } = await sfn.send(new DescribeExecutionCommand({ executionArn }));
      const read: unknown = JSON.parse(input);
      if (isRecord(read) && read.execution === executionId) {
        return { executionArn, stateMachineArn, input: read };
      }
    }
  }
  return undefined;
}

async function machineOf({ root }: Connection, stateMachineArn: string) {
  const { definition = "{}", roleArn = "" } = await new SFNClient(root).send(
    new DescribeStateMachineCommand({ stateMachineArn }),
  );
  return { definition: JSON.parse(definition) as Definition, roleArn };
}

interface State {
  readonly Type: string;
  readonly Resource?: string;
  readonly Timestamp?: unknown;
  readonly Arguments?: Readonly<Record<string, unknown>>;
  readonly Next?: string;
}

interface Definition {
  readonly StartAt: string;
  readonly States: Readonly<Record<string, State>>;
}

/** @throws Error where it does anything else: no other state machine is known to wait for a pipeline. */
function statesOf({ StartAt, States }: Definition) {
  const wait = States[StartAt];
  const { Resource = "", Arguments = {} } = States[wait?.Next ?? ""] ?? {};
  if (wait?.Type !== "Wait" || !Resource.endsWith(":aws-sdk:codepipeline:retryStageExecution")) {
    throw new Error(`a state machine that begins with ${StartAt} cannot be rehearsed`);
  }
  return { wait, task: { Arguments } };
}

/** A plain text, or what the input has. */
function evaluated(value: unknown, input: Waiting["input"]): string {
  const [, name] = /^\{% \$states\.input\.(\w+) %\}$/.exec(String(value)) ?? [];
  return String(name === undefined ? value : input[name]);
}
