import {
  DescribeServicesCommand,
  RunTaskCommand,
  type ECSClient,
  type Service,
  type Task,
} from "@aws-sdk/client-ecs";
import { callVariables } from "../../stacks/config/addresses";
import type { Target } from "../target";
import { placement, type ReleaseTask } from "./definition";

/** The service as ECS has it; undefined where it has none that is active and runs something. */
export async function activeService(
  ecs: ECSClient,
  { names }: Pick<Target, "names">,
  service: string,
): Promise<Service | undefined> {
  const { services = [] } = await ecs.send(
    new DescribeServicesCommand({ cluster: names.cluster, services: [names.service(service)] }),
  );
  const active = services.find(({ status }) => status === "ACTIVE");
  return active?.taskDefinition === undefined ? undefined : active;
}

/** What a one-off task of a service has by config: its family, where what it calls is, and its user. */
export function oneOffOf(
  { config, names }: Pick<Target, "config" | "names">,
  service: string,
): Pick<ReleaseTask, "family" | "environment" | "user"> {
  return {
    family: names.releaseCommandFamily(service),
    environment: callVariables(service, config.services, names.domain),
    user: config.services[service].user,
  };
}

export interface StartOptions {
  readonly ecs: ECSClient;
  readonly cluster: string;
  /** The service that it runs like: with its network, and where it runs. */
  readonly described: Service;
  /** ARN, or family. */
  readonly taskDefinition: string;
  /** At most 128 letters, digits, hyphens, slashes and underscores ("RunTask", Amazon ECS API reference). */
  readonly startedBy: string;
}

/** Starts a one-off task of a service. @returns the task, or why there is none. */
export async function startOneOff(options: StartOptions): Promise<Task | string> {
  const { ecs, cluster, described, taskDefinition, startedBy } = options;
  const { tasks = [], failures = [] } = await ecs.send(
    new RunTaskCommand({
      ...{ cluster, taskDefinition, count: 1, startedBy },
      networkConfiguration: described.networkConfiguration,
      ...placement(described),
    }),
  );
  const [task] = tasks;
  if (task) return task;
  const reasons = failures.map(({ reason, detail }) => [reason, detail].filter(Boolean).join(": "));
  return reasons.join("; ") || "ECS gives no reason";
}
