import assert from "node:assert/strict";
import type { CloudWatchClient } from "@aws-sdk/client-cloudwatch";
import { ECSClient } from "@aws-sdk/client-ecs";
import { ElasticLoadBalancingV2Client } from "@aws-sdk/client-elastic-load-balancing-v2";
import { leftInAws } from "../../../../components/service/leftDeployment";
import { hookedService, requestOf } from "../../../../components/service/shiftedService";
import { switchInAws } from "../../../../components/service/shiftSwitch";
import type { Release } from "../../../../contract/manifest";
import type { DesiredRelease } from "../../../../contract/pointer";
import { commandTimes, deliveryTimes, type TimedAction } from "../../../../contract/times";
import { Deadline } from "../../../../delivery/deadline";
import { boundedPorts } from "../../../../delivery/deploy/boundedPorts";
import {
  describeServices,
  runningImages,
  taskDefinitionsOf,
} from "../../../../delivery/deploy/ecs";
import type { Ports } from "../../../../delivery/deploy/ports";
import { servicePorts } from "../../../../delivery/deploy/servicePorts";
import { Ledger } from "../../../../delivery/ledger";
import { Progress } from "../../../../delivery/progress";
import { inputs } from "../../../components/service/shiftedUpdate";
import { aTarget } from "../../support/aTarget";
import { releaseNumber } from "../../support/fakePorts";
import { Colours, isOpen } from "./colours";
import { EcsAnswers } from "./ecsAnswers";
import { MemoryPulumi, type Settings } from "./memoryPulumi";
import { MemoryTable, tableClient } from "./memoryTable";
import { Schedule } from "./schedule";

const bakeMinutes = 1;
const target = aTarget({
  services: {
    web: {
      ...{ build: "app", port: 3000 },
      deployment: { strategy: "blueGreen", bakeMinutes, compare: false },
    },
  },
});
const times = deliveryTimes(target.config);
const { holdMinutes } = times;

/** How the program deploys: with new tasks that are held until somebody answers, or one after the other. */
export const shifting: Settings["deployment"] = {
  ...{ strategy: "blueGreen", bakeMinutes },
  hold: { timeoutMinutes: holdMinutes, answeredBy: "update" },
};
export const rolling: Settings["deployment"] = { strategy: "rolling" };
export { holdMinutes };

type Send = (command: unknown) => Promise<unknown>;
type Sdk = { prototype: { send: unknown } };

/**
 * An environment in memory, with delivery, the ledger and the hooks of the program as they are: AWS and Pulumi's engine are stood
 * in for. Those who work in it take turns with each of their calls.
 */
export class World {
  readonly schedule: Schedule;
  readonly colours: Colours;
  readonly pulumi: MemoryPulumi;
  readonly ledger: Ledger;
  readonly log: string[] = [];
  pointer: DesiredRelease | undefined;
  settings: Settings = { cpu: 256, deployment: shifting };
  private readonly definitions = new Map<string, { release: string | undefined; cpu: number }>();
  private readonly ecs: ECSClient;
  private hosts = 0;

  /** @param release that runs, as the first one that was deployed and verified. */
  constructor(
    seed: number,
    private readonly first: Release,
  ) {
    const schedule = (this.schedule = new Schedule(seed));
    const register = (definition: { release: string | undefined; cpu: number }) => {
      const arn = `arn:aws:ecs:eu-west-1:123456789012:task-definition/shop-web:${this.definitions.size + 1}`;
      this.definitions.set(arn, definition);
      return arn;
    };
    const definitionOf = (arn: string) => {
      const found = this.definitions.get(arn);
      assert.ok(found, `no task definition ${arn}`);
      return found;
    };
    const taskDefinition = register({ release: first.id, cpu: this.settings.cpu });
    this.colours = new Colours(() => schedule.now().getTime(), taskDefinition);
    const before = hookedService(inputs(shifting));
    assert.ok(before);
    this.colours.configure(requestOf(before));
    this.pointer = first;
    const answers = new EcsAnswers(
      this.colours,
      target.names.service("web"),
      (arn) => `registry.example.com/shop/web@${this.digestOf(definitionOf(arn).release)}`,
    );
    const send: Send = (command) => schedule.call(() => answers.answer(command));
    this.ecs = { send } as unknown as ECSClient;
    this.pulumi = new MemoryPulumi(
      {
        ...{ schedule, ecs: this.ecs, register, definitionOf },
        ports: {
          ...leftInAws,
          ...switchInAws,
          sleep: (ms) => schedule.sleep(ms),
          now: () => schedule.now().getTime(),
        },
        pointer: () => this.pointer,
        settings: () => this.settings,
        inEcs: () =>
          schedule.call(() => {
            this.colours.pass();
            return this.colours.definition;
          }),
      },
      inputs(shifting, { taskDefinition }),
    );
    const table = tableClient(new MemoryTable(), (effect) => schedule.call(effect));
    this.ledger = new Ledger(table, target.names.ledger, schedule, target.stack);
    // What components call AWS by is made by themselves.
    for (const Client of [ECSClient, ElasticLoadBalancingV2Client] as Sdk[]) {
      Client.prototype.send = send;
    }
  }

  /** Loads what components load when they need it, which takes longer than a turn. */
  static async prepare(): Promise<void> {
    await Promise.all([
      import("@aws-sdk/client-ecs"),
      import("@aws-sdk/client-elastic-load-balancing-v2"),
    ]);
  }

  /** Components call AWS again. */
  static leave(): void {
    for (const Client of [ECSClient, ElasticLoadBalancingV2Client] as Sdk[]) {
      Reflect.deleteProperty(Client.prototype, "send");
    }
  }

  /** What a command works with, on a host of its own. */
  ports(action: TimedAction): Ports {
    const { schedule, ledger, ecs } = this;
    const host = `host-${(this.hosts += 1)}`;
    const deadline = new Deadline(schedule, commandTimes(times, action));
    const pulumi = this.pulumi.engineOf(host);
    const point = (release: DesiredRelease | undefined) =>
      schedule.call(() => void (this.pointer = release));
    const described = () => describeServices(ecs, target);
    const ports: Omit<Ports, "deadline"> = {
      ...servicePorts(ecs, target, {
        ...{ cloudwatch: {} as CloudWatchClient, times, clock: schedule, deadline, described },
      }),
      ...{ target, clock: schedule, host, ledger, pulumi, engine: pulumi },
      progress: new Progress(`${action} at ${host}`, schedule, (line) => {
        this.log.push(`${schedule.now().toISOString()} ${line}`);
      }),
      pointer: {
        read: () =>
          schedule.call(() => this.pointer && { ...this.pointer, awaitsVerification: undefined }),
        write: (release, { awaitsVerification } = {}) =>
          point(awaitsVerification ? { ...release, awaitsVerification } : release),
        delete: () => point(undefined),
      },
      newestPromoted: () => Promise.resolve(undefined),
      before: () => Promise.reject(new Error("nothing is promoted into it")),
      preflight: () => schedule.call(() => []),
      releaseCommand: () => schedule.call(() => undefined),
      tag: () => schedule.call(() => undefined),
      explain: () => Promise.resolve([]),
      running: () => runningImages(ecs, target),
      taskDefinitions: async () => taskDefinitionsOf(await described()),
      alarms: () => Promise.resolve({ firing: [], unknown: [] }),
      tell: () => Promise.resolve(),
      highestTagged: () => Promise.resolve(0),
    };
    return boundedPorts(ports, deadline);
  }

  /** A person's `pulumi up`. */
  up(refresh: boolean): Promise<void> {
    return this.pulumi.up({ host: `laptop-${(this.hosts += 1)}`, byDelivery: false, refresh });
  }

  /** The releases that users ever met; undefined where a group without a task got requests. */
  get met(): (string | undefined)[] {
    return this.colours.met.map((arn) => this.definitions.get(arn)?.release);
  }

  get isQuiet(): boolean {
    this.colours.pass();
    const { newest } = this.colours;
    return newest === undefined || !isOpen(newest);
  }

  /** What pointer, Pulumi's state, ECS and the tasks that serve say of the release. */
  get said(): readonly (string | undefined)[] {
    const { colours, pulumi, definitions, pointer } = this;
    const arns = [pulumi.taskDefinition, colours.definition, colours.serving.definition];
    return [pointer?.id, ...arns.map((arn) => definitions.get(arn)?.release)];
  }

  get hasDrifted(): boolean {
    return this.pulumi.taskDefinition !== this.colours.definition;
  }

  private digestOf(release: string | undefined): string {
    if (release === this.first.id) return this.first.images.web.digest;
    return releaseNumber(Number(release?.split("-").at(1) ?? 0)).images.web.digest;
  }
}
