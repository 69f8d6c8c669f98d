import { isDeepStrictEqual } from "node:util";
import { UpdateServiceCommand, type ECSClient } from "@aws-sdk/client-ecs";
import type * as pulumi from "@pulumi/pulumi";
import type { DeploymentArgs } from "../../../../components";
import { answersLeft, takeUpLeft } from "../../../../components/service/leftDeployment";
import { hookedService, requestOf } from "../../../../components/service/shiftedService";
import { shiftHooks, type ShiftPorts } from "../../../../components/service/shiftHooks";
import type { Release } from "../../../../contract/manifest";
import type { DesiredRelease } from "../../../../contract/pointer";
import type { DeliveryEngine, StateView, UpOptions } from "../../../../delivery/engine";
import {
  clearOwnLock,
  lockHolder,
  stateLocked,
  type LockHolder,
} from "../../../../delivery/engine/locks";
import { inputs } from "../../../components/service/shiftedUpdate";
import type { Schedule } from "./schedule";

/** What a person may change in config. */
export interface Settings {
  readonly cpu: number;
  readonly deployment: DeploymentArgs;
}

/** What a revision of the task definition is made of. */
interface Definition {
  readonly release: string | undefined;
  readonly cpu: number;
}

type Service = ReturnType<typeof inputs>;

/** A run of the program. */
interface Run {
  readonly host: string;
  /** Undefined where the program reads the pointer. */
  readonly release?: Release;
  /** Whether the program was told the release, so that delivery answers. */
  readonly byDelivery: boolean;
  readonly refresh?: boolean;
}

/** What it works with. */
export interface PulumiWorld {
  readonly schedule: Schedule;
  readonly ecs: ECSClient;
  readonly ports: Omit<ShiftPorts, "fail">;
  readonly pointer: () => DesiredRelease | undefined;
  readonly settings: () => Settings;
  /** Registers a revision. */
  readonly register: (definition: Definition) => string;
  readonly definitionOf: (arn: string) => Definition;
  /** What ECS has the service on. */
  readonly inEcs: () => Promise<string>;
}

/** Pulumi with a program of one service: its state, its lock, and around each update of the service its own hooks. */
export class MemoryPulumi {
  lock: LockHolder | undefined;
  private pid = 0;
  private version = 1;

  constructor(
    private readonly world: PulumiWorld,
    private service: Service,
  ) {}

  get taskDefinition(): string {
    return this.service.taskDefinition;
  }

  /** What the program would change. */
  get changes(): string[] {
    const { service, world } = this;
    const definition = world.definitionOf(service.taskDefinition);
    const wanted = { ...this.wanted("update"), taskDefinition: service.taskDefinition };
    const wantedDefinition = this.definitionFor(world.pointer());
    return [
      ...(isDeepStrictEqual(definition, wantedDefinition) ? [] : ["taskDefinition"]),
      ...(isDeepStrictEqual(service, wanted) ? [] : ["service"]),
    ];
  }

  engineOf(host: string): DeliveryEngine {
    const up = ({ release, refresh, ownership }: UpOptions): Promise<void> => {
      const run: Run = { host, release, byDelivery: release !== undefined, refresh };
      return this.up(run).catch(async (error: unknown) => {
        await clearOwnLock({ cancel: () => this.cancel() }, error, ownership);
        await this.up(run);
      });
    };
    const state = (): StateView => ({
      version: String(this.version),
      taskDefinitions: { web: this.taskDefinition },
    });
    return {
      up,
      preview: () => this.world.schedule.call(() => []),
      state: () => this.world.schedule.call(state),
      requireUnlocked: () => this.world.schedule.call(() => this.requireUnlocked()),
    };
  }

  cancel(): Promise<void> {
    return this.world.schedule.call(() => void (this.lock = undefined));
  }

  /** @throws what fails the update. */
  async up(run: Run): Promise<void> {
    const { schedule } = this.world;
    if (run.refresh) await this.locked(run.host, () => this.refresh());
    await this.locked(run.host, async () => {
      const release = run.release ?? (await schedule.call(() => this.world.pointer()));
      await this.update(release, run.byDelivery ? "delivery" : "update");
    });
  }

  private async locked(host: string, work: () => Promise<void>): Promise<void> {
    const { schedule } = this.world;
    await schedule.call(() => {
      this.requireUnlocked();
      const at = schedule.now().toISOString();
      this.lock = lockHolder({ user: "somebody", host, pid: (this.pid += 1), at });
    });
    const { lock } = this;
    try {
      await work();
    } finally {
      await schedule.call(() => {
        if (this.lock === lock) this.lock = undefined;
      });
    }
  }

  private requireUnlocked(): void {
    if (this.lock) throw stateLocked("staging", [this.lock]);
  }

  private async refresh(): Promise<void> {
    const taskDefinition = await this.world.inEcs();
    await this.save({ ...this.service, taskDefinition });
  }

  private async update(
    release: DesiredRelease | undefined,
    answeredBy: "update" | "delivery",
  ): Promise<void> {
    const { schedule, definitionOf, register } = this.world;
    const definition = this.definitionFor(release);
    const isSame = isDeepStrictEqual(definitionOf(this.taskDefinition), definition);
    const taskDefinition = isSame
      ? this.taskDefinition
      : await schedule.call(() => register(definition));
    const oldInputs = this.service;
    const newInputs = { ...this.wanted(answeredBy), taskDefinition };
    const deployment = {
      ...this.deployment(answeredBy),
      unverified: release?.awaitsVerification,
    };
    if (!isDeepStrictEqual(oldInputs, newInputs)) {
      await this.updateService(oldInputs, newInputs, deployment);
    }
    const { of } = hookedService(newInputs) ?? {};
    if (!of || !answersLeft(deployment)) return;
    const left = { name: "web-service", of, taskDefinition, minutes: 1 };
    await takeUpLeft(left, this.world.ports);
  }

  /** As the engine and the provider do. */
  private async updateService(
    oldInputs: Service,
    newInputs: Service,
    deployment: DeploymentArgs,
  ): Promise<void> {
    const failures: string[] = [];
    const hooks = shiftHooks({ deployment }, undefined, {
      ...this.world.ports,
      fail: (message) => Promise.resolve(void failures.push(message)),
    });
    const told = {
      name: "web-service",
      oldInputs,
      newInputs,
    } as unknown as pulumi.ResourceHookArgs;
    const call = async (all: pulumi.ResourceHookBinding["afterUpdate"] = []) => {
      for (const hook of all) await (hook as pulumi.ResourceHookFunction)(told);
    };
    await call(hooks.beforeUpdate);
    const { of, balancer } = hookedService(newInputs) ?? {};
    const becomes = hookedService(newInputs);
    const request = becomes && requestOf(becomes);
    const { lifecycleHooks, ...configuration } = request ?? { lifecycleHooks: [] };
    await this.world.ecs.send(
      new UpdateServiceCommand({
        ...{ cluster: of?.clusterArn, service: of?.serviceName ?? "" },
        ...{ taskDefinition: newInputs.taskDefinition, forceNewDeployment: true },
        loadBalancers: balancer && [balancer],
        deploymentConfiguration: {
          ...configuration,
          // The provider never sends that the last one has gone.
          ...(lifecycleHooks.length > 0 ? { lifecycleHooks } : {}),
        },
      }),
    );
    await this.save(newInputs);
    await call(hooks.afterUpdate);
    if (failures.length > 0) throw new Error(failures.join());
  }

  private async save(service: Service): Promise<void> {
    await this.world.schedule.call(() => {
      this.service = service;
      this.version += 1;
    });
  }

  private deployment(answeredBy: "update" | "delivery"): DeploymentArgs {
    const { deployment } = this.world.settings();
    const { hold } = deployment;
    return { ...deployment, ...(hold ? { hold: { ...hold, answeredBy } } : {}) };
  }

  private wanted(answeredBy: "update" | "delivery"): Service {
    return inputs(this.deployment(answeredBy));
  }

  private definitionFor(release: Release | undefined): Definition {
    return { release: release?.id, cpu: this.world.settings().cpu };
  }
}
