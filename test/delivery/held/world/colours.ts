import type { UpdateServiceCommandInput } from "@aws-sdk/client-ecs";
import { advancedConfiguration } from "../../../components/service/shiftedUpdate";

/** The two target groups, of which the first is the one that a rolling service has, and the rule of the users. */
export const groups = ["blue", "green"] as const;
export const ruleArn = advancedConfiguration.productionListenerRule;
const minuteMs = 60_000;

/** Seconds that something takes, where no config says it. */
const seconds = { begin: 1, start: 30, shift: 10, leave: 10, back: 5 };

export type Configuration = NonNullable<UpdateServiceCommandInput["deploymentConfiguration"]>;

/** A deployment of a service, as it goes on by itself. */
export interface Deployment {
  readonly arn: string;
  readonly createdAt: number;
  /** What served before it, and what it brings: a task definition and the group of its tasks. */
  readonly from: Placed;
  readonly to: Placed;
  readonly shifts: boolean;
  status: string;
  stage?: string;
  /** Since when it is where it is. */
  since: number;
  hook?: { readonly id: string; readonly expiresAt: number };
  reason?: string;
  failedTasks: number;
}

interface Placed {
  readonly definition: string;
  readonly group: string;
}

/** How long it stays where it is, and what comes then. */
type Step = readonly [seconds: number, then: () => void];

/** What a world does to deployments. */
export interface Accidents {
  /** An alarm goes off in the next bake. */
  alarm: boolean;
  /** No task of the next deployment comes up. */
  crash: boolean;
}

/** A service of ECS with two target groups and the rule of its users, whose deployments go on as time passes. */
export class Colours {
  readonly deployments: Deployment[] = [];
  /** By group: what its healthy tasks run. */
  readonly tasks = new Map<string, string>();
  weights: Record<string, number> = { [groups[0]]: 100, [groups[1]]: 0 };
  configuration: Configuration = { strategy: "ROLLING" };
  /** Everything that users ever met: a task definition, or a group without a task. */
  readonly met: string[] = [];
  readonly accidents: Accidents = { alarm: false, crash: false };
  /** Whether ECS was told of both groups. */
  private knowsBoth = false;

  constructor(
    private readonly now: () => number,
    public definition: string,
  ) {
    this.tasks.set(groups[0], definition);
    this.meet();
  }

  /** It has been deployed so before. */
  configure(configuration: Configuration): void {
    this.configuration = configuration;
    this.knowsBoth = true;
  }

  get newest(): Deployment | undefined {
    return this.deployments.at(-1);
  }

  get serving(): Placed {
    const group = groups.find((one) => (this.weights[one] ?? 0) > 0) ?? groups[0];
    return { group, definition: this.tasks.get(group) ?? "" };
  }

  /** @throws what ECS would refuse. */
  update({
    deploymentConfiguration: change,
    loadBalancers,
    taskDefinition,
    forceNewDeployment,
  }: Pick<
    UpdateServiceCommandInput,
    "deploymentConfiguration" | "loadBalancers" | "taskDefinition" | "forceNewDeployment"
  >): void {
    this.pass();
    const configuration = { ...this.configuration, ...change };
    const begins = configuration.strategy !== "ROLLING" && !isShifting(this.configuration);
    if (begins && !this.knowsBoth) {
      throw new Error(
        "InvalidParameterException: a rolling deployment with both groups comes first",
      );
    }
    const [balancer] = loadBalancers ?? [];
    if (balancer) this.knowsBoth = balancer.advancedConfiguration !== undefined;
    this.configuration = configuration;
    if (!forceNewDeployment) return;
    this.stop();
    const definition = taskDefinition ?? this.definition;
    const from = this.serving;
    const shifts = isShifting(configuration);
    const other = groups.find((one) => one !== from.group) ?? "";
    this.definition = definition;
    this.deployments.push({
      arn: `arn:aws:ecs:eu-west-1:123456789012:service-deployment/shop/web/${this.deployments.length + 1}`,
      ...{ createdAt: this.now(), since: this.now(), from, shifts, failedTasks: 0 },
      to: { definition, group: shifts ? other : groups[0] },
      status: "IN_PROGRESS",
      stage: shifts ? "RECONCILE_SERVICE" : undefined,
    });
  }

  lead(weights: Record<string, number>): void {
    this.weights = weights;
    this.meet();
  }

  /** @returns whether it waited. */
  answer(arn: string, hookId: string, goesOn: boolean): boolean {
    this.pass();
    const found = this.deployments.find((one) => one.arn === arn);
    if (found?.hook?.id !== hookId || found.status !== "IN_PROGRESS") return false;
    found.hook = undefined;
    found.since = this.now();
    if (goesOn) found.stage = "PRODUCTION_TRAFFIC_SHIFT";
    else this.goBack(found, "the hook was answered with ROLLBACK");
    return true;
  }

  /** @returns whether it was under way. */
  stopDeployment(arn: string): boolean {
    this.pass();
    const found = this.deployments.find((one) => one.arn === arn);
    if (found?.status !== "IN_PROGRESS") return false;
    found.since = this.now();
    this.goBack(found, "stopped by a person");
    return true;
  }

  /** Lets everything happen that its time has come for. */
  pass(): void {
    for (;;) {
      const { newest } = this;
      const step = newest && this.stepOf(newest);
      if (!newest || !step) return;
      const [after, then] = step;
      if (this.now() < newest.since + after * 1000) return;
      newest.since += after * 1000;
      then();
    }
  }

  private stepOf(made: Deployment): Step | undefined {
    switch (made.status) {
      case "IN_PROGRESS":
        return made.shifts ? this.shiftOf(made) : this.rollOf(made);
      case "ROLLBACK_REQUESTED":
        return [seconds.back, () => this.beBack(made)];
      case "ROLLBACK_IN_PROGRESS":
        return [seconds.leave, () => this.leave(made, "ROLLBACK_SUCCESSFUL", made.to)];
      default:
        return undefined;
    }
  }

  private shiftOf(made: Deployment): Step {
    const enter = (stage: string) => () => void (made.stage = stage);
    switch (made.stage) {
      case "RECONCILE_SERVICE":
        return [seconds.begin, enter("SCALE_UP")];
      case "SCALE_UP":
        return [seconds.start, () => this.scaleUp(made)];
      case "POST_TEST_TRAFFIC_SHIFT":
        if (!made.hook) return [0, enter("PRODUCTION_TRAFFIC_SHIFT")];
        return [
          (made.hook.expiresAt - made.since) / 1000,
          () => this.goBack(made, "lifecycle hook timed out"),
        ];
      case "PRODUCTION_TRAFFIC_SHIFT":
        return [seconds.shift, () => this.shift(made)];
      case "BAKE_TIME":
        return this.accidents.alarm
          ? [seconds.back, () => this.alarm(made)]
          : [(this.configuration.bakeTimeInMinutes ?? 0) * 60, enter("CLEAN_UP")];
      default:
        return [seconds.leave, () => this.leave(made, "SUCCESSFUL", made.from)];
    }
  }

  private rollOf(made: Deployment): Step {
    return [
      seconds.start,
      () => {
        // Its circuit breaker ends it.
        if (this.crashes(made)) return this.goBack(made, "tasks failed to start");
        this.tasks.clear();
        this.tasks.set(made.to.group, made.to.definition);
        made.status = "SUCCESSFUL";
        this.meet();
      },
    ];
  }

  private scaleUp(made: Deployment): void {
    if (this.crashes(made)) return;
    this.tasks.set(made.to.group, made.to.definition);
    made.stage = "POST_TEST_TRAFFIC_SHIFT";
    const minutes =
      this.configuration.lifecycleHooks?.at(0)?.timeoutConfiguration?.timeoutInMinutes;
    if (minutes !== undefined) {
      made.hook = { id: `hook-of-${made.arn}`, expiresAt: made.since + minutes * minuteMs };
    }
  }

  private crashes(made: Deployment): boolean {
    if (this.accidents.crash) made.failedTasks = 1;
    this.accidents.crash = false;
    if (made.failedTasks > 0) made.failedTasks += 1;
    return made.failedTasks > 0;
  }

  private shift(made: Deployment): void {
    this.lead({ [made.to.group]: 100, [made.from.group]: 0 });
    made.stage = "BAKE_TIME";
  }

  private alarm(made: Deployment): void {
    this.accidents.alarm = false;
    this.goBack(made, "alarm detected");
  }

  private goBack(made: Deployment, reason: string): void {
    made.hook = undefined;
    made.status = "ROLLBACK_REQUESTED";
    made.reason = reason;
  }

  private beBack(made: Deployment): void {
    made.status = "ROLLBACK_IN_PROGRESS";
    this.definition = made.from.definition;
    if (made.shifts) this.lead({ [made.from.group]: 100, [made.to.group]: 0 });
  }

  private leave(made: Deployment, status: string, { group, definition }: Placed): void {
    // What rolls has its old tasks in the same group.
    if (this.tasks.get(group) === definition && made.from.group !== made.to.group) {
      this.tasks.delete(group);
    }
    made.status = status;
    this.meet();
  }

  /** Another one takes its place: its new tasks go, and what served before it serves. */
  private stop(): void {
    const { newest } = this;
    if (!newest || !isOpen(newest)) return;
    newest.hook = undefined;
    newest.status = "STOPPED";
    if (!newest.shifts) return;
    this.lead({ [newest.from.group]: 100, [newest.to.group]: 0 });
    this.tasks.delete(newest.to.group);
  }

  private meet(): void {
    for (const [group, weight] of Object.entries(this.weights)) {
      if (weight > 0) this.met.push(this.tasks.get(group) ?? `nothing in ${group}`);
    }
  }
}

export function isOpen({ status }: Deployment): boolean {
  return status === "IN_PROGRESS" || /^ROLLBACK_(REQUESTED|IN_PROGRESS)$/.test(status);
}

function isShifting({ strategy = "ROLLING" }: Configuration): boolean {
  return strategy !== "ROLLING";
}
