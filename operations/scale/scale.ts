import type { ApplicationAutoScalingClient } from "@aws-sdk/client-application-auto-scaling";
import { DescribeServicesCommand, UpdateServiceCommand, type Service } from "@aws-sdk/client-ecs";
import { counted } from "../../contract/counted";
import { deliveryTimes } from "../../contract/times";
import type { Clients } from "../../delivery/clients";
import type { Clock } from "../../delivery/clock";
import { describeServices } from "../../delivery/deploy/ecs";
import { refuseAsleep } from "../../delivery/deploy/hold";
import { DeliveryError } from "../../delivery/errors";
import { eventLines } from "../../delivery/explain/service";
import type { Ledger } from "../../delivery/ledger";
import type { Target } from "../../delivery/target";
import type { HostedServiceConfig } from "../../stacks/config/types";
import { servicesMeant } from "../services";
import { refuseLocked, refuseOpen } from "../underWay";
import { countText, isSame, within, type TaskCount } from "./count";
import { scalingLimits, setScalingLimits } from "./target";

export interface ScaleOptions {
  readonly clients: Pick<Clients, "ecs">;
  readonly autoScaling: Pick<ApplicationAutoScalingClient, "send">;
  readonly target: Target;
  readonly ledger: Pick<Ledger, "recent">;
  /** As it was typed. */
  readonly service: string;
  readonly count: TaskCount;
  readonly clock: Clock;
  readonly log: (line: string) => void;
}

/** What another number of tasks would mean, looked at before anybody is asked. */
export interface ScalePlan {
  /** One a line, for people. */
  readonly acts: readonly string[];
  readonly service: string;
  /** Whether Application Auto Scaling sets the number, between limits; else it is set itself. */
  readonly scales: boolean;
  /** Whether it is so already. */
  readonly isDone: boolean;
}

/**
 * Looks how many tasks a service has, and may have. Nothing is changed.
 * @throws DeliveryError where ECS has no such service, where limits are asked for that nothing would heed, and where a deployment
 *   is under way, with whose it is.
 */
export async function planScale(options: ScaleOptions): Promise<ScalePlan> {
  const { clients, autoScaling, target, ledger, count } = options;
  const { stack, names, config } = target;
  const [service] = servicesMeant(target, [options.service], "hosted");
  const hosted = config.services[service] as HostedServiceConfig;
  const [view, described, limits] = await Promise.all([
    ledger.recent(),
    describeServices(clients.ecs, target),
    scalingLimits(autoScaling, names, service),
  ]);
  if (!Object.hasOwn(described, service)) {
    throw new DeliveryError(
      `ECS has no ${service} of ${stack}. Nothing was changed. Make it: pulumi up --stack ${stack}`,
    );
  }
  refuseAsleep(options, view);
  refuseUnheeded(service, count, limits, hosted);
  await refuseLocked(options, view, described);
  await refuseOpen(options, [service]);
  const { desiredCount = 0, runningCount = 0 } = described[service];
  return {
    ...{ service, scales: limits !== undefined },
    isDone: isSame(limits ?? { min: desiredCount, max: desiredCount }, count),
    acts: [
      `${service} of ${stack} has ${runningCount} of ${counted(desiredCount, "task")}` +
        (limits
          ? `, and scales between ${limits.min} and ${limits.max}`
          : ", and nothing scales it"),
      ...willLines(service, count, limits, desiredCount, hosted),
      ...configLines(service, count, target, hosted),
    ],
  };
}

/** Limits that nobody heeds, and a least from which nothing would start a task again. */
function refuseUnheeded(
  service: string,
  { min, max }: TaskCount,
  limits: TaskCount | undefined,
  { scaling }: HostedServiceConfig,
): void {
  if (!limits && min !== max) {
    throw new DeliveryError(
      `nothing scales ${service}, so it has one number of tasks and no limits: give one, such as ${max}. Nothing was changed. ` +
        `To have it scale: services.${service}.scaling in config, with a max above min`,
    );
  }
  if (min === 0 && max > 0 && scaling.messagesPerTask === undefined) {
    throw new DeliveryError(
      `${service} would stay at no task: CPU and memory of none say nothing, so nothing starts one again. Nothing was changed. ` +
        `Give 1-${max}, or 0 to stop it`,
    );
  }
}

function willLines(
  service: string,
  count: TaskCount,
  limits: TaskCount | undefined,
  desired: number,
  { kind, scaling, deployment }: HostedServiceConfig,
): string[] {
  const next = within(count, desired);
  const change =
    next === desired
      ? "none starts or stops now"
      : `${counted(Math.abs(next - desired), "task")} ${next > desired ? "more now" : "fewer now"}`;
  const pinned = limits && count.min === count.max ? ", and does not scale meanwhile" : "";
  return [
    limits && count.min < count.max
      ? `it will scale between ${count.min} and ${count.max}: ${change}`
      : `it will have ${countText(count)}${pinned}: ${change}`,
    ...(count.max === 0
      ? [
          `Nothing of ${service} runs then${kind === "web" ? ": its requests are answered with 503" : ""}. A release that is deployed meanwhile is ` +
            "unproven, since no task shows that it runs",
        ]
      : []),
    ...(deployment.strategy === "recreate" && scaling.max === 1 && count.max > 1
      ? [`Config has it alone (strategy recreate, one task): ${count.max} would run side by side`]
      : []),
    ...(scaling.messagesPerTask !== undefined && count.max > scaling.max
      ? [
          `Its queues ask for ${scaling.max} at most, as config says: only the least goes beyond that`,
        ]
      : []),
    ...(limits && scaling.schedule
      ? [`The next time of services.${service}.scaling.schedule sets other limits`]
      : []),
  ];
}

/** What config says, and what becomes of a number that is not there. */
function configLines(
  service: string,
  count: TaskCount,
  { stack, config: { pipeline } }: Target,
  { scaling }: HostedServiceConfig,
): string[] {
  if (isSame(count, scaling)) return ["Config says the same."];
  const { min, max } = count;
  return [
    `Config says ${countText(scaling)}, and is not changed: gantry drift tells the difference. What comes after pulumi refresh puts ` +
      `config's back, as does a pulumi up that changes it${pipeline?.deploy === "ecs" ? ", and each deployment of the pipeline, which reads services back" : ""}.`,
    ...(max === 0
      ? []
      : [
          `To keep it: services.${service}.scaling: { min: ${min}, max: ${max} } of gantry:services in Pulumi.${stack}.yaml, then pulumi up --stack ${stack}`,
        ]),
  ];
}

/** Sets the number, or the limits. ECS starts no deployment for that ("desiredCount" of UpdateService, Amazon ECS API reference). */
export async function scale(
  { clients: { ecs }, autoScaling, target: { names }, count }: ScaleOptions,
  { service, scales }: Pick<ScalePlan, "service" | "scales">,
): Promise<void> {
  if (scales) return setScalingLimits(autoScaling, names, service, count);
  await ecs.send(
    new UpdateServiceCommand({
      ...{ cluster: names.cluster, service: names.service(service) },
      desiredCount: count.min,
    }),
  );
}

const pollMs = 5_000;

/**
 * Waits until as many tasks run as the service shall have, and that is a number which was asked for.
 * @returns how many run.
 * @throws DeliveryError with what ECS says, where they do not within the time of a deployment.
 */
export async function waitForTasks(
  {
    clients: { ecs },
    target,
    count,
    clock,
    log,
  }: Pick<ScaleOptions, "clients" | "target" | "count" | "clock" | "log">,
  { service }: Pick<ScalePlan, "service">,
): Promise<number> {
  const { names, stack, config } = target;
  const begun = clock.now();
  const seconds = deliveryTimes(config).steadyStateSeconds;
  let told = "";
  for (;;) {
    const { services: [found] = [] } = await ecs.send(
      new DescribeServicesCommand({ cluster: names.cluster, services: [names.service(service)] }),
    );
    const { desiredCount = 0, runningCount = 0 } = found ?? {};
    const isAsked = within(count, desiredCount) === desiredCount;
    if (found && isAsked && runningCount === desiredCount) return runningCount;
    const text = progressText(found);
    if (text !== told) log(`${service}: ${text}`);
    told = text;
    if (clock.now().getTime() - begun.getTime() >= seconds * 1000) {
      throw new DeliveryError(
        `${service} of ${stack} does not run as many tasks as it should (${countText(count)}) after ${seconds} s: ${text}. The number is set, and ECS goes on trying. ` +
          `Why: gantry tasks --stack ${stack} ${service} --stopped; gantry doctor --stack ${stack}`,
        found ? eventLines(found, begun) : [],
      );
    }
    await clock.sleep(pollMs);
  }
}

function progressText(found: Service | undefined): string {
  if (!found) return "ECS does not know it any more";
  const { desiredCount = 0, runningCount = 0, pendingCount = 0 } = found;
  const pending = pendingCount > 0 ? `, ${pendingCount} pending` : "";
  return `${runningCount} of ${desiredCount} tasks run${pending}`;
}
