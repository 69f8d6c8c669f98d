import type { Fault } from "../shared/validation";
import type { SidecarArgs } from "./containerArgs";
import { metricsStream } from "./openTelemetry";
import { portName } from "./portMapping";

/** What the port of the service's own container may be called, whose protocol a change may bring. */
const ownPorts = (["http1", "http2", "grpc"] as const).map((protocol) => portName(protocol));

/**
 * Names of sidecars that something else in the task is called: a port has its sidecar's name, and ECS takes each once; a stream of
 * the log begins with its container's name, twice.
 */
export function containerNameFaults(
  sidecars: Readonly<Record<string, Pick<SidecarArgs, "kind" | "port">>>,
): Fault[] {
  return Object.entries(sidecars).flatMap(([name, { kind, port }]) => {
    const fault = (allowed: string, fix: string): Fault => ({
      ...{ path: `sidecars.${name}`, given: "a container of this name", allowed, fix },
    });
    if (port !== undefined && ownPorts.includes(name)) {
      const allowed = "any other name: ports of the service's own container are called so";
      return [fault(allowed, "rename it")];
    }
    if (kind !== "openTelemetry" || name !== metricsStream) return [];
    const allowed = `any other name: ${name}/${metricsStream} would be the stream of its metrics and of its log`;
    return [fault(allowed, "call it otel")];
  });
}
