import type { ECSClient, Service, ServiceDeploymentBrief } from "@aws-sdk/client-ecs";
import { describeServices } from "../../delivery/deploy/ecs";
import { serviceDeployments } from "../../delivery/steadyState/serviceDeployment";
import type { Target } from "../../delivery/target";

/** Something that ECS says has happened to a service. */
export interface ServiceEvent {
  /** ISO 8601, UTC. */
  readonly at: string;
  readonly service: string;
  /** `event`: as ECS tells it. `deployment`: a deployment of the service has come into a state. */
  readonly kind: "event" | "deployment";
  readonly message: string;
}

export interface ServiceEvents {
  /** Oldest first. */
  readonly events: readonly ServiceEvent[];
  /** Services that ECS does not have. */
  readonly missing: readonly string[];
  /** By service, where ECS keeps no event of the whole period: from when on it does. */
  readonly keptSince: Readonly<Record<string, string>>;
}

/** How many events ECS keeps of a service ("Service", Amazon ECS API reference). */
const keptEvents = 100;
/** How many services are asked for their deployments at once. */
const atOnce = 10;

/** What has happened to services since a time: one call for ten of them, and one for the deployments of each. */
export async function eventsOf(
  ecs: ECSClient,
  target: Pick<Target, "config" | "names">,
  services: readonly string[],
  since: Date,
): Promise<ServiceEvents> {
  const { cluster, service: ecsName } = target.names;
  const described = await describeServices(ecs, target);
  const there = services.filter((service) => Object.hasOwn(described, service));
  const found: ServiceEvent[] = [];
  for (let start = 0; start < there.length; start += atOnce) {
    const told = there.slice(start, start + atOnce).map(async (service) => {
      const deployments = await serviceDeployments(ecs, cluster, ecsName(service));
      return [
        ...ownEvents(service, described[service]),
        ...deployments.flatMap((deployment) => statesOf(service, deployment)),
      ];
    });
    found.push(...(await Promise.all(told)).flat());
  }
  const from = since.toISOString();
  return {
    events: found.filter(({ at }) => at >= from).sort((a, b) => a.at.localeCompare(b.at)),
    missing: services.filter((service) => !there.includes(service)),
    keptSince: Object.fromEntries(
      there.flatMap((service) => {
        const { events = [] } = described[service];
        const oldest = events.at(-1)?.createdAt?.toISOString() ?? from;
        return events.length >= keptEvents && oldest > from ? [[service, oldest]] : [];
      }),
    ),
  };
}

/** ECS shows them newest first: those of one moment are turned, too. */
function ownEvents(service: string, { serviceName, events = [] }: Service): ServiceEvent[] {
  const lead = `(service ${serviceName}) `;
  return events
    .map(({ createdAt, message = "" }) => ({
      ...{ at: (createdAt ?? new Date(0)).toISOString(), service, kind: "event" as const },
      message: message.startsWith(lead) ? message.slice(lead.length) : message,
    }))
    .reverse();
}

/** What a state comes to that a deployment of a service ends in or waits in, in words. */
const stateTexts: Readonly<Record<string, string | undefined>> = {
  SUCCESSFUL: "has succeeded",
  STOPPED: "was stopped",
  STOP_REQUESTED: "is being stopped",
  ROLLBACK_REQUESTED: "is to be rolled back",
  ROLLBACK_IN_PROGRESS: "is being rolled back",
  ROLLBACK_SUCCESSFUL: "was rolled back",
  ROLLBACK_FAILED: "could not be rolled back",
};

function statesOf(
  service: string,
  {
    serviceDeploymentArn = "",
    createdAt,
    startedAt,
    finishedAt,
    status,
    statusReason,
  }: ServiceDeploymentBrief,
): ServiceEvent[] {
  const id = serviceDeploymentArn.split("/").at(-1) ?? "";
  const told = (at: Date, text: string): ServiceEvent => ({
    ...{ at: at.toISOString(), service, kind: "deployment" },
    message: `service deployment ${id} ${text}`,
  });
  const begun = startedAt ?? createdAt;
  const text = stateTexts[status ?? ""];
  const why = statusReason ? `: ${statusReason}` : "";
  // ECS tells no time of a state before the end.
  const ended = finishedAt ?? begun;
  return [
    ...(begun ? [told(begun, "has begun")] : []),
    ...(text !== undefined && ended ? [told(ended, text + why)] : []),
  ];
}
