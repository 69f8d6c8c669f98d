import type { Mood } from "../../delivery/facts/state";
import { sinceText, type Reader } from "../../delivery/facts/times";
import { table } from "../../delivery/text";
import { shortIdLength } from "../logs/line";
import type { TaskFacts, TaskKind } from "./tasks";

const kinds: Readonly<Record<TaskKind, string>> = {
  service: "",
  job: " (job)",
  releaseCommand: " (release command)",
  byHand: " (by hand)",
};

/** What runs, a line a task. */
export function runningText(
  tasks: readonly TaskFacts[],
  reader: Reader,
  paint: (mood: Mood, text: string) => string,
): string {
  const rows = tasks.map((task) => [
    task.service + kinds[task.kind],
    task.id.slice(0, shortIdLength),
    releaseText(task),
    task.since === undefined ? "-" : sinceText(task.since, reader),
    task.availabilityZone ?? "-",
    stateText(task),
    sizeText(task),
    capacityText(task),
    task.privateAddress ?? "-",
  ]);
  const header = ["SERVICE", "TASK", "RELEASE", "SINCE", "ZONE", "STATE", "SIZE", "ON", "ADDRESS"];
  const [first, ...lines] = table(header, rows).split("\n");
  // Whole lines: what stands in columns is aligned before it is coloured.
  return [first, ...lines.map((line, index) => paintBad(tasks[index], line, paint))].join("\n");
}

function paintBad(
  task: TaskFacts,
  line: string,
  paint: (mood: Mood, text: string) => string,
): string {
  return task.health === "unhealthy" ? paint("bad", line) : line;
}

/** Why tasks stopped, two lines a task. */
export function stoppedText(tasks: readonly TaskFacts[], reader: Reader): string {
  return tasks
    .map((task) => {
      const at = task.stoppedAt === undefined ? "stopping" : sinceText(task.stoppedAt, reader);
      const head = `${task.service}${kinds[task.kind]}  ${task.id.slice(0, shortIdLength)}`;
      return `${head}  ${releaseText(task)}  ${at}\n  ${task.stopped ?? "it has not stopped yet"}`;
    })
    .join("\n");
}

function releaseText({ release, digest }: TaskFacts): string {
  // `sha256:` and the first twelve digits, as Docker shows images.
  return release ?? digest?.slice(0, 19) ?? "-";
}

function stateText({ status, health }: TaskFacts): string {
  if (status !== "RUNNING") return status.toLowerCase();
  return health === undefined ? "running" : `running, ${health}`;
}

function sizeText({ cpu, memoryMiB }: TaskFacts): string {
  const parts = [
    cpu === undefined ? [] : `${cpu / 1024} vCPU`,
    memoryMiB === undefined ? [] : `${memoryMiB} MiB`,
  ];
  return parts.flat().join(", ") || "-";
}

function capacityText({ capacity }: TaskFacts): string {
  if (capacity === "FARGATE") return "Fargate";
  if (capacity === "FARGATE_SPOT") return "Fargate Spot";
  return capacity === "EC2" ? "a host" : `a host of ${capacity}`;
}
