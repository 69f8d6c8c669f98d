import { execFile } from "node:child_process";
import { promisify } from "node:util";
import {
  DescribeServicesCommand,
  ExecuteCommandCommand,
  type Container,
  type ECSClient,
  type Session,
  type Task,
} from "@aws-sdk/client-ecs";
import { appContainer } from "../contract/containers";
import { DeliveryError, isNamed, messageOf } from "../delivery/errors";
import { taskId } from "../delivery/explain/tasks";
import type { Target } from "../delivery/target";
import { runningTasks } from "../delivery/tasks";
import { meantHint } from "../stacks/config/nearest";
import { attached } from "./attached";
import { servicesMeant } from "./services";

export interface ExecOptions {
  readonly ecs: Pick<ECSClient, "send">;
  readonly target: Target;
  /** As config calls it. */
  readonly service: string;
  /** Words; none for a shell. */
  readonly command: readonly string[];
  /** Id of a task, or how it begins. Default: the newest that runs. */
  readonly task?: string;
  /** Default: the service's own. */
  readonly container?: string;
}

/** Where a session is to be opened, and what runs in it. */
export interface SessionPlace {
  readonly cluster: string;
  readonly taskArn: string;
  readonly container: string;
  /** Of the container, as Session Manager names it. */
  readonly runtimeId: string;
  readonly command: string;
}

const shell = "/bin/sh";
const agentName = "ExecuteCommandAgent";

/**
 * Finds the container that a session is opened in, and whether one can be: nothing is opened.
 * @throws DeliveryError where config does not allow it, no task runs, or the agent of ECS does not, with what to do.
 */
export async function findSessionPlace(options: ExecOptions): Promise<SessionPlace> {
  const { ecs, target, command, container = appContainer } = options;
  const { config, names, stack } = target;
  const [service] = servicesMeant(target, [options.service], "hosted");
  if (!config.services[service].exec) {
    const risk =
      config.kind === "production" ? ", which production has off unless it is asked for" : "";
    throw new DeliveryError(
      `${stack} lets nobody open a session in ${service}: services.${service}.exec is off${risk}. To allow it, set in Pulumi.${stack}.yaml ` +
        `gantry:services.${service}.exec to true, and: pulumi up --stack ${stack}, which starts its tasks anew`,
    );
  }
  const ecsName = names.service(service);
  const { services = [] } = await ecs.send(
    new DescribeServicesCommand({ cluster: names.cluster, services: [ecsName] }),
  );
  if (services.find(({ status }) => status === "ACTIVE")?.enableExecuteCommand !== true) {
    throw new DeliveryError(
      `ECS lets nobody open a session in ${service} of ${stack}, which config allows: it was not applied yet. ` +
        `Apply it: pulumi up --stack ${stack}`,
    );
  }
  const task = taskMeant(
    await runningTasks(ecs as ECSClient, names.cluster, ecsName),
    options.task,
    `${service} of ${stack}`,
  );
  if (!task.enableExecuteCommand) {
    throw new DeliveryError(
      `task ${taskId(task)} of ${service} began before sessions were allowed. Start it anew: gantry restart ${service} --stack ${stack}`,
    );
  }
  const found = containerMeant(task, container);
  const agent = found.managedAgents?.find(({ name }) => name === agentName);
  if (agent?.lastStatus !== "RUNNING") {
    const reason = agent?.reason ? `: ${agent.reason}` : "";
    throw new DeliveryError(
      `the agent for sessions is ${agent?.lastStatus ?? "not there"} in ${container} of task ${taskId(task)}${reason}. A task that has ` +
        `just begun takes some seconds; else its role, its network (ssmmessages) or a root file system that cannot be written to ` +
        `keeps it from that. Another task, or a new one: gantry restart ${service} --stack ${stack}`,
    );
  }
  return {
    ...{ cluster: names.cluster, taskArn: task.taskArn ?? "", container },
    runtimeId: found.runtimeId ?? "",
    command: command.length === 0 ? shell : commandLine(command),
  };
}

function taskMeant(tasks: readonly Task[], given: string | undefined, of: string): Task {
  const began = ({ startedAt }: Task) => startedAt?.getTime() ?? 0;
  const newestFirst = [...tasks].sort((a, b) => began(b) - began(a));
  if (newestFirst.length === 0) {
    throw new DeliveryError(
      `no task of ${of} runs, so there is none to open a session in; gantry status says why`,
    );
  }
  const meant =
    given === undefined ? newestFirst : newestFirst.filter((one) => taskId(one).startsWith(given));
  if (meant.length > 0 && (given === undefined || meant.length === 1)) return meant[0];
  throw new DeliveryError(
    meant.length === 0
      ? `no task ${given} of ${of} runs. Those that do:`
      : `several tasks of ${of} begin with ${given}:`,
    (meant.length === 0 ? newestFirst : meant).map(taskId),
  );
}

function containerMeant({ containers = [], ...task }: Task, given: string): Container {
  const found = containers.find(({ name }) => name === given);
  if (found) return found;
  const names = containers.flatMap(({ name }) => name ?? []);
  throw new DeliveryError(
    `task ${taskId(task)} has no container ${given}: it has ${names.join(", ")}.${meantHint(given, names, " ")}`,
  );
}

/** One word goes as it was typed; several so that each stays one. */
function commandLine(words: readonly string[]): string {
  if (words.length === 1) return words[0];
  return words
    .map((word) => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`))
    .join(" ");
}

const plugin = "session-manager-plugin";
/** The plugin takes what a session is opened with from this variable, by its name in the place of the first argument. */
const responseVariable = "AWS_SSM_START_SESSION_RESPONSE";
/** The last version that does not ("sessionmanager.py", AWS CLI). */
const lastWithout = [1, 2, 497, 0];

const run = promisify(execFile);

/**
 * The version of AWS's plugin for sessions, which has the terminal.
 * @throws DeliveryError where it is not installed.
 */
export async function pluginVersion(): Promise<string> {
  try {
    return (await run(plugin, ["--version"], { timeout: 10_000 })).stdout.trim();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") {
      throw new DeliveryError(`${plugin} does not say its version: ${(error as Error).message}`);
    }
    throw new DeliveryError(
      `AWS's ${plugin} is not installed, or not on the PATH; no session was opened. Install it: ` +
        "https://docs.aws.amazon.com/systems-manager/latest/userguide/session-manager-working-with-install-plugin.html",
    );
  }
}

function takesVariable(version: string): boolean {
  if (!/^\d+(\.\d+){0,3}$/.test(version)) return false;
  const parts = version.split(".").map(Number);
  const index = lastWithout.findIndex((part, at) => part !== (parts[at] ?? 0));
  return index >= 0 && (parts[index] ?? 0) > lastWithout[index];
}

export interface SessionOptions {
  readonly ecs: Pick<ECSClient, "send">;
  readonly region: string;
  readonly place: SessionPlace;
  /** Of {@link pluginVersion}. */
  readonly version: string;
}

/**
 * Opens the session and hands this process's terminal to it until it ends.
 * @returns the exit code of the plugin, which is that of the session and not of the command in it.
 * @throws DeliveryError where ECS opens none.
 */
export async function openExecSession(options: SessionOptions): Promise<number> {
  const { ecs, region, place, version } = options;
  const { cluster, taskArn, runtimeId } = place;
  const session = await opened(ecs, place);
  const { sessionId: SessionId, streamUrl: StreamUrl, tokenValue: TokenValue } = session;
  const answer = JSON.stringify({ SessionId, StreamUrl, TokenValue });
  // Whoever lists processes shall not read the token, which opens the session.
  const isHidden = takesVariable(version);
  // By these the plugin takes a session up again whose connection was lost; SSM's address it finds by the region.
  const target = JSON.stringify({ Target: `ecs:${cluster}_${taskId({ taskArn })}_${runtimeId}` });
  const profile = process.env.AWS_PROFILE ?? "";
  const code = await attached(
    plugin,
    [isHidden ? responseVariable : answer, region, "StartSession", profile, target],
    { env: isHidden ? { ...process.env, [responseVariable]: answer } : process.env },
  );
  return code ?? 1;
}

async function opened(
  ecs: Pick<ECSClient, "send">,
  { cluster, taskArn, container, command }: SessionPlace,
): Promise<Session> {
  try {
    const { session } = await ecs.send(
      new ExecuteCommandCommand({ cluster, task: taskArn, container, command, interactive: true }),
    );
    if (session) return session;
    throw new DeliveryError("ECS answers no session. Try it again");
  } catch (error) {
    const refusals = ["TargetNotConnectedException", "InvalidParameterException"];
    if (!refusals.some((name) => isNamed(error, name))) throw error;
    throw new DeliveryError(
      `ECS opens no session in task ${taskId({ taskArn })}: ${messageOf(error)}`,
    );
  }
}
