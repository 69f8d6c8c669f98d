import assert from "node:assert/strict";
import { GetMetricDataCommand, type CloudWatchClient } from "@aws-sdk/client-cloudwatch";
import { waitForSteadyState, type SteadyStateOptions } from "../../../delivery/steadyState";
import { FakeClock } from "../support/fakeClock";
import { definitionArn, ShiftingEcs } from "../support/shiftingEcs";

/** What a target group had in a minute. */
interface Minute {
  /** Minutes from when requests went over; below 0 before. */
  readonly at: number;
  readonly group: "shop-web-1" | "shop-web-2";
  readonly RequestCount: number;
  readonly HTTPCode_Target_5XX_Count?: number;
  readonly TargetConnectionErrorCount?: number;
  readonly TargetResponseTime?: number;
}

/** CloudWatch, which knows some minutes, by the clock's own ones. */
class CountedRequests {
  readonly asked: GetMetricDataCommand["input"][] = [];
  minutes: readonly Minute[] = [];
  refusal: Error | undefined;

  constructor(private readonly clock: FakeClock) {}

  get client(): CloudWatchClient {
    return { send: (command: unknown) => this.answer(command) } as unknown as CloudWatchClient;
  }

  private async answer(command: unknown): Promise<unknown> {
    await Promise.resolve();
    if (!(command instanceof GetMetricDataCommand)) throw new Error("an unexpected call");
    if (this.refusal) throw this.refusal;
    this.asked.push(command.input);
    const { StartTime, EndTime, MetricDataQueries = [] } = command.input;
    assert.ok(StartTime && EndTime && EndTime > this.clock.now());
    const begin = StartTime.getTime() + 600_000;
    const floor = (time: number) => Math.floor(time / 60_000) * 60_000;
    return {
      MetricDataResults: MetricDataQueries.map(({ Id, MetricStat }) => {
        const { MetricName = "", Dimensions = [] } = MetricStat?.Metric ?? {};
        const group = Dimensions.find(({ Name }) => Name === "TargetGroup")?.Value?.split("/")[1];
        assert.equal(
          Dimensions.find(({ Name }) => Name === "LoadBalancer")?.Value,
          "app/shop/0123456789abcdef",
        );
        const met = this.minutes.filter((minute) => minute.group === group && MetricName in minute);
        return {
          Id,
          Timestamps: met.map(({ at }) => new Date(floor(begin) + at * 60_000)),
          Values: met.map((minute) => minute[MetricName as "RequestCount"]),
        };
      }),
    };
  }
}

describe("new tasks that get requests", () => {
  let clock: FakeClock;
  let ecs: ShiftingEcs;
  let cloudwatch: CountedRequests;
  let lines: string[];

  beforeEach(() => {
    clock = new FakeClock();
    ecs = new ShiftingEcs(clock);
    cloudwatch = new CountedRequests(clock);
    lines = [];
  });

  const wait = (more: Partial<SteadyStateOptions> = {}) =>
    waitForSteadyState({
      ...{ ecs: ecs.client, cluster: "shop", clock, since: ecs.createdAt },
      progress: (line: string) => lines.push(line),
      services: [{ service: "web", ecsName: "shop-web", taskDefinitionArn: definitionArn(2) }],
      comparison: { cloudwatch: cloudwatch.client },
      timeoutSeconds: 300,
      ...more,
    });
  const good: Minute = { at: -1, group: "shop-web-1", RequestCount: 400 };
  const bad: Minute = {
    ...{ at: 0, group: "shop-web-2", RequestCount: 150 },
    ...{ HTTPCode_Target_5XX_Count: 20, TargetConnectionErrorCount: 10 },
  };

  it("fail the deployment where they fail more often, with the numbers, while the old ones are there", async () => {
    ecs.stuckAt = "BAKE_TIME";
    cloudwatch.minutes = [good, bad];
    await assert.rejects(
      wait(),
      /web: the new tasks fail more often than the old ones: 30 of 150 requests failed \(20 %\), of the old ones' 0 of 400/,
    );
    assert.equal(ecs.status, "IN_PROGRESS");
  });

  it("fail it at its end, too", async () => {
    cloudwatch.minutes = [good];
    const late = cloudwatch.client;
    const send = late.send.bind(late) as (command: object) => Promise<unknown>;
    const client = {
      send: (command: object) => {
        if (ecs.status === "SUCCESSFUL") cloudwatch.minutes = [good, bad];
        return send(command);
      },
    };
    await assert.rejects(wait({ comparison: { cloudwatch: client as never } }), /fail more often/);
    assert.equal(ecs.status, "SUCCESSFUL");
  });

  it("are compared with what the old ones do at the same time, where that is enough", async () => {
    const both = { RequestCount: 200, HTTPCode_Target_5XX_Count: 50 };
    cloudwatch.minutes = [
      { ...good, RequestCount: 10_000 },
      { at: 0, group: "shop-web-1", ...both },
      { at: 0, group: "shop-web-2", ...both },
    ];
    await wait();
    assert.match(lines.at(-1) ?? "", /the new tasks do as well as the old ones: 50 of 200/);
  });

  it("are judged by their times when they are warm", async () => {
    const times = (at: number, group: Minute["group"], TargetResponseTime: number): Minute => ({
      ...{ at, group, RequestCount: 200, TargetResponseTime },
    });
    const old = [-3, -2, -1].map((at) => times(at, "shop-web-1", 0.2));
    cloudwatch.minutes = [...old, times(0, "shop-web-2", 3), times(1, "shop-web-2", 3)];
    await wait();
    assert.match(lines.at(-1) ?? "", /how long they took is not judged/);
    ecs = new ShiftingEcs(clock);
    cloudwatch.minutes = [...cloudwatch.minutes, times(2, "shop-web-2", 0.4)];
    await assert.rejects(wait(), /are slower than the old ones: .*0.40 s \(p95 0.40 s\), the old/);
  });

  it("are not called good where nobody knows", async () => {
    cloudwatch.minutes = [good, { ...bad, RequestCount: 40 }];
    await wait();
    assert.match(
      lines.at(-1) ?? "",
      /WARNING: not judged: the new tasks had 40 requests of the 100/,
    );
    ecs = new ShiftingEcs(clock);
    ecs.isFirst = true;
    await wait();
    assert.match(lines.at(-1) ?? "", /WARNING: not judged: nothing ran before/);
    ecs = new ShiftingEcs(clock);
    cloudwatch.refusal = new Error("no rights");
    await wait();
    assert.match(
      lines.at(-1) ?? "",
      /WARNING: not judged: CloudWatch could not be asked: no rights/,
    );
  });

  it("may be worse where config says so, and nobody asks", async () => {
    cloudwatch.minutes = [good, bad];
    await wait({ comparison: { cloudwatch: cloudwatch.client, without: ["web"] } });
    assert.match(lines.at(-1) ?? "", /not compared with the old tasks: config says/);
    assert.deepEqual(cloudwatch.asked, []);
  });

  it("are asked for four times a minute at most, all services in one call", async () => {
    ecs.stuckAt = "BAKE_TIME";
    cloudwatch.minutes = [good];
    await assert.rejects(wait({ timeoutSeconds: 120 }), /did not become steady/);
    assert.ok(
      cloudwatch.asked.length >= 4 && cloudwatch.asked.length <= 8,
      `${cloudwatch.asked.length}`,
    );
    assert.equal(cloudwatch.asked[0].MetricDataQueries?.length, 10);
  });
});
