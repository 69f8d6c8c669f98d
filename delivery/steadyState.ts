import { DescribeServicesCommand, type ECSClient, type Service } from "@aws-sdk/client-ecs";
import { leastSteadySeconds } from "../contract/times";
import type { Clock } from "./clock";
import { DeliveryError } from "./errors";
import { servicesPerCall } from "./deploy/ecs";
import { Expectation, type ExpectedService } from "./steadyState/expected";
import { judge, type Verdict } from "./steadyState/judge";
import {
  alarmFinding,
  describeServiceDeployment,
  isOpen,
  newestServiceDeployment,
  rolledBackSince,
  outcomeLines,
} from "./steadyState/serviceDeployment";

export type { ExpectedService } from "./steadyState/expected";

export interface SteadyStateOptions {
  readonly ecs: ECSClient;
  readonly cluster: string;
  readonly services: readonly ExpectedService[];
  /**
   * A service whose deployment ECS rolled back after this failed, also where what it went back to has the expected digest:
   * a release may change settings alone. Default: that is not looked at.
   */
  readonly since?: Date;
  readonly clock: Clock;
  /** Default: 900. */
  readonly timeoutSeconds?: number;
  /** Receives a line when something has changed. Default: nobody is told. */
  readonly progress?: (line: string) => void;
}

/** Services did not come to run what they should. */
export class DeploymentFailure extends DeliveryError {
  constructor(
    message: string,
    /** As config calls them. */
    readonly services: readonly string[],
    details: readonly string[] = [],
  ) {
    super(message, details);
    this.name = "DeploymentFailure";
  }
}

/**
 * How often in a row a failure must be seen that an answer of a moment ago shows as well: ECS may still say what was
 * before an update, for its API is eventually consistent ("RunTask", Amazon ECS API reference).
 */
const looks = 3;
/** A first minute in which most deployments are over, and what comes after it. */
const quickSeconds = 60;
const quickPollMs = 5_000;
const slowPollMs = 10_000;

/**
 * Waits until every service runs what it should and ECS is done with it.
 * @throws DeploymentFailure where ECS failed or rolled back a deployment, where something else was put into a service's
 *   place, and where it takes too long.
 */
export async function waitForSteadyState(options: SteadyStateOptions): Promise<void> {
  const { clock, timeoutSeconds = leastSteadySeconds, progress = () => undefined } = options;
  const begun = clock.now().getTime();
  const elapsed = () => (clock.now().getTime() - begun) / 1000;
  const told = new Map<string, string>();
  const suspected = new Map<string, number>();
  let waiting = options.services.map((service) => new Watch(options, service));
  for (;;) {
    const verdicts = confirmed(await look(options, waiting), suspected);
    for (const [{ service }, { text }] of verdicts) {
      if (told.get(service) !== text) progress(`${service}: ${text}`);
      told.set(service, text);
    }
    await throwFailures(verdicts, progress);
    waiting = waiting.filter((watch) => verdicts.get(watch)?.state !== "completed");
    if (waiting.length === 0) return;
    if (elapsed() >= timeoutSeconds) throw timedOut(waiting, verdicts, timeoutSeconds);
    const pause = elapsed() < quickSeconds ? quickPollMs : slowPollMs;
    await clock.sleep(Math.min(pause, Math.max(0, timeoutSeconds - elapsed()) * 1000));
  }
}

/** The verdicts, but that of a failure which is to be seen again waits until it was. */
function confirmed(
  seen: ReadonlyMap<Watch, Verdict>,
  suspected: Map<string, number>,
): Map<Watch, Verdict> {
  return new Map(
    [...seen].map(([watch, verdict]) => {
      const isSuspect = verdict.state === "failed" && verdict.isToBeSeenAgain === true;
      const times = isSuspect ? (suspected.get(watch.service) ?? 0) + 1 : 0;
      suspected.set(watch.service, times);
      return isSuspect && times < looks
        ? [watch, { state: "waiting", text: `${verdict.text}. Looking again` }]
        : [watch, verdict];
    }),
  );
}

async function look(
  { ecs, cluster }: SteadyStateOptions,
  watches: readonly Watch[],
): Promise<Map<Watch, Verdict>> {
  const verdicts = new Map<Watch, Verdict>();
  for (let start = 0; start < watches.length; start += servicesPerCall) {
    const asked = watches.slice(start, start + servicesPerCall);
    const { services = [] } = await ecs.send(
      new DescribeServicesCommand({ cluster, services: asked.map(({ ecsName }) => ecsName) }),
    );
    for (const watch of asked) {
      const described = services.find(({ serviceName }) => serviceName === watch.ecsName);
      verdicts.set(watch, await watch.judge(described));
    }
  }
  return verdicts;
}

/** One service that is waited for. */
class Watch {
  readonly service: string;
  readonly ecsName: string;
  private readonly ecs: ECSClient;
  private readonly cluster: string;
  private readonly since: Date | undefined;
  private readonly expectation: Expectation;

  constructor(
    { ecs, cluster, since }: Pick<SteadyStateOptions, "ecs" | "cluster" | "since">,
    expected: ExpectedService,
  ) {
    this.ecs = ecs;
    this.cluster = cluster;
    this.since = since;
    this.service = expected.service;
    this.ecsName = expected.ecsName;
    this.expectation = new Expectation(ecs, expected);
  }

  async judge(described: Service | undefined): Promise<Verdict> {
    const verdict = judge(described, await this.expectation.of(described));
    if (verdict.state !== "completed") return verdict;
    const newest = await newestServiceDeployment(this.ecs, this.cluster, this.ecsName);
    // Steady to look at, but ECS still bakes it or goes back.
    if (isOpen(newest)) {
      return {
        state: "waiting",
        text: `${verdict.text}; its service deployment is ${newest?.status}`,
      };
    }
    if (this.since && rolledBackSince(newest, this.since)) {
      return { state: "failed", text: "ECS rolled its deployment back to the settings before it" };
    }
    return this.afterAlarms(verdict, described, newest?.serviceDeploymentArn);
  }

  private async afterAlarms(
    verdict: Verdict,
    described: Service | undefined,
    serviceDeploymentArn: string | undefined,
  ): Promise<Verdict> {
    const alarms = described?.deploymentConfiguration?.alarms;
    const configured = alarms?.enable ? (alarms.alarmNames ?? []) : [];
    if (configured.length === 0) return verdict;
    const deployment = await describeServiceDeployment(this.ecs, serviceDeploymentArn);
    const names = configured.join(", ");
    switch (alarmFinding(configured, deployment)) {
      case "fired":
        return { state: "failed", text: `an alarm fired: ${names}` };
      case "notWatched":
        return {
          ...verdict,
          text:
            `${verdict.text}. WARNING: ECS does not say that it watched the alarms ${names}: ` +
            "see that they exist and have data",
        };
      default:
        return { ...verdict, text: `${verdict.text}; no alarm fired (${names})` };
    }
  }

  /** What ECS knows of why. It never hides the failure itself. */
  async outcome(): Promise<string[]> {
    try {
      const newest = await newestServiceDeployment(this.ecs, this.cluster, this.ecsName);
      return outcomeLines(await describeServiceDeployment(this.ecs, newest?.serviceDeploymentArn));
    } catch (error) {
      return [`the service deployment could not be read: ${(error as Error).message}`];
    }
  }
}

async function throwFailures(
  verdicts: ReadonlyMap<Watch, Verdict>,
  progress: (line: string) => void,
): Promise<void> {
  const failures = [...verdicts].filter(([, { state }]) => state === "failed");
  if (failures.length === 0) return;
  const details: string[] = [];
  for (const [watch] of failures) {
    const lines = (await watch.outcome()).map((line) => `${watch.service}: ${line}`);
    lines.forEach(progress);
    details.push(...lines);
  }
  throw new DeploymentFailure(
    failures.map(([{ service }, { text }]) => `${service}: ${text}`).join("; "),
    failures.map(([{ service }]) => service),
    details,
  );
}

function timedOut(
  waiting: readonly Watch[],
  verdicts: ReadonlyMap<Watch, Verdict>,
  timeoutSeconds: number,
): DeploymentFailure {
  const services = waiting.map(({ service }) => service);
  return new DeploymentFailure(
    `${services.join(", ")} did not become steady within ${timeoutSeconds} s`,
    services,
    waiting.map((watch) => `${watch.service}: ${verdicts.get(watch)?.text ?? "not looked at"}`),
  );
}
