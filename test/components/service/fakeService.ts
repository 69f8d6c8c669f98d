import type { ServiceDeployment } from "../../../components/service/serviceDeployments";
import type { ShiftPorts } from "../../../components/service/shiftHooks";

interface Behaviour {
  /** Whether a hook holds its deployments. */
  readonly holds?: boolean;
  /** The stage that they never leave. */
  readonly stays?: string;
  /** How they end, in place of SUCCESSFUL. */
  readonly ends?: string;
  readonly reason?: string;
  /** Where its rule leads. */
  readonly weights?: Readonly<Record<string, number>>;
  /** Where the listener's rules lead, by their ARNs. */
  readonly rules?: Readonly<Record<string, readonly string[]>>;
  /** The group of its healthy tasks. */
  readonly healthy?: string;
  /** Whether somebody else answers its hook in the moment in which it is answered. */
  readonly answeredMeanwhile?: boolean;
  /** What its newest deployment brings. */
  readonly taskDefinition?: string;
  /** Whether it has had no deployment yet. */
  readonly none?: boolean;
}

type Change = Parameters<ShiftPorts["update"]>[1];

/** An ECS service whose deployments go on with each look, in a time that passes by waiting alone. */
export class FakeService {
  /** What was done to it, but looks. */
  readonly done: string[] = [];
  readonly updates: Change[] = [];
  calls = 0;
  now = 0;
  private readonly all: { arn: string; status: string; stage?: string; answered: boolean }[] = [];

  constructor(private readonly behaviour: Behaviour) {
    if (!behaviour.none) {
      this.deploy();
      this.all[0].status = "SUCCESSFUL";
    }
  }

  get newest() {
    return this.all.at(0);
  }

  deploy(): void {
    const arn = `deployment-${this.all.length + 1}`;
    const stage = this.behaviour.stays ?? "SCALE_UP";
    this.all.unshift({ arn, status: "IN_PROGRESS", stage, answered: false });
  }

  async untilHeld(): Promise<void> {
    await this.ports.describe(this.all[0].arn);
    this.calls = 0;
  }

  readonly ports: Omit<ShiftPorts, "fail"> = {
    deployments: () => {
      this.calls += 1;
      return Promise.resolve(this.all.map(({ arn, status }) => ({ arn, status })));
    },
    describe: (arn) => {
      this.calls += 1;
      return Promise.resolve(this.look(arn));
    },
    goOn: (arn, hookId) => {
      this.find(arn).answered = true;
      if (this.behaviour.answeredMeanwhile) return Promise.reject(new Error("nothing waits"));
      return Promise.resolve(void this.done.push(`continue ${hookId}`));
    },
    stop: (arn) => {
      this.find(arn).status = "ROLLBACK_SUCCESSFUL";
      return Promise.resolve(void this.done.push(`stop ${arn}`));
    },
    update: (_, change) => {
      this.updates.push(change);
      this.done.push(`update ${change.deploymentConfiguration?.strategy}`);
      if (change.forceNewDeployment) this.deploy();
      return Promise.resolve();
    },
    weights: () => Promise.resolve(this.behaviour.weights ?? {}),
    lead: (rule, weights) =>
      Promise.resolve(void this.done.push(`lead ${rule} ${Object.keys(weights).join()}`)),
    rules: () =>
      Promise.resolve(
        Object.entries(this.behaviour.rules ?? {}).map(([arn, led]) => ({
          ...{ arn, priority: 1, isNarrower: false },
          weights: Object.fromEntries(led.map((group) => [group, 1])),
        })),
      ),
    health: (arn) => Promise.resolve(arn === this.behaviour.healthy ? [{ state: "healthy" }] : []),
    taskDefinition: () => Promise.resolve(this.behaviour.taskDefinition),
    sleep: (ms) => Promise.resolve(void (this.now += ms)),
    now: () => this.now,
  };

  private find(arn: string) {
    const found = this.all.find((each) => each.arn === arn);
    if (!found) throw new Error(`no deployment ${arn}`);
    return found;
  }

  private look(arn: string): ServiceDeployment {
    const found = this.find(arn);
    const { holds, stays, ends = "SUCCESSFUL", reason } = this.behaviour;
    if (found.status === "IN_PROGRESS" && stays === undefined) {
      if (holds && !found.answered) found.stage = "POST_TEST_TRAFFIC_SHIFT";
      else found.status = ends;
    }
    const isHeld = found.status === "IN_PROGRESS" && found.stage === "POST_TEST_TRAFFIC_SHIFT";
    return {
      ...{ arn, status: found.status, stage: found.stage, reason },
      waiting: isHeld ? ["hook-1"] : [],
      expiresAt: isHeld ? new Date("2026-11-29T12:00:00Z") : undefined,
    };
  }
}
