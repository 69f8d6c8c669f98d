import type { ECSClient } from "@aws-sdk/client-ecs";
import type { Release } from "../stacks/manifest";
import { describeServices } from "./deploy/ecs";
import { newestOf, succeeded } from "./deploy/history";
import type { LedgerPort, Ports } from "./deploy/ports";
import type { DeploymentRecord, LockRecord } from "./ledger";
import type { Target } from "./target";
import { table } from "./text";

/** What a service runs. */
export interface ServiceStatus {
  readonly service: string;
  /** Of the release. Absent before the first, and for a service that it has no image for. */
  readonly tag?: string;
  readonly digest?: string;
  /** Tasks that run, and that shall. Absent where ECS has no such service. */
  readonly tasks?: { readonly running: number; readonly desired: number };
}

/** What an environment runs. */
export interface EnvironmentStatus {
  readonly stack: string;
  /** Absent before the first release. */
  readonly release?: Release;
  /** The deployment that brought it, or put it back. */
  readonly deployment?: DeploymentRecord;
  readonly services: readonly ServiceStatus[];
  /** A deployment is in progress, or its lock was left. */
  readonly lock?: LockRecord;
}

export interface StatusOptions {
  readonly target: Target;
  readonly ecs: ECSClient;
  readonly ledger: Pick<LedgerPort, "recent">;
  readonly pointer: Pick<Ports["pointer"], "read">;
}

/** Which release an environment runs, since when, by whom, verified or not. */
export async function environmentStatus(options: StatusOptions): Promise<EnvironmentStatus> {
  const { target, ecs, ledger, pointer } = options;
  const [view, release, described] = await Promise.all([
    ledger.recent(),
    pointer.read(),
    describeServices(ecs, target),
  ]);
  const newest = release && newestOf(view, release.id);
  const good = release && view.records.find((r) => r.release.id === release.id && succeeded(r));
  return {
    stack: target.stack,
    release,
    deployment: good ?? newest,
    services: Object.keys(target.config.services).map((service) => {
      const images = release?.images ?? {};
      const image = Object.hasOwn(images, service) ? images[service] : undefined;
      const found = Object.hasOwn(described, service) ? described[service] : undefined;
      return {
        service,
        tag: image?.tag,
        digest: image?.digest,
        tasks: found && { running: found.runningCount ?? 0, desired: found.desiredCount ?? 0 },
      };
    }),
    lock: view.lock,
  };
}

/** The status for people. */
export function statusText({
  stack,
  release,
  deployment,
  services,
  lock,
}: EnvironmentStatus): string {
  const told = deployment
    ? `deployment ${deployment.number}, ${deployment.status}, since ${deployment.endedAt ?? deployment.begunAt}, by ${deployment.actor}`
    : "the ledger does not know since when";
  const lines = [
    release
      ? `${stack} runs ${release.id} (commit ${release.commit}): ${told}`
      : `${stack} runs no release yet`,
    "",
    table(
      ["SERVICE", "TASKS", "TAG", "DIGEST"],
      services.map(({ service, tag, digest, tasks }) => [
        service,
        tasks ? `${tasks.running}/${tasks.desired}` : "no service",
        tag ?? "-",
        digest ?? "-",
      ]),
    ),
  ];
  if (lock) {
    lines.push(
      "",
      `locked by ${lock.owner} since ${lock.at} for deployment ${lock.number} of ${lock.releaseId}`,
    );
  }
  return lines.join("\n");
}

/** The deployments for people, newest first. */
export function historyText(records: readonly DeploymentRecord[]): string {
  if (records.length === 0) return "nothing has been deployed yet";
  return table(
    ["NO", "RELEASE", "KIND", "STATUS", "BEGUN", "TOOK", "BY", "REASON"],
    records.map((record) => [
      String(record.number),
      record.release.id,
      record.kind,
      record.status,
      record.begunAt,
      record.seconds === undefined ? "-" : `${record.seconds} s`,
      record.actor,
      record.reason ? reasonText(record) : "",
    ]),
  );
}

function reasonText({ reason = "", restored }: DeploymentRecord): string {
  const [line] = reason.split("\n");
  const short = line.length > 100 ? `${line.slice(0, 97)}...` : line;
  return restored ? `${short} (${restored} put back)` : short;
}
