import {
  DescribeServicesCommand,
  StopServiceDeploymentCommand,
  type ECSClient,
  type Service,
  type ServiceDeployment,
} from "@aws-sdk/client-ecs";
import type { Clock } from "../clock";
import { servicesPerCall } from "../deploy/ecs";
import { isNamed } from "../errors";
import { DeploymentFailure } from "../steadyState";
import { answerHook, isShifting, stageText, waitingHook } from "./hold";
import {
  describeServiceDeployment,
  isOpen,
  newestServiceDeployment,
  reasonOf,
} from "./serviceDeployment";

export interface GoBackOptions {
  readonly ecs: ECSClient;
  readonly cluster: string;
  readonly services: readonly { readonly service: string; readonly ecsName: string }[];
  /** Deployments that began then or later are left alone. Default: none is. */
  readonly begunBefore?: Date;
  readonly clock: Clock;
  readonly timeoutSeconds: number;
  readonly progress: (line: string) => void;
}

const pollMs = 5_000;

/**
 * Has ECS go back on every deployment that shifts requests, or waits for an answer before it does, and waits until it has:
 * the tasks from before serve all along. Rolling deployments are left alone, since the next update takes their place.
 * @returns the services whose deployments were under way.
 * @throws DeploymentFailure where ECS cannot go back, or takes too long.
 */
export async function goBack(options: GoBackOptions): Promise<readonly string[]> {
  const { clock, timeoutSeconds, progress } = options;
  const endsAt = clock.now().getTime() + timeoutSeconds * 1000;
  const met = new Set<string>();
  const told = new Map<string, string>();
  let waiting = await shiftingOf(options);
  for (;;) {
    const open: typeof waiting = [];
    for (const one of waiting) {
      const deployment = await underWay(options, one.ecsName);
      if (deployment) {
        open.push(one);
        met.add(one.service);
        const text = `${deployment.status}, ${stageText(deployment, one.described)}`;
        if (told.get(one.service) !== text) progress(`${one.service}: goes back: ${text}`);
        told.set(one.service, text);
        await askBack(options.ecs, deployment);
      } else if (met.has(one.service)) {
        await requireBack(options, one);
      }
    }
    waiting = open;
    if (waiting.length === 0) return [...met];
    if (clock.now().getTime() >= endsAt) {
      const names = waiting.map(({ service }) => service);
      throw new DeploymentFailure(
        `ECS did not go back within ${timeoutSeconds} s: ${names.join(", ")}`,
        names,
      );
    }
    await clock.sleep(pollMs);
  }
}

async function shiftingOf({ ecs, cluster, services }: GoBackOptions) {
  const found: ((typeof services)[number] & { readonly described: Service })[] = [];
  for (let start = 0; start < services.length; start += servicesPerCall) {
    const asked = services.slice(start, start + servicesPerCall);
    const { services: described = [] } = await ecs.send(
      new DescribeServicesCommand({ cluster, services: asked.map(({ ecsName }) => ecsName) }),
    );
    for (const one of asked) {
      const description = described.find(({ serviceName }) => serviceName === one.ecsName);
      if (description && isShifting(description)) found.push({ ...one, described: description });
    }
  }
  return found;
}

/** The newest service deployment, where ECS has not finished with it and it began before. */
async function underWay(
  { ecs, cluster, begunBefore }: GoBackOptions,
  ecsName: string,
): Promise<ServiceDeployment | undefined> {
  const newest = await newestServiceDeployment(ecs, cluster, ecsName);
  if (!isOpen(newest)) return undefined;
  if (begunBefore && newest?.createdAt && newest.createdAt >= begunBefore) return undefined;
  const deployment = await describeServiceDeployment(ecs, newest?.serviceDeploymentArn);
  return isOpen(deployment) ? deployment : undefined;
}

/** It may be asked again: what goes back already goes on so. */
async function askBack(ecs: ECSClient, deployment: ServiceDeployment): Promise<void> {
  const { status, serviceDeploymentArn = "" } = deployment;
  if (status !== "PENDING" && status !== "IN_PROGRESS") return;
  const hook = waitingHook(deployment);
  if (hook && (await answerHook(ecs, { serviceDeploymentArn, ...hook }, "ROLLBACK"))) return;
  try {
    await ecs.send(
      new StopServiceDeploymentCommand({ serviceDeploymentArn, stopType: "ROLLBACK" }),
    );
  } catch (error) {
    // It has ended in this moment, which the next look shows.
    if (!isNamed(error, "ConflictException")) throw error;
  }
}

async function requireBack(
  { ecs, cluster }: GoBackOptions,
  { service, ecsName }: GoBackOptions["services"][number],
): Promise<void> {
  const newest = await newestServiceDeployment(ecs, cluster, ecsName);
  if (newest?.status !== "ROLLBACK_FAILED") return;
  const deployment = await describeServiceDeployment(ecs, newest.serviceDeploymentArn);
  throw new DeploymentFailure(
    `${service}: ECS could not go back${deployment ? reasonOf(deployment) : ""}`,
    [service],
  );
}
