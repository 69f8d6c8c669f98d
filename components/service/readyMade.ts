import type * as pulumi from "@pulumi/pulumi";
import type { Fault } from "../shared/validation";
import type { ContainerDependencies, SidecarArgs } from "./containerArgs";
import { awslogs, type LogPlace } from "./containerParts";
import {
  logRouterDefinition,
  logRouterFaults,
  logRouterPermissions,
  logRouterPorts,
  routedLog,
} from "./fireLens";
import {
  collectorPermissions,
  collectorPorts,
  collectorVariables,
  configVariable,
  telemetryVariables,
} from "./openTelemetry";
import type { Permission } from "./statements";
import type { ContainerSecret } from "./taskDefinition";

/** A sidecar that is known: its image, its configuration, and what the service has of it. */
export type ReadyMade = "openTelemetry" | "fireLens";

/** Exact versions, so that a sidecar changes by a release alone. A later one is named as any image is. */
export const readyMadeImages: Readonly<Record<ReadyMade, string>> = {
  openTelemetry: "public.ecr.aws/aws-observability/aws-otel-collector:v0.49.0",
  fireLens: "public.ecr.aws/aws-observability/aws-for-fluent-bit:3.4.3",
};

export const readyMades = Object.keys(readyMadeImages) as ReadyMade[];

/** What is looked at of a sidecar that stands beside the service's own container. */
export type Beside = Pick<SidecarArgs, "kind" | "options" | "configFile" | "healthCheck">;

/** What a ready-made one is where nothing else is said. */
const defaults: Readonly<Record<ReadyMade, Partial<SidecarArgs>>> = {
  openTelemetry: {
    // The service does without it: what it cannot hand over is lost, and it starts again by itself.
    essential: false,
    healthCheck: { command: ["/healthcheck"], intervalSeconds: 10, startPeriodSeconds: 10 },
    // AWS measured 80 MB at 1000 traces a second (aws-otel-collector, benchmark/report.md).
    memoryMiB: 160,
    // Its ports are above 1024, and it reads no file of another user.
    capabilities: [],
  },
  fireLens: {
    // Without it the service would log into nothing. ECS runs it as root, and says so in what it answers.
    essential: true,
    user: "0",
    // Outputs such as that to S3 buffer on disk (fluent/fluent-bit issue 7308).
    readonlyRootFilesystem: false,
  },
};

/** Where a ready-made one listens in its task. */
const ports: Readonly<Record<ReadyMade, readonly number[]>> = {
  openTelemetry: collectorPorts,
  fireLens: logRouterPorts,
};

/** A sidecar with what is said of its kind. */
export function completeSidecar<T extends Pick<SidecarArgs, "kind">>(sidecar: T): T {
  if (sidecar.kind === undefined) return sidecar;
  const given = Object.entries(sidecar).filter(([, value]) => value !== undefined);
  return { ...defaults[sidecar.kind], ...(Object.fromEntries(given) as T) };
}

/** The same of all sidecars of a task. */
export function completeSidecars<T extends Pick<SidecarArgs, "kind">>(
  sidecars: Readonly<Record<string, T>>,
): Record<string, T> {
  return Object.fromEntries(
    Object.entries(sidecars).map(([name, sidecar]) => [name, completeSidecar(sidecar)]),
  );
}

/** Variables that a sidecar has by its kind. */
export function kindVariables(
  name: string,
  { kind, image, secrets = {} }: Pick<SidecarArgs, "kind" | "image" | "secrets">,
  place: LogPlace,
): Record<string, pulumi.Input<string>> {
  if (kind !== "openTelemetry") return {};
  const hasOwn = image?.command !== undefined || Object.hasOwn(secrets, configVariable);
  return collectorVariables(name, place, hasOwn);
}

/** Parts of a container definition that a sidecar has by its kind alone. */
export function kindDefinition(sidecar: Beside): Record<string, unknown> {
  switch (sidecar.kind) {
    case "openTelemetry":
      return { restartPolicy: { enabled: true, restartAttemptPeriod: 60 } };
    case "fireLens":
      return logRouterDefinition(sidecar);
    case undefined:
      return {};
  }
}

/** What the service's own container waits for by itself. It also ends before that: its last lines and spans are still taken. */
export function waitsForReadyMade(
  sidecars: Readonly<Record<string, Beside>>,
): ContainerDependencies {
  const collector = nameOf("openTelemetry", sidecars);
  const router = nameOf("fireLens", sidecars);
  return {
    ...(collector === undefined ? {} : { [collector]: "started" }),
    ...(router === undefined
      ? {}
      : { [router]: sidecars[router].healthCheck === undefined ? "started" : "healthy" }),
  };
}

/** Variables that the service's own container has of those beside it. */
export function variablesOfReadyMade(
  sidecars: Readonly<Record<string, Beside>>,
  taskFamily: string,
): Record<string, string> {
  return nameOf("openTelemetry", sidecars) === undefined ? {} : telemetryVariables(taskFamily);
}

/**
 * `logConfiguration` of the service's own container: by the log router, where there is one.
 * @param secretsOf of a sidecar.
 */
export function ownLog(
  name: string,
  sidecars: Readonly<Record<string, Beside>>,
  secretsOf: (sidecar: string) => readonly ContainerSecret[],
  place: LogPlace,
): Record<string, unknown> {
  const router = nameOf("fireLens", sidecars);
  return router === undefined
    ? awslogs(name, place)
    : routedLog(sidecars[router], secretsOf(router), place);
}

/** What the task role may do for those of its sidecars that are ready-made, there or not yet. */
export function readyMadePermissions(
  sidecars: Readonly<Record<string, Beside>>,
  logGroupArn: pulumi.Input<string>,
): Permission[] {
  const router = nameOf("fireLens", sidecars);
  return [
    ...(nameOf("openTelemetry", sidecars) === undefined ? [] : collectorPermissions(logGroupArn)),
    ...(router === undefined ? [] : logRouterPermissions(sidecars[router], logGroupArn)),
  ];
}

/** Every port that a sidecar listens on. */
export function portsOf({ kind, port }: Pick<SidecarArgs, "kind" | "port">): number[] {
  return [...(port === undefined ? [] : [port]), ...(kind === undefined ? [] : ports[kind])];
}

type GivenOptions = Pick<SidecarArgs, "kind" | "options" | "configFile" | "user"> & {
  readonly environment?: Readonly<Record<string, unknown>>;
  readonly secrets?: Readonly<Record<string, unknown>>;
};

/** What is wrong with what log routers are told. */
export function optionFaults(sidecars: Readonly<Record<string, GivenOptions>>): Fault[] {
  return Object.entries(sidecars).flatMap(([name, sidecar]): Fault[] => {
    if (sidecar.kind === "fireLens") return logRouterFaults(name, sidecar);
    return (["options", "configFile"] as const)
      .filter((key) => sidecar[key] !== undefined)
      .map((key) => ({
        ...{ path: `sidecars.${name}.${key}`, given: key },
        ...{ allowed: "nothing: it is for the kind fireLens", fix: "remove it" },
      }));
  });
}

/** A task has one of each kind: the service has one address to send to. */
export function doubledKinds(sidecars: Readonly<Record<string, Beside>>): Fault[] {
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
