import assert from "node:assert/strict";
import {
  DescribeListenersCommand,
  DescribeLoadBalancersCommand,
  ElasticLoadBalancingV2Client,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import { PutParameterCommand, SSMClient } from "@aws-sdk/client-ssm";
import type { StackConfig } from "../../../rehearsal/stackFile";
import { up, type Phase } from "../../../rehearsal/update";
import { environmentNames } from "../../../contract/names";
import { log, type Bench } from "../support";

const commit = "3f9c2a1b00000000000000000000000000000000";

/** A moment at which the emulator would have lost requests. */
export interface Moment {
  readonly kind: "rule" | "probe";
  readonly priority?: string;
  readonly path?: string;
  readonly answer?: string;
  readonly since: string;
  readonly until: string | null;
}

/** The stack `production` on an emulator, changed again and again while somebody watches its listener. */
export class RunningEnvironment {
  readonly names = environmentNames({ name: "gantry", stack: "production" });
  private cursor = 0;

  constructor(
    private readonly bench: Bench,
    public config: StackConfig,
  ) {}

  stack() {
    return this.bench.workspace.stack("production", this.config);
  }

  async up(): Promise<Phase["changes"]> {
    return (await up(await this.stack(), log)).changes;
  }

  /** Points the environment to a release of these services' images, as a deployment does. */
  async release(...services: readonly string[]): Promise<void> {
    const images = services.map((service, index) => [
      service,
      {
        uri: `123456789012.dkr.ecr.eu-west-1.amazonaws.com/${this.names.repository(service)}`,
        tag: commit.slice(0, 8),
        digest: `sha256:${String(index + 1).repeat(64)}`,
      },
    ]);
    const id = `${commit.slice(0, 8)}-17`;
    const createdAt = "2026-01-31T12:00:00Z";
    await new SSMClient(this.bench.client).send(
      new PutParameterCommand({
        Name: this.names.releasePointer,
        Value: JSON.stringify({
          id,
          commit,
          createdAt,
          images: Object.fromEntries(images) as unknown,
        }),
        Type: "String",
        Overwrite: true,
      }),
    );
  }

  /** The next deployment of a service has no task until it was looked at so often. */
  async slowStart(service: string, afterDescribes = 4): Promise<void> {
    const { cluster } = this.names;
    const given = { cluster, service: this.names.service(service), afterDescribes };
    await this.bench.emulator.control("ecs/next-deployment", given);
  }

  /** From now on these paths must be answered by a service, whatever call is made. */
  async watch(...paths: readonly string[]): Promise<void> {
    const elb = new ElasticLoadBalancingV2Client(this.bench.client);
    const { LoadBalancers = [] } = await elb.send(new DescribeLoadBalancersCommand({}));
    assert.equal(LoadBalancers.length, 1);
    const { LoadBalancerArn } = LoadBalancers[0];
    const { Listeners = [] } = await elb.send(new DescribeListenersCommand({ LoadBalancerArn }));
    const serves = Listeners.find(({ Protocol }) => Protocol === "HTTPS") ?? Listeners[0];
    const listener = serves.ListenerArn;
    const probes = paths.map((path) => ({ listener, path }));
    await this.bench.emulator.control("traffic/probes", { probes });
    this.cursor = (await this.traffic(0)).cursor;
  }

  /** What has been lost since {@link watch}. */
  async lost(): Promise<readonly Moment[]> {
    return (await this.traffic(this.cursor)).moments;
  }

  private traffic(since: number) {
    return this.bench.emulator.control<{ cursor: number; moments: readonly Moment[] }>(
      `traffic?since=${since}`,
    );
  }
}
