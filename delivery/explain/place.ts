import type { EnvironmentNames } from "../../contract/names";
import { appContainer } from "../../contract/containers";
import type { EnvironmentConfig } from "../../stacks/config";
import type { LogPlace } from "./logs";

/** Where a container of a service's task logs: the stream has its prefix, the container and the task, of which the first two are alike. */
export function logPlaceOf(
  names: Pick<EnvironmentNames, "logGroup">,
  { service, container = appContainer }: { readonly service: string; readonly container?: string },
  taskId: string,
): LogPlace {
  return {
    logGroupName: names.logGroup(service),
    logStreamName: `${container}/${container}/${taskId}`,
  };
}

/** Where a log router hands on what the service's own container logs, for people; undefined where that is in CloudWatch. */
export function loggedElsewhere(
  { services }: Pick<EnvironmentConfig, "services">,
  service: string,
): string | undefined {
  const sidecars = Object.hasOwn(services, service) ? services[service].sidecars : {};
  for (const [name, { kind, options }] of Object.entries(sidecars)) {
    if (kind !== "fireLens" || options === undefined) continue;
    const where = options.Name ?? options.name ?? "as its own configuration says";
    return `its log is handed on by services.${service}.sidecars.${name} (${where}), and read there`;
  }
  return undefined;
}
