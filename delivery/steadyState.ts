import type { CloudWatchClient } from "@aws-sdk/client-cloudwatch";
import { DescribeServicesCommand, type ECSClient } from "@aws-sdk/client-ecs";
import { leastSteadySeconds } from "../contract/times";
import type { Clock } from "./clock";
import { Comparison, type ComparisonOptions } from "./comparison/comparison";
import { DeliveryError } from "./errors";
import { servicesPerCall } from "./deploy/ecs";
import type { ExpectedService } from "./steadyState/expected";
import type { HeldService } from "./steadyState/hold";
import type { Verdict } from "./steadyState/judge";
import { Watch } from "./steadyState/watch";

export type { ExpectedService } from "./steadyState/expected";
export type { HeldService } from "./steadyState/hold";

export interface SteadyStateOptions {
  readonly ecs: ECSClient;
  readonly cluster: string;
  /** Asked which of a service's alarms have no data. Default: nobody is. */
  readonly cloudwatch?: CloudWatchClient;
  readonly services: readonly ExpectedService[];
  /**
   * A service whose deployment ECS rolled back after this failed, also where what it went back to has the expected digest:
   * a release may change settings alone. Default: that is not looked at.
   */
  readonly since?: Date;
  /**
   * What is done with new tasks that wait for an answer before they get requests: `stop` ends the wait with them, `continue` lets
   * each go on, and waits to the end of its shift. Default: `continue`.
   */
  readonly held?: "stop" | "continue";
  /** How new tasks that get requests are compared with the old ones. Default: not at all. */
  readonly comparison?: ComparisonOptions;
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
 * Waits until every service runs what it should and ECS is done with it, or, with `held: "stop"`, holds its new tasks.
 * @returns the services that are held.
 * @throws DeploymentFailure where ECS failed or rolled back a deployment, where something else was put into a service's
 *   place, and where it takes too long.
 */
export async function waitForSteadyState(
  options: SteadyStateOptions,
): Promise<readonly HeldService[]> {
  const { clock, timeoutSeconds = leastSteadySeconds, progress = () => undefined } = options;
  const begun = clock.now().getTime();
  const elapsed = () => (clock.now().getTime() - begun) / 1000;
  const told = new Map<string, string>();
  const suspected = new Map<string, number>();
  const comparison = options.comparison && new Comparison(options.ecs, clock, options.comparison);
  let waiting = options.services.map((service) => new Watch(options, service));
  for (;;) {
    const seen = confirmed(await look(options, waiting), suspected);
    const verdicts = comparison ? await comparison.heed(seen) : seen;
    for (const [{ service }, { text }] of verdicts) {
      if (told.get(service) !== text) progress(`${service}: ${text}`);
      told.set(service, text);
    }
    await throwFailures(verdicts, progress);
    waiting = waiting.filter((watch) => verdicts.get(watch)?.state !== "completed");
    // What is held is looked at until nothing else is waited for: it may end meanwhile.
    const held = [...verdicts.values()].flatMap((one) => (one.state === "held" ? [one.held] : []));
    if (waiting.length === held.length) return held;
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
