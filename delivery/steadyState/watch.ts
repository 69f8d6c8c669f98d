import type { CloudWatchClient } from "@aws-sdk/client-cloudwatch";
import type { ECSClient, Service, ServiceDeployment } from "@aws-sdk/client-ecs";
import type { Clock } from "../clock";
import type { ShiftBegun } from "../comparison/comparison";
import { withoutData } from "./alarms";
import { failureLimit, failuresOf } from "./breaker";
import { Expectation, type ExpectedService } from "./expected";
import { answerHook, isShifting, stageText, waitingHook } from "./hold";
import { judge, primaryOf, shortName, type Verdict } from "./judge";
import {
  alarmFinding,
  describeServiceDeployment,
  goneBackSince,
  isOpen,
  newestServiceDeployment,
  outcomeLines,
  reasonOf,
  rolledBackSince,
} from "./serviceDeployment";

interface WatchOptions {
  readonly ecs: ECSClient;
  readonly cluster: string;
  readonly cloudwatch?: CloudWatchClient;
  readonly clock: Clock;
  /** As of the wait. */
  readonly since?: Date;
  readonly held?: "stop" | "continue";
}

/** Whether ECS's service deployment has more to say of it. */
function isUndecided(verdict: Verdict): boolean {
  return (
    verdict.state === "waiting" || (verdict.state === "failed" && verdict.isToBeSeenAgain === true)
  );
}

function hasRequests({ targetServiceRevision }: ServiceDeployment): boolean {
  return (targetServiceRevision?.requestedProductionTrafficWeight ?? 0) > 0;
}

/** One service that is waited for. */
export class Watch {
  readonly service: string;
  readonly ecsName: string;
  private readonly expectation: Expectation;
  private begun: ShiftBegun | undefined;

  constructor(
    private readonly options: WatchOptions,
    expected: ExpectedService,
  ) {
    this.service = expected.service;
    this.ecsName = expected.ecsName;
    this.expectation = new Expectation(options.ecs, expected);
  }

  /** Since when its requests go to new tasks; undefined where they do not yet, or did before anybody looked. */
  get shift(): ShiftBegun | undefined {
    return this.begun;
  }

  async judge(described: Service | undefined): Promise<Verdict> {
    const { ecs, cluster, since } = this.options;
    const isFree = this.expectation.isAnything && !isShifting(described);
    if (isFree) return { state: "completed", text: "whatever it runs is right" };
    const verdict = judge(described, await this.expectation.of(described));
    if (described && isShifting(described) && isUndecided(verdict)) {
      return this.withinShift(verdict, described);
    }
    if (verdict.state !== "completed") return verdict;
    const newest = await newestServiceDeployment(ecs, cluster, this.ecsName);
    // Steady to look at, but ECS still bakes it or goes back.
    if (isOpen(newest)) {
      return {
        state: "waiting",
        text: `${verdict.text}; its service deployment is ${newest?.status}`,
      };
    }
    if (since && rolledBackSince(newest, since)) {
      return { state: "failed", text: "ECS rolled its deployment back to the settings before it" };
    }
    return this.afterAlarms(verdict, described, newest?.serviceDeploymentArn);
  }

  /** Of new tasks that come up, wait, or get their first requests. */
  private async withinShift(verdict: Verdict, described: Service): Promise<Verdict> {
    const { ecs, cluster, since, held = "continue" } = this.options;
    const newest = await newestServiceDeployment(ecs, cluster, this.ecsName);
    const deployment = await describeServiceDeployment(ecs, newest?.serviceDeploymentArn);
    const primary = primaryOf(described);
    if (!deployment || !primary) return verdict;
    if (since && goneBackSince(deployment, since)) {
      return { state: "failed", text: `ECS goes back on its deployment${reasonOf(deployment)}` };
    }
    if (verdict.state === "failed" || !isOpen(deployment)) return verdict;
    const failures = await failuresOf(ecs, cluster, described, primary);
    if (failures >= failureLimit(primary.desiredCount ?? 0)) {
      const definition = shortName(primary.taskDefinition ?? "");
      return { state: "failed", text: `${failures} tasks of ${definition} failed` };
    }
    const text = `${verdict.text}; ${stageText(deployment, described)}`;
    const hook = waitingHook(deployment);
    if (!hook) {
      if (hasRequests(deployment)) this.begin(described, deployment);
      return { state: "waiting", text };
    }
    const { serviceDeploymentArn = "" } = deployment;
    const taskDefinition = primary.taskDefinition ?? "";
    const waits = { service: this.service, serviceDeploymentArn, taskDefinition, ...hook };
    if (held === "stop") return { state: "held", text, held: waits };
    await answerHook(ecs, waits, "CONTINUE");
    this.begin(described, deployment);
    return { state: "waiting", text: `${text}; it was told to go on` };
  }

  private begin(described: Service, deployment: ServiceDeployment): void {
    this.begun ??= { described, deployment, since: this.options.clock.now() };
  }

  private async afterAlarms(
    verdict: Verdict,
    described: Service | undefined,
    serviceDeploymentArn: string | undefined,
  ): Promise<Verdict> {
    const alarms = described?.deploymentConfiguration?.alarms;
    const configured = alarms?.enable ? (alarms.alarmNames ?? []) : [];
    if (configured.length === 0) return verdict;
    const deployment = await describeServiceDeployment(this.options.ecs, serviceDeploymentArn);
    const names = configured.join(", ");
    switch (alarmFinding(configured, deployment)) {
      case "fired":
        return { state: "failed", text: `an alarm fired: ${names}` };
      case "notWatched":
        return {
          ...verdict,
          text:
            `${verdict.text}. WARNING: ECS does not say that it watched the alarms ${names}: ` +
            "one that fires as a deployment begins, or is not there, keeps it from that",
        };
      default:
        return {
          ...verdict,
          text: `${verdict.text}; no alarm fired (${names})${await withoutData(this.options.cloudwatch, configured)}`,
        };
    }
  }

  /** What ECS knows of why. It never hides the failure itself. */
  async outcome(): Promise<string[]> {
    const { ecs, cluster } = this.options;
    try {
      const newest = await newestServiceDeployment(ecs, cluster, this.ecsName);
      return outcomeLines(await describeServiceDeployment(ecs, newest?.serviceDeploymentArn));
    } catch (error) {
      return [`the service deployment could not be read: ${(error as Error).message}`];
    }
  }
}
