import assert from "node:assert/strict";
import type { CloudWatchClient, PutMetricDataCommand } from "@aws-sdk/client-cloudwatch";
import type { ElasticLoadBalancingV2Client } from "@aws-sdk/client-elastic-load-balancing-v2";
import { checkDrift, driftNews, memoryOf, type DriftPorts } from "../../../delivery/drift";
import { record, refuseIncomplete } from "../../../delivery/drift/check";
import type { DriftMemory } from "../../../delivery/drift/memory";
import { driftText } from "../../../delivery/drift/text";
import type { Told } from "../../../delivery/notify";
import type { ReadBack, ReadResource } from "../../../delivery/engine/readBack";
import { FakeClock } from "../support/fakeClock";

const urn = "urn:pulumi:staging::shop::gantry:index:Service$aws:ecs/service:Service::web";
const service = (more: Partial<ReadResource> = {}): ReadResource => ({
  ...{ urn, type: "aws:ecs/service:Service", name: "web", id: "web", found: "asStated" },
  ...{ properties: [], inputs: {}, foundInputs: {}, outputs: {} },
  ...more,
});
const changed = (value: string) =>
  service({
    ...{ found: "otherwise", properties: ["taskDefinition"] },
    ...{ inputs: { taskDefinition: "web:1" }, foundInputs: { taskDefinition: value } },
  });
const lock = { number: 7, owner: "execution-7", at: "2026-01-31T12:00:00Z", releaseId: "3f9c-1" };

/** A check whose answers a test changes. */
class World {
  readonly clock = new FakeClock();
  read: ReadBack = { resources: [service()], unread: [] };
  locks: (typeof lock | undefined)[] = [];
  versions = ["a"];
  held = false;
  known: DriftMemory | undefined;
  asked: (string | undefined)[] = [];
  whoFails?: string;
  reads = 0;

  ports(more: Partial<DriftPorts> = {}): DriftPorts {
    return {
      ...{ stack: "staging", clock: this.clock, log: () => undefined, byEcsAction: false },
      recent: () => Promise.resolve({ lock: this.locks.shift(), records: [] }),
      state: () =>
        Promise.resolve({
          isHeld: this.held,
          version: this.versions.length > 1 ? (this.versions.shift() ?? "") : this.versions[0],
        }),
      readBack: () => {
        this.reads += 1;
        return Promise.resolve(this.read);
      },
      // None of the resources is a listener, so that nobody is asked.
      elb: {} as ElasticLoadBalancingV2Client,
      who: (_, after) => {
        this.asked.push(after?.toISOString());
        if (this.whoFails) return Promise.reject(new Error(this.whoFails));
        return Promise.resolve({ who: "ada", call: "UpdateService", at: "2026-01-31T11:00:00Z" });
      },
      memory: () => Promise.resolve(this.known),
      ...more,
    };
  }

  /** A check that the next one knows of. */
  async checked(more: Partial<DriftPorts> = {}) {
    const report = await checkDrift(this.ports(more));
    assert.ok(report.status !== "skipped");
    const news = driftNews(this.known, report);
    this.known = memoryOf(this.known, report);
    return { ...report, news };
  }
}

describe("a check for drift", () => {
  let world: World;

  beforeEach(() => {
    world = new World();
  });

  it("finds nothing, and tells nobody, where all is as it was applied", async () => {
    const { status, compared, news } = await world.checked();
    assert.deepEqual({ status, compared, news }, { status: "none", compared: 1, news: undefined });
    assert.deepEqual(world.asked, []);
  });

  it("tells once when it begins, when it changes and when it ends, and not in between", async () => {
    const news: unknown[] = [];
    for (const value of ["web:1", "web:2", "web:2", "web:3", "web:3"]) {
      world.read = {
        resources: [value === "web:1" ? service() : changed(value)],
        unread: [],
      };
      news.push((await world.checked()).news);
    }
    world.read = { resources: [service()], unread: [] };
    news.push((await world.checked()).news, (await world.checked()).news);
    assert.deepEqual(news, [
      undefined,
      "begun",
      undefined,
      "changed",
      undefined,
      "ended",
      undefined,
    ]);
  });

  it("knows since when, and asks who did it once, after the last check that found it as stated", async () => {
    const { at: clean } = await world.checked();
    await world.clock.sleep(86_400_000);
    world.read = { resources: [changed("web:2")], unread: [] };
    const { at: since } = await world.checked();
    await world.clock.sleep(86_400_000);
    const { findings } = await world.checked();
    assert.deepEqual(
      findings.map(({ since: seen, by }) => [seen, by?.who]),
      [[since, "ada"]],
    );
    assert.deepEqual(world.asked, [clean]);
    // Another value is another deed, of the same drift.
    world.read = { resources: [changed("web:3")], unread: [] };
    const [again] = (await world.checked()).findings;
    assert.equal(again.since, since);
    assert.equal(world.asked.length, 2);
  });

  it("says why it does not know who, and asks no further", async () => {
    world.whoFails = "AccessDenied: cloudtrail:LookupEvents";
    const other = service({ urn: `${urn}2`, found: "gone" });
    world.read = { resources: [changed("web:2"), other], unread: [] };
    const report = await world.checked();
    assert.equal(world.asked.length, 1);
    assert.match(driftText(report), /who: unknown[^]*CloudTrail does not say who: AccessDenied/);
  });

  for (const [what, prepare, reason] of [
    [
      "a deployment is under way",
      () => (world.locks = [lock]),
      /^deployment 7 of staging is under/,
    ],
    ["one began meanwhile", () => (world.locks = [undefined, lock]), /^deployment 7/],
    ["an update of Pulumi is under way", () => (world.held = true), /^pulumi up or another update/],
    [
      "the state was written meanwhile",
      () => (world.versions = ["a", "b"]),
      /was changed while it/,
    ],
  ] as const) {
    it(`compares nothing where ${what}, whatever it would have found`, async () => {
      world.read = { resources: [changed("web:2")], unread: [] };
      prepare();
      const report = await checkDrift(world.ports());
      assert.equal(report.status, "skipped");
      assert.match(report.reason, reason);
      assert.match(driftText(report), /^staging was not compared: /);
    });
  }

  it("waits for a deployment as long as it is told to", async () => {
    world.locks = [lock, lock, lock];
    const report = await checkDrift(world.ports(), { waitMinutes: 10 });
    assert.equal(report.status, "none");
    world.locks = Array.from({ length: 100 }, () => lock);
    world.reads = 0;
    const late = await checkDrift(world.ports(), { waitMinutes: 3 });
    assert.deepEqual([late.status, world.reads, world.locks.length], ["skipped", 0, 96]);
  });

  it("does not tell of task definitions where CodePipeline's ECS action deploys them", async () => {
    world.read = { resources: [changed("web:2")], unread: [] };
    assert.equal((await world.checked({ byEcsAction: true })).status, "none");
    assert.equal((await world.checked()).status, "differs");
  });

  it("fails where something of Gantry's could not be read, and tells what of others could not", async () => {
    const unread = (of: string) => ({
      ...{ urn: of, type: "aws:kinesis/stream:Stream", name: "own", reason: "it may not call x:Y" },
      ...{ inputs: {}, outputs: {} },
    });
    world.read = { resources: [], unread: [unread("urn:pulumi:staging::shop::aws:kinesis::own")] };
    const own = await world.checked();
    refuseIncomplete(own);
    assert.match(
      driftText(own),
      /1 resource not compared:\n {2}aws:kinesis:Stream own: it may not/,
    );
    world.read = { resources: [], unread: [unread(urn)] };
    const gantrys = await world.checked();
    assert.throws(() => refuseIncomplete(gantrys), /1 resource of staging could not be compared/);
  });

  describe("of an environment that sleeps", () => {
    const of = (type: string, name: string, stated: unknown, found: unknown) =>
      service({
        ...{ urn: `${urn}-${name}`, type, found: "otherwise", properties: [name] },
        ...{ inputs: { [name]: stated }, foundInputs: { [name]: found } },
      });
    const taken = [
      of("aws:ecs/service:Service", "desiredCount", 2, 0),
      of("aws:scheduler/schedule:Schedule", "state", "ENABLED", "DISABLED"),
      service({
        ...{ urn: `${urn}-scaling`, type: "aws:appautoscaling/target:Target", found: "otherwise" },
        properties: ["suspendedState.dynamicScalingOutSuspended"],
        inputs: { suspendedState: { dynamicScalingOutSuspended: false } },
        outputs: { suspendedState: { dynamicScalingOutSuspended: true } },
      }),
    ];
    const fell = { by: "ada", at: "2026-01-31T11:00:00Z", services: ["web 2"], schedules: [] };
    const asleep = (sleep?: typeof fell) =>
      Promise.resolve({ records: [], standing: { version: 1, overrides: [], sleep } });

    it("takes for no drift what is taken away, and everything else for one", async () => {
      const world = new World();
      world.read = { resources: [...taken, changed("web:2")], unread: [] };
      const found = async (sleep?: typeof fell) => {
        const report = await checkDrift(world.ports({ recent: () => asleep(sleep) }));
        assert.ok(report.status !== "skipped");
        return report.findings.map(({ property }) => property?.split(".")[0]);
      };
      assert.deepEqual(await found(fell), ["taskDefinition"]);
      assert.deepEqual((await found()).sort(), [
        ...["desiredCount", "state", "suspendedState", "taskDefinition"],
      ]);
    });

    it("says nothing where it fell asleep in between", async () => {
      const world = new World();
      const answers = [undefined, fell];
      const report = await checkDrift(world.ports({ recent: () => asleep(answers.shift()) }));
      assert.equal(report.status, "skipped");
    });
  });
});

describe("what a check for drift leaves", () => {
  it("is told to people once, before it is kept and counted", async () => {
    const world = new World();
    const done: unknown[] = [];
    const told: Told[] = [];
    const records = {
      environment: "shop--staging",
      store: {
        read: () => Promise.resolve(world.known),
        write: (memory: DriftMemory) => {
          done.push("kept");
          world.known = memory;
          return Promise.resolve();
        },
      },
      cloudwatch: {
        send: ({ input }: PutMetricDataCommand) => {
          done.push(input.MetricData?.map(({ MetricName: name, Value: value }) => [name, value]));
          return Promise.resolve({});
        },
      } as unknown as CloudWatchClient,
      tell: (news: Told) => {
        done.push("told");
        told.push(news);
        return Promise.resolve();
      },
    };
    const check = async (read: ReadResource) => {
      world.read = { resources: [read], unread: [] };
      const report = await checkDrift(world.ports());
      assert.ok(report.status !== "skipped");
      await record(report, records);
      return done.splice(0);
    };
    const counts = (resources: number) => [
      ["Resources", resources],
      ["NotCompared", 0],
    ];
    assert.deepEqual(await check(service()), ["kept", counts(0)]);
    assert.deepEqual(await check(changed("web:2")), ["told", "kept", counts(1)]);
    assert.deepEqual(await check(changed("web:2")), ["kept", counts(1)]);
    assert.deepEqual(await check(service()), ["told", "kept", counts(0)]);
    const [begun, ended] = told;
    assert.match(begun.what, /^staging differs from what was applied: 1 resource since 2026-/);
    assert.equal(begun.who, "ada");
    assert.deepEqual(begun.lines?.slice(0, 1), ["aws:ecs:Service web"]);
    assert.match(begun.nextSteps?.[0] ?? "", /pulumi refresh --stack staging && pulumi up/);
    assert.deepEqual(ended, { kind: "drift", what: "staging is as it was applied again" });
  });
});
