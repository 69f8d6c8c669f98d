import { appContainer } from "../../contract/containers";
import { counted } from "../../contract/counted";
import { DeliveryError } from "../../delivery/errors";
import { loggedElsewhere } from "../../delivery/explain/place";
import { releaseStreamPrefix } from "../../delivery/releaseCommand/definition";
import type { Target } from "../../delivery/target";
import { meantHint } from "../../stacks/config/nearest";
import { servicesMeant } from "../services";

/** Where one container of all tasks of a service logs. */
export interface LogSource {
  readonly service: string;
  readonly container: string;
  readonly logGroupName: string;
  /** What the names of its streams begin with; the id of the task follows. */
  readonly streamPrefix: string;
}

export interface LogSources {
  readonly sources: readonly LogSource[];
  /** What a person must know beside the lines: what is logged to another place, and what else there is. */
  readonly notes: readonly string[];
}

/** What people call the log of release commands, where no sidecar is called so. */
const ofReleaseCommand = "release";

/**
 * What is to be read.
 * @param given services, as they were typed; none for all that have the container.
 * @param container default: the service's own.
 * @throws DeliveryError where there is no such service or container.
 */
export function logSources(
  target: Target,
  given: readonly string[],
  container = appContainer,
): LogSources {
  const services = servicesMeant(target, given);
  const having = services.filter((service) => prefixesOf(target, service).has(container));
  const without = given.length === 0 ? undefined : services.find((one) => !having.includes(one));
  if (having.length === 0 || without !== undefined) {
    throw noSuchContainer(target, without === undefined ? services : [without], container);
  }
  const notes = having.flatMap((service) => {
    const elsewhere =
      container === appContainer ? loggedElsewhere(target.config, service) : undefined;
    return elsewhere === undefined ? [] : [`${service}: ${elsewhere}`];
  });
  const others = having.flatMap((service) => {
    const names = [...prefixesOf(target, service).keys()].filter((name) => name !== container);
    return names.length === 0 ? [] : [`${service}: ${names.join(", ")}`];
  });
  return {
    sources: having.map((service) => ({
      ...{ service, container, logGroupName: target.names.logGroup(service) },
      streamPrefix: prefixesOf(target, service).get(container) ?? "",
    })),
    notes: [
      ...notes,
      // Whoever has asked for another container knows that there are some.
      ...(others.length > 0 && container === appContainer
        ? [`other containers log, too (${others.join("; ")}): --container <name>`]
        : []),
    ],
  };
}

/** By container: what its streams are called by. */
function prefixesOf({ config }: Target, service: string): ReadonlyMap<string, string> {
  const { sidecars, releaseCommand } = config.services[service];
  const names = [appContainer, ...Object.keys(sidecars)];
  return new Map([
    ...(releaseCommand === undefined
      ? []
      : [[ofReleaseCommand, `${releaseStreamPrefix}/${appContainer}/`] as const]),
    ...names.map((name) => [name, `${name}/${name}/`] as const),
  ]);
}

function noSuchContainer(
  target: Target,
  services: readonly string[],
  container: string,
): DeliveryError {
  const known = [...new Set(services.flatMap((one) => [...prefixesOf(target, one).keys()]))];
  const who = services.length === 1 ? services[0] : counted(services.length, "service");
  return new DeliveryError(
    `${who} of ${target.stack} ${services.length === 1 ? "has" : "have"} no container ${container}: there is ${known.join(", ")}.` +
      meantHint(container, known, " "),
  );
}
