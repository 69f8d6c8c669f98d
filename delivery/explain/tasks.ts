import type { Container, ECSClient, Task } from "@aws-sdk/client-ecs";
import { counted } from "../../contract/counted";
import { appContainer } from "../../contract/containers";
import { findTasks } from "../tasks";

/** The id of a task, which its log stream ends with. */
export function taskId({ taskArn = "" }: Pick<Task, "taskArn">): string {
  return taskArn.split("/").at(-1) ?? taskArn;
}

/**
 * The tasks of a service that ended by a fault, newest first. ECS remembers them for an hour.
 * @param since those that stopped before are left out.
 */
export async function failedTasks(
  ecs: ECSClient,
  cluster: string,
  serviceName: string,
  since: Date,
): Promise<Task[]> {
  // All of them: ECS lists them in no order, so the newest may be on any page.
  const tasks = await findTasks(ecs, { cluster, serviceName, desiredStatus: "STOPPED" });
  return tasks
    .filter((task) => stopTime(task) >= since.getTime() && !isOrdinary(task))
    .sort((a, b) => stopTime(b) - stopTime(a));
}

function stopTime({ stoppedAt, stoppingAt }: Task): number {
  return (stoppedAt ?? stoppingAt)?.getTime() ?? 0;
}

/** Whether the scheduler stopped it because fewer were wanted. A failed health check is the scheduler's, too. */
function isOrdinary({ stopCode, stoppedReason = "" }: Task): boolean {
  return stopCode === "ServiceSchedulerInitiated" && stoppedReason.startsWith("Scaling activity");
}

/** Why a task stopped: `Essential container in task exited (EssentialContainerExited); app: exit code 1`. */
export function stopText({ stoppedReason, stopCode, containers = [] }: Task): string {
  const reason = stoppedReason ?? "ECS gives no reason";
  // A process that merely ended is a failure of a service, too; otherwise its code says nothing.
  const ended =
    stopCode === "EssentialContainerExited" && containers.every(({ exitCode }) => !exitCode);
  return [
    stopCode ? `${reason} (${stopCode})` : reason,
    ...containers
      .map((container) => containerText(container, ended))
      .filter((text) => text !== undefined),
  ].join("; ");
}

/** What SIGTERM and SIGKILL leave: ECS ends the other containers of a task so. */
const endedAlong: readonly number[] = [137, 143];

/** The containers that failed by themselves, the service's own before others; it alone where none is known to have. */
export function failedContainers({ containers = [] }: Pick<Task, "containers">): string[] {
  const failed = containers.filter(
    ({ exitCode, reason }) =>
      reason !== undefined || ((exitCode ?? 0) !== 0 && !endedAlong.includes(exitCode ?? 0)),
  );
  const names = failed.flatMap(({ name }) => name ?? []);
  const sidecars = names.filter((name) => name !== appContainer);
  const hasOwn = names.length === 0 || sidecars.length < names.length;
  return [...(hasOwn ? [appContainer] : []), ...sidecars].slice(0, mostTold);
}

/** How many containers' logs are told: a person reads them all. */
const mostTold = 2;

function containerText(
  { name, exitCode, reason }: Container,
  tellsZero: boolean,
): string | undefined {
  const isTold = exitCode !== undefined && (exitCode !== 0 || tellsZero);
  const parts = [
    isTold ? `exit code ${exitCode}${exitMeaning[exitCode] ?? ""}` : undefined,
    reason,
  ].filter((part) => part !== undefined);
  return parts.length > 0 ? `${name}: ${parts.join(", ")}` : undefined;
}

const exitMeaning: Readonly<Record<number, string>> = {
  0: " (the process ended by itself; that of a service must go on)",
  126: " (the command cannot be executed)",
  127: " (the command was not found)",
  137: " (killed: out of memory, or it did not mind SIGTERM)",
  139: " (segmentation fault)",
  143: " (ended by SIGTERM)",
};

/** `20:14 UTC`: ECS remembers tasks for an hour. */
function stopClock(task: Task): string {
  return `${new Date(stopTime(task)).toISOString().slice(11, 16)} UTC`;
}

/**
 * One line for each way in which tasks stopped, at most `limit`, the newest first.
 * @param tasks the newest first.
 * @param when whether each line says when the last of them did.
 */
export function stopLines(tasks: readonly Task[], limit: number, when = false): string[] {
  const ways = new Map<string, Task[]>();
  for (const task of tasks) {
    const text = stopText(task);
    ways.set(text, [...(ways.get(text) ?? []), task]);
  }
  const lines = [...ways].map(([text, [last, ...others]]) => {
    const count = others.length + 1;
    const at = when ? `${count === 1 ? "" : ", the last"} at ${stopClock(last)}` : "";
    return `${count === 1 ? "a task" : `${count} tasks`} stopped${at}: ${text}`;
  });
  return lines.length > limit
    ? [...lines.slice(0, limit), `and in ${counted(lines.length - limit, "other way")}`]
    : lines;
}
