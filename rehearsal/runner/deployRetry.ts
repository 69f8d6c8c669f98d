import { setTimeout as pause } from "node:timers/promises";
import {
  CodePipelineClient,
  GetPipelineStateCommand,
  type GetPipelineStateCommandInput,
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
import jsonata from "jsonata";
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
  readonly startedAt: number;
}

/**
 * Plays Step Functions for an execution of a pipeline that has failed and waits to be tried again: does what the state machine
 * says, under its role.
 * @returns whether CodePipeline has begun the stage again; false where nothing waits, or for longer than a rehearsal does.
 */
export async function triedAgain(options: RetryOptions): Promise<boolean> {
  const { connection, executionId, log } = options;
  const waiting = await waitingFor(connection, executionId);
  const newest = waiting.at(-1);
  if (!newest) return false;
  const { definition, roleArn } = await machineOf(connection, newest.stateMachineArn);
  const act = async () => {
    const keys = await assumeRole(connection, {
      ...{ roleArn, service: "states.amazonaws.com", sourceArn: newest.stateMachineArn },
      sourceAccount: accountOf(roleArn),
    });
    return new CodePipelineClient(connection.as(keys));
  };
  const ended = await played(definition, newest.input, act, options);
  if (ended === "later") return false;
  // What waits since a refusal before that one would find a later build, and do nothing.
  const sfn = new SFNClient(connection.root);
  for (const { executionArn } of waiting)
    await sfn.send(new StopExecutionCommand({ executionArn }));
  if (ended === "overtaken") log("its stage is not tried again: a later build has begun in it");
  return ended === "retried";
}

/** Those of an execution of the pipeline, the newest last. */
async function waitingFor({ root }: Connection, executionId: string): Promise<Waiting[]> {
  const sfn = new SFNClient(root);
  const found: Waiting[] = [];
  const { stateMachines = [] } = await sfn.send(new ListStateMachinesCommand({}));
  for (const { stateMachineArn = "" } of stateMachines) {
    const { executions = [] } = await sfn.send(
      new ListExecutionsCommand({ stateMachineArn, statusFilter: "RUNNING" }),
    );
    for (const { executionArn = "" } of executions) {
      const { input = "{}", startDate } = await sfn.send(
        new DescribeExecutionCommand({ executionArn }),
      );
      const read: unknown = JSON.parse(input);
      if (isRecord(read) && read.execution === executionId) {
        const startedAt = startDate?.getTime() ?? 0;
        found.push({ executionArn, stateMachineArn, input: read, startedAt });
      }
    }
  }
  return found.sort((one, other) => one.startedAt - other.startedAt);
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
  readonly Timestamp?: string;
  readonly Seconds?: number;
  readonly Arguments?: Readonly<Record<string, unknown>>;
  readonly Output?: unknown;
  readonly Choices?: readonly { readonly Condition: string; readonly Next: string }[];
  readonly Default?: string;
  readonly Next?: string;
}

interface Definition {
  readonly StartAt: string;
  readonly States: Readonly<Record<string, State>>;
}

/** @throws Error where it does anything else: no other state machine is known to wait for a pipeline. */
async function played(
  { StartAt, States }: Definition,
  given: Waiting["input"],
  act: () => Promise<CodePipelineClient>,
  { log, signal }: RetryOptions,
): Promise<"retried" | "overtaken" | "later"> {
  const until = Date.now() + mostMinutes * 60_000;
  let input: unknown = given;
  let next: string | undefined = StartAt;
  while (next !== undefined) {
    const state: State = States[next];
    next = state.Next;
    const evaluated = (value: unknown, result?: unknown) => valueOf(value, { input, result });
    switch (`${state.Type} ${state.Resource?.split(":").at(-1) ?? ""}`.trim()) {
      case "Wait": {
        const { Timestamp, Seconds = 0 } = state;
        const at = Timestamp
          ? Date.parse(String(await evaluated(Timestamp)))
          : Date.now() + Seconds * 1000;
        const time = new Date(at).toISOString();
        if (at > until) {
          log(`its stage is tried again at ${time}, for which a rehearsal does not wait`);
          return "later";
        }
        log(`waiting until ${time}, when its stage is tried again ...`);
        await pause(Math.max(0, at - Date.now()), undefined, { signal }).catch(() => undefined);
        if (signal?.aborted) return "later";
        break;
      }
      case "Task getPipelineState": {
        const request = await requestOf(state, evaluated);
        const command = new GetPipelineStateCommand(request as GetPipelineStateCommandInput);
        const answer = await (await act()).send(command);
        input = await evaluated(state.Output, spelt(answer));
        break;
      }
      case "Choice": {
        next = state.Default;
        for (const { Condition, Next } of state.Choices ?? []) {
          if (next === state.Default && (await evaluated(Condition)) === true) next = Next;
        }
        break;
      }
      case "Task retryStageExecution": {
        const request = await requestOf(state, evaluated);
        const command = new RetryStageExecutionCommand(request as RetryStageExecutionCommandInput);
        try {
          await (await act()).send(command);
          return "retried";
        } catch (error) {
          log(`its stage is not tried again: ${messageOf(error)}`);
          return "overtaken";
        }
      }
      case "Succeed":
        return "overtaken";
      default:
        throw new Error(
          `a state machine with a state as ${JSON.stringify(state)} cannot be rehearsed`,
        );
    }
  }
  return "overtaken";
}

/** As the SDK spells it, of how Step Functions does. */
async function requestOf(
  { Arguments = {} }: State,
  evaluated: (value: unknown) => Promise<unknown>,
): Promise<object> {
  const request: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(Arguments)) {
    request[`${name.slice(0, 1).toLowerCase()}${name.slice(1)}`] = await evaluated(value);
  }
  return request;
}

/** And the other way round. */
function spelt(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(spelt);
  if (!isRecord(value) || value instanceof Date) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, one]) => [
      `${name.slice(0, 1).toUpperCase()}${name.slice(1)}`,
      spelt(one),
    ]),
  );
}

/** A plain value, or what an expression of JSONata comes to. */
function valueOf(value: unknown, states: object): Promise<unknown> {
  const [, expression] = /^\{%(.*)%\}$/s.exec(typeof value === "string" ? value : "") ?? [];
  return expression === undefined
    ? Promise.resolve(value)
    : jsonata(expression).evaluate({}, { states });
}
