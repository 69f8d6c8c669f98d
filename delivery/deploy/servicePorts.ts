import type { CloudWatchClient } from "@aws-sdk/client-cloudwatch";
import type { ECSClient } from "@aws-sdk/client-ecs";
import { releasedContainers } from "../../stacks/config/containers";
import type { Release } from "../../contract/manifest";
import type { DeliveryTimes } from "../../contract/times";
import type { Clock } from "../clock";
import type { Deadline } from "../deadline";
import { isJob } from "../jobs";
import type { Log } from "../progress";
import { imagesByService } from "../releaseImages";
import { waitForSteadyState, type ExpectedService, type HeldService } from "../steadyState";
import { goBack } from "../steadyState/goBack";
import { servicesBack, servicesUnderWay, type ServiceUnderWay } from "../steadyState/underWay";
import type { Target } from "../target";
import { truthCheck } from "../truthCheck";
import { describeServices, type DescribedServices } from "./ecs";

/** How a release is waited for. */
export interface WaitOptions {
  /** When the services began to be updated to it. Default: what ECS went back on is told by the digest alone. */
  readonly since?: Date;
  /** What is done with new tasks that wait for an answer: `stop` ends the wait with them. Default: they go on. */
  readonly held?: "stop" | "continue";
  /** Whether new tasks that get requests are compared with the old ones: worse ones fail. Default: no. */
  readonly compares?: boolean;
}

/** What deployments ask of the services themselves. */
export interface ServicePorts {
  /** @returns the services whose new tasks wait for an answer. */
  steadyState(release: Release, note: Log, options?: WaitOptions): Promise<readonly HeldService[]>;
  /** Services that ECS shifts, or will once somebody answers. */
  underWay(): Promise<readonly ServiceUnderWay[]>;
  /** Services whose newest deployment began at a time or after it, and ended so that what ran before runs again. */
  wentBack(since: Date): Promise<readonly string[]>;
  /**
   * Has ECS go back on those, and waits until it has.
   * @param begunBefore those that began then or later are left alone. Default: none is.
   */
  goBack(note: Log, begunBefore?: Date): Promise<readonly string[]>;
  /**
   * @param held services of which the new tasks alone are asked: those from before still serve. Default: none.
   * @returns the services of which no task shall run, so that the release is unproven there.
   */
  truth(release: Release, note: Log, held?: readonly HeldService[]): Promise<readonly string[]>;
}

/** Seconds in which ECS goes back, whatever config says by now. */
const leastBackSeconds = 300;

interface ServicePortOptions {
  readonly cloudwatch: CloudWatchClient;
  readonly times: DeliveryTimes;
  readonly clock: Clock;
  readonly deadline: Deadline;
  /** The services as ECS has them, which may have been asked for a moment ago. */
  readonly described: () => Promise<DescribedServices>;
}

/** ECS itself. */
export function servicePorts(
  ecs: ECSClient,
  target: Target,
  { cloudwatch, times, clock, deadline, described }: ServicePortOptions,
): ServicePorts {
  const { cluster } = target.names;
  const within = (seconds: number) => Math.floor(deadline.within(seconds * 1000) / 1000);
  return {
    steadyState: (release, progress, { since, held = "continue", compares = false } = {}) => {
      const shift = held === "continue" ? times.shiftMinutes * 60 : 0;
      return waitForSteadyState({
        ...{ ecs, cluster, cloudwatch, clock, progress, since, held },
        ...(compares ? { comparison: { cloudwatch, without: notCompared(target) } } : {}),
        timeoutSeconds: within(times.steadyStateSeconds + shift),
        services: expectedServices(target, release, held === "continue"),
      });
    },
    underWay: async () => servicesUnderWay(ecs, cluster, await described()),
    wentBack: async (since) =>
      servicesBack(ecs, cluster, await describeServices(ecs, target), since),
    goBack: (progress, begunBefore) =>
      goBack({
        ...{ ecs, cluster, clock, progress, begunBefore },
        timeoutSeconds: within(Math.max(times.stepBackMinutes * 60, leastBackSeconds)),
        services: servicesOf(target).map((service) => named(target, service)),
      }),
    truth: (release, progress, held = []) =>
      truthCheck({
        ...{ ecs, target, release: knownImages(target, release), clock, progress },
        newTasks: Object.fromEntries(
          held.map(({ service, taskDefinition }) => [service, taskDefinition]),
        ),
      }),
  };
}

/** A release that is gone back to may have services that the environment has not any more. */
function knownImages({ config }: Target, release: Release): Release {
  const containers = releasedContainers(config.services);
  return {
    ...release,
    images: Object.fromEntries(
      Object.entries(release.images).filter(([key]) => Object.hasOwn(containers, key)),
    ),
  };
}

function servicesOf({ config }: Target): string[] {
  return Object.keys(config.services).filter((service) => !isJob(config, service));
}

function notCompared({ config }: Target): string[] {
  return Object.entries(config.services).flatMap(([name, service]) =>
    service.kind !== "job" && service.deployment.compare === false ? [name] : [],
  );
}

function named({ names }: Target, service: string) {
  return { service, ecsName: names.service(service) };
}

/** @param all those too that the release has no image of: whatever runs there, nobody else would let it go on. */
function expectedServices(target: Target, release: Release, all: boolean): ExpectedService[] {
  const released = imagesByService(knownImages(target, release)).filter(
    ({ service }) => !isJob(target.config, service),
  );
  const others = servicesOf(target).filter(
    (name) => all && !released.some(({ service }) => service === name),
  );
  return [
    ...released.map(({ service, app, sidecars }) => ({
      ...named(target, service),
      expectedImage: app,
      expectedSidecars: sidecars,
    })),
    ...others.map((service) => named(target, service)),
  ];
}
