import type * as pulumi from "@pulumi/pulumi";
import type { Fault } from "../shared/validation";
import type { ContainerDependencies, SidecarArgs } from "./containerArgs";
import type { LogPlace } from "./containerParts";
import {
  collectorPermissions,
  collectorPorts,
  collectorVariables,
  telemetryVariables,
} from "./openTelemetry";
import type { Permission } from "./statements";

/** A sidecar that is known: its image, its configuration, and what the service has of it. */
export type ReadyMade = "openTelemetry";

/** Exact versions, so that a sidecar changes by a release alone. A later one is named as any image is. */
export const readyMadeImages: Readonly<Record<ReadyMade, string>> = {
  openTelemetry: "public.ecr.aws/aws-observability/aws-otel-collector:v0.49.0",
};

export const readyMades = Object.keys(readyMadeImages) as ReadyMade[];

type Beside = Pick<SidecarArgs, "kind">;

/** What a ready-made one is where nothing else is said. */
const defaults: Readonly<Record<ReadyMade, Partial<SidecarArgs>>> = {
  openTelemetry: {
    // The service does without it: what it cannot hand over is lost, and it starts again by itself.
    essential: false,
    healthCheck: { command: ["/healthcheck"], intervalSeconds: 10, startPeriodSeconds: 10 },
    // AWS measured 80 MB at 1000 traces a second (aws-otel-collector, benchmark/report.md).
    memoryMiB: 160,
  },
};

/** Where a ready-made one listens in its task. */
const ports: Readonly<Record<ReadyMade, readonly number[]>> = { openTelemetry: collectorPorts };

/** A sidecar with what is said of its kind. */
export function completeSidecar<T extends Beside>(sidecar: T): T {
  if (sidecar.kind === undefined) return sidecar;
  const given = Object.entries(sidecar).filter(([, value]) => value !== undefined);
  return { ...defaults[sidecar.kind], ...(Object.fromEntries(given) as T) };
}

/** The same of all sidecars of a task. */
export function completeSidecars<T extends Beside>(
  sidecars: Readonly<Record<string, T>>,
): Record<string, T> {
  return Object.fromEntries(
    Object.entries(sidecars).map(([name, sidecar]) => [name, completeSidecar(sidecar)]),
  );
}

/** Variables that a sidecar has by its kind. */
export function kindVariables(
  name: string,
  { kind, image }: Pick<SidecarArgs, "kind" | "image">,
  place: LogPlace,
): Record<string, pulumi.Input<string>> {
  if (kind === undefined) return {};
  return collectorVariables(name, place, image?.command !== undefined);
}

/** Parts of a container definition that a sidecar has by its kind alone. */
export function kindDefinition({ kind }: Beside): Record<string, unknown> {
  return kind === "openTelemetry"
    ? { restartPolicy: { enabled: true, restartAttemptPeriod: 60 } }
    : {};
}

/** What the service's own container has of those beside it: its variables, and what it waits for. */
export function besideReadyMade(
  sidecars: Readonly<Record<string, Beside>>,
  taskFamily: string,
): {
  readonly environment: Readonly<Record<string, string>>;
  readonly dependsOn: ContainerDependencies;
} {
  const collector = nameOf("openTelemetry", sidecars);
  return {
    environment: collector === undefined ? {} : telemetryVariables(taskFamily),
    // What waits for it also ends before it: the last spans still find it.
    dependsOn: collector === undefined ? {} : { [collector]: "started" },
  };
}

/** What the task role may do for those of its sidecars that are ready-made, there or not yet. */
export function readyMadePermissions(
  sidecars: Readonly<Record<string, Beside>>,
  logGroupArn: pulumi.Input<string>,
): Permission[] {
  return nameOf("openTelemetry", sidecars) === undefined ? [] : collectorPermissions(logGroupArn);
}

/** Every port that a sidecar listens on. */
export function portsOf({ kind, port }: Pick<SidecarArgs, "kind" | "port">): number[] {
  return [...(port === undefined ? [] : [port]), ...(kind === undefined ? [] : ports[kind])];
}

/** A task has one of each kind: the service has one address to send to. */
export function readyMadeFaults(sidecars: Readonly<Record<string, Beside>>): Fault[] {
  return Object.entries(sidecars).flatMap(([name, { kind }]) => {
    if (kind === undefined) return [];
    const first = nameOf(kind, sidecars);
    if (first === name) return [];
    const allowed = `one of kind ${kind} in a task, which ${first} is`;
    return [{ path: `sidecars.${name}.kind`, given: kind, allowed, fix: `remove ${name}` }];
  });
}

function nameOf(kind: ReadyMade, sidecars: Readonly<Record<string, Beside>>): string | undefined {
  return Object.keys(sidecars).find((name) => sidecars[name].kind === kind);
}
