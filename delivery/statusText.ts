import { gateText, overrideText } from "./gates";
import type { DriftMemory } from "./drift/memory";
import { driftSummary } from "./drift/text";
import { clocksIn, sinceText, zoneLine, type Reader } from "./facts/times";
import {
  ageOf,
  holdText,
  resumeCommand,
  sleepText,
  unlockCommand,
  wakeCommand,
} from "./ledger/refusals";
import type { LockRecord } from "./ledger";
import { refusedFinding } from "./refusedText";
import type { EnvironmentStatus, ServiceStatus } from "./status";
import { table } from "./text";

/** The status for people: what is, and below it, where something is wrong, what that means and the next command. */
export function statusText(status: EnvironmentStatus, reader: Reader): string {
  const { now } = reader;
  const read = (lines: readonly string[]) => lines.map((line) => clocksIn(line, reader));
  const findings = [
    ...status.services.flatMap((service) => [
      ...serviceFinding(status, service),
      ...read(service.underWay ? [`${service.service}: ${service.underWay}`] : []),
      // These have lines of logs, which stay as they were written.
      ...service.failures,
    ]),
    ...read([
      ...unsettledFinding(status),
      ...historyFinding(status),
      ...lockFinding(status, now),
      ...gateFindings(status),
      ...refusedFinding(status, now),
      ...holdFinding(status, now),
      ...sleepFinding(status, now),
    ]),
  ];
  const further = read(furtherLines(status, now));
  return [
    headline(status, reader),
    "",
    table(
      ["SERVICE", "TASKS", "TAG", "RUNS", "AS DESIRED"],
      status.services.map((service) => [
        service.service,
        tasks(service),
        service.tag ?? "-",
        runs(service),
        conditions[service.condition],
      ]),
    ),
    ...(findings.length > 0 ? ["", ...findings] : []),
    ...(further.length > 0 ? ["", ...further] : []),
    "",
    zoneLine(reader),
  ].join("\n");
}

/** What is known beside it, and where to look. */
function furtherLines({ stack, drift, dashboardUrl }: EnvironmentStatus, now: Date): string[] {
  return [
    ...(drift ? driftLines(stack, drift, now) : []),
    ...(dashboardUrl ? [`dashboard: ${dashboardUrl}`] : []),
  ];
}

function driftLines(stack: string, { checkedAt, findings }: DriftMemory, now: Date): string[] {
  const found =
    findings.length > 0
      ? `what was applied and what is there differ: ${driftSummary(findings)}`
      : "nothing differs from what was applied";
  return [
    `drift: ${found}, as checked at ${checkedAt} (${ageOf(checkedAt, now)})`,
    `  what there is now: gantry drift --stack ${stack}`,
  ];
}

function tasks({ tasks, nextRun }: ServiceStatus): string {
  if (nextRun !== undefined) return "job";
  return tasks ? `${tasks.running}/${tasks.desired}` : "no service";
}

const conditions: Readonly<Record<ServiceStatus["condition"], string>> = {
  asDesired: "yes",
  drift: "DRIFT",
  unproven: "UNPROVEN",
  missing: "MISSING",
  rollingOut: "rolling out",
  asleep: "asleep",
};

function headline(
  { stack, release, deployment, isVerified, services, sleep }: EnvironmentStatus,
  reader: Reader,
): string {
  if (!release) return `${stack} has no release yet`;
  const told = deployment
    ? `deployment ${deployment.number} (${deployment.kind}), ${isVerified ? "verified" : deployment.status}, ` +
      `since ${sinceText(deployment.endedAt ?? deployment.begunAt, reader)}, by ${deployment.actor}`
    : "the history does not know since when";
  const isOff = services.some(({ condition }) => condition === "drift" || condition === "missing");
  const verb =
    deployment?.status === "held"
      ? "is about to run"
      : isOff
        ? "SHOULD RUN"
        : sleep
          ? "is ASLEEP on"
          : "runs";
  return `${stack} ${verb} ${release.id} (commit ${release.commit}): ${told}`;
}

/** What the tasks say, shortened: `sha256:0123456789ab (2)`. */
function runs({ running, nextRun, nextTask }: ServiceStatus): string {
  if (nextRun !== undefined) return `${short(nextRun)} (next run)`;
  if (nextTask !== undefined) return `${short(nextTask)} (next task)`;
  const entries = Object.entries(running);
  return entries.length > 0
    ? entries.map(([digest, tasks]) => `${short(digest)} (${tasks})`).join(", ")
    : "-";
}

function short(digest: string): string {
  return digest.slice(0, "sha256:".length + 12);
}

function serviceFinding({ stack, release }: EnvironmentStatus, service: ServiceStatus): string[] {
  const { service: name, ecsName, condition, digest = "", nextTask } = service;
  if (service.nextRun !== undefined) return jobFinding(stack, service, release?.id);
  switch (condition) {
    case "drift":
      return [
        `${name} drifted: its ${nextTask ? `next task has ${short(nextTask)}` : `tasks run ${runs(service)}`}, and ` +
          `${release?.id} has ${short(digest)}. Somebody changed it beside the pipeline (CloudTrail: UpdateService, RegisterTaskDefinition), or ECS rolled it back.`,
        `  put the desired release back: gantry restore --stack ${stack}`,
      ];
    case "missing":
      return [
        `${name} has no service: ${ecsName} was deleted (CloudTrail: DeleteService), or never made.`,
        `  make it: pulumi refresh --stack ${stack} && pulumi up --stack ${stack}`,
      ];
    case "unproven":
      return [
        `${name} shall run no task (desired count 0), so nothing shows that ${release?.id} runs there.`,
        `  scale it up: gantry scale ${name} <tasks> --stack ${stack}, which says what config has`,
      ];
    default:
      return [];
  }
}

function jobFinding(
  stack: string,
  { service: name, ecsName, condition, digest = "", nextRun = "" }: ServiceStatus,
  releaseId: string | undefined,
): string[] {
  switch (condition) {
    case "drift":
      return [
        `${name} drifted: its next run has ${short(nextRun)}, and ${releaseId} has ${short(digest)}. Somebody registered a ` +
          "task definition beside the pipeline (CloudTrail: RegisterTaskDefinition).",
        `  put the desired release back: gantry restore --stack ${stack}`,
      ];
    case "missing":
      return [
        `${name} has no task definition: those of the family ${ecsName} were deregistered, or never made.`,
        `  make one: pulumi refresh --stack ${stack} && pulumi up --stack ${stack}`,
      ];
    default:
      return [];
  }
}

function unsettledFinding({ stack, unsettled, lock }: EnvironmentStatus): string[] {
  if (!unsettled || lock) return [];
  const { number, release, previous, reason = "no reason is known" } = unsettled;
  return [
    `deployment ${number} of ${release.id} failed and was not taken back: ${reason.split("\n")[0]}`,
    previous
      ? `  once the cause is fixed: gantry rollback --stack ${stack} --to ${previous.id}`
      : `  there was none before it; once the cause is fixed: pulumi refresh --stack ${stack} && pulumi up --stack ${stack}`,
  ];
}

function historyFinding({ stack, isHistoryLost }: EnvironmentStatus): string[] {
  return isHistoryLost
    ? [
        `the history of ${stack} is empty, though it has a release: its table was emptied or made anew. What runs is ` +
          "right; what came before is not known, so a rollback has nowhere to go.",
        "  restore the table to a point in time (aws dynamodb restore-table-to-point-in-time), or deploy on: numbers go on " +
          "from the tags of the images",
      ]
    : [];
}

function holdFinding({ stack, hold }: EnvironmentStatus, now: Date): string[] {
  if (!hold) return [];
  const left = hold.release ? `, which left ${hold.release}` : "";
  return [
    `${stack} is ${holdText(hold, now)}`,
    `  new releases are refused since that rollback${left}; once they may come again: ${resumeCommand(stack)}`,
  ];
}

function sleepFinding({ stack, sleep, services }: EnvironmentStatus, now: Date): string[] {
  if (!sleep) return [];
  const awake = services.filter(({ tasks }) => tasks && tasks.desired > 0);
  const stopping = services.filter(({ tasks }) => tasks && tasks.running > 0);
  return [
    `${stack} is ${sleepText(sleep, now)}`,
    ...(awake.length > 0
      ? [
          `  tasks shall run all the same of ${awake.map(({ service }) => service).join(", ")}: falling asleep or waking was cut off. To end it: ` +
            `gantry sleep --stack ${stack}, or ${wakeCommand(stack)}`,
        ]
      : [
          `  ${
            stopping.length > 0
              ? `tasks still stop of ${stopping.map(({ service }) => service).join(", ")}`
              : "no task runs"
          }, and nothing is deployed; all comes back by: ${wakeCommand(stack)}`,
        ]),
  ];
}

function lockFinding(status: EnvironmentStatus, now: Date): string[] {
  const { stack, lock, held } = status;
  if (lock && held) return heldFinding(status, lock, now);
  return lock
    ? [
        `locked by ${lock.owner} since ${lock.at} (${ageOf(lock.at, now)}) for deployment ${lock.number} of ${lock.releaseId}`,
        `  while it runs: wait. Where it was killed: retry its stage (gantry retry --stack ${stack}), or ${unlockCommand(stack)}`,
      ]
    : [];
}

function heldFinding(
  { stack, services, isAsked }: EnvironmentStatus,
  lock: LockRecord,
  now: Date,
): string[] {
  const begun = `deployment ${lock.number} of ${lock.releaseId}, begun at ${lock.at} (${ageOf(lock.at, now)}) by ${lock.owner}, `;
  const waits = `waits for ${isAsked ? "an approval: it was verified" : "its verification"}`;
  const rollback = `gantry rollback --stack ${stack}`;
  const retry = `where its stage failed: gantry retry --stack ${stack}`;
  if (services.some((service) => service.waits)) {
    const next = isAsked
      ? `gantry approve --stack ${stack}, or gantry reject --stack ${stack}, which takes it back at once`
      : retry;
    return [`${begun}${waits}`, `  ${next}; to take it back: ${rollback}`];
  }
  return services.some(({ underWay }) => underWay !== undefined)
    ? [
        `${begun}has its answer: ECS leads requests over, or back, as told above, and Conclude waits for the end`,
        `  ${retry}; to take it back: ${rollback}`,
      ]
    : [
        `${begun}${waits}, but nothing waits any more: ECS is done with it, or has gone back`,
        `  where Conclude is at work, it ends it within minutes; else the next deployment does; now: ${rollback}`,
      ];
}

function gateFindings({ stack, gates, overrides, refused }: EnvironmentStatus): string[] {
  return [
    ...gates.flatMap((gate) => [
      `new releases of ${stack} wait, and a rollback is possible: ${gateText(gate)}`,
      ...(gate.isAwaited && !refused
        ? ["  the newest that Deploy has refused meanwhile is tried again then, by itself"]
        : []),
    ]),
    // A gate that is open now may close before the override is over.
    ...overrides.map(
      (override) => `${gates.length > 0 ? "but " : "whatever closes: "}${overrideText(override)}`,
    ),
  ];
}
