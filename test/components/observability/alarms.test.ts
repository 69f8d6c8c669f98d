import assert from "node:assert/strict";
import type { RecordedResource } from "../../support/record";
import { counted } from "./counted";
import { everything, observed, types, web } from "./support";

interface Query {
  readonly id: string;
  readonly expression?: string;
  readonly metric?: {
    readonly namespace: string;
    readonly metricName: string;
    readonly dimensions: Readonly<Record<string, string>>;
    readonly stat: string;
  };
}

/** What an alarm watches: `namespace metric (dimensions)` of each metric. */
function metricsOf({ inputs }: RecordedResource): string[] {
  const queries = (inputs.metricQueries ?? []) as Query[];
  const all = inputs.metricName
    ? [inputs as unknown as NonNullable<Query["metric"]>]
    : queries.flatMap(({ metric }) => metric ?? []);
  return all.map(
    ({ namespace, metricName, dimensions }) =>
      `${namespace} ${metricName} (${Object.keys(dimensions).sort().join(", ")})`,
  );
}

describe("alarms of Observability", () => {
  it("are of everything, with bounds of AWS's or with reasons", async () => {
    const { all } = await observed();
    const table = all(types.alarm).map(({ inputs }) => {
      const { name, threshold, comparisonOperator, evaluationPeriods, period = 60 } = inputs;
      const sign = comparisonOperator === "LessThanThreshold" ? "<" : ">";
      const minutes = (Number(evaluationPeriods) * Number(period)) / 60;
      const treated = { missing: "", ignore: ", else as before", notBreaching: ", else well" }[
        String(inputs.treatMissingData)
      ];
      return `${String(name)} ${sign} ${String(threshold)} for ${minutes} min${treated}`;
    });
    assert.deepEqual(table.sort(), [
      "shop.cache.pages.cpu > 90 for 5 min",
      "shop.cache.pages.memory > 90 for 15 min",
      "shop.cache.sessions.storage > 9000000000 for 5 min",
      "shop.cache.sessions.throttled > 0 for 5 min, else well",
      "shop.database.main.acu > 90 for 15 min",
      "shop.database.main.replicaLag > 60000 for 10 min",
      "shop.database.main.transactionIds > 1000000000 for 5 min",
      "shop.database.reports.cpu > 90 for 5 min",
      "shop.database.reports.storage < 1073741824 for 15 min",
      "shop.job.nightly.failedRuns > 0 for 5 min, else well",
      "shop.loadBalancer.main.errors > 5 for 5 min",
      "shop.pipeline.drift > 0 for 5 min, else as before",
      "shop.pipeline.failed > 0 for 5 min, else well",
      "shop.pipeline.waits > 0 for 5 min, else well",
      "shop.service.jobs.backlog > 30 for 15 min",
      "shop.service.jobs.cpu > 80 for 15 min",
      "shop.service.jobs.memory > 90 for 15 min",
      "shop.service.jobs.orders.age > 1020 for 5 min, else well",
      "shop.service.web.cpu > 80 for 15 min",
      "shop.service.web.memory > 95 for 15 min",
    ]);
  });

  it("watch metrics that AWS counts, under the dimensions that it counts them by", async () => {
    const { all } = await observed();
    const watched = all(types.alarm).flatMap(metricsOf);
    assert.ok(watched.length > 20, String(watched.length));
    assert.deepEqual(
      watched.filter((metric) => !counted.has(metric)),
      [],
    );
  });

  it("say what each is about", async () => {
    const { all } = await observed();
    for (const { inputs } of [...all(types.alarm), ...all(types.composite)]) {
      assert.match(String(inputs.alarmDescription), /\w+ \w+ \w+/);
    }
  });

  it("count the largest node of a cache, and all queues of a service", async () => {
    const { one } = await observed();
    const expression = (name: string) => {
      const queries = one(types.alarm, `shop-${name}`).inputs.metricQueries as Query[];
      const ids = queries.flatMap(({ id, metric }) => (metric ? [id] : []));
      return [ids, queries.at(-1)?.expression];
    };
    assert.deepEqual(expression("cache.pages.cpu"), [["node1", "node2"], "MAX([node1, node2])"]);
    assert.deepEqual(expression("service.jobs.backlog"), [["queue1"], "FILL(queue1, 0)"]);
    assert.deepEqual(expression("loadBalancer.main.errors"), [
      ["requests", "errors"],
      "IF((FILL(requests, 0) + FILL(errors, 0)) >= 20, 100 * FILL(errors, 0) / (FILL(requests, 0) + FILL(errors, 0)), 0)",
    ]);
  });

  it("keep to bounds of one's own, which what autoscaling holds still passes", async () => {
    const { all } = await observed({
      alarms: { cpuPercent: 60, memoryPercent: 99, queueMinutes: 60, approvalHours: 8 },
    });
    const threshold = (name: string) =>
      all(types.alarm).find(({ inputs }) => inputs.name === `shop.${name}`)?.inputs.threshold;
    assert.equal(threshold("service.jobs.cpu"), 60);
    assert.equal(threshold("service.web.cpu"), 70);
    assert.equal(threshold("service.web.memory"), 99);
    assert.equal(threshold("service.jobs.orders.age"), 3720);
  });

  it("are none where they are false, of the environment or of a service", async () => {
    const none = await observed({ alarms: false });
    assert.deepEqual([...none.all(types.alarm), ...none.all(types.composite)], []);
    assert.deepEqual(none.all(types.stateMachine), []);
    const { all } = await observed({ services: { web: { ...web, alarms: false } } });
    const names = [...all(types.alarm), ...all(types.composite)].map(({ name }) => name);
    assert.deepEqual(
      names.filter((name) => name.includes("service.web")),
      [],
    );
    assert.ok(names.length > 0);
  });

  for (const [fault, more, message] of [
    ["a percentage that is none", { alarms: { cpuPercent: 101 } }, /set cpuPercent: 100/],
    [
      "a wait longer than approvals",
      { alarms: { approvalHours: 168 } },
      /allowed: a whole number from 1 to 167/,
    ],
    [
      "a budget that tells nobody",
      { budget: { monthlyUsd: 0, emails: [], costTags: {} } },
      /budget.monthlyUsd: given 0.*\n.*budget.emails.*\n.*budget.costTags/,
    ],
  ] as const) {
    it(`fails with ${fault}`, async () => {
      await assert.rejects(observed(more), message);
    });
  }

  it("may have a budget beside them, by tags that costs are counted by", async () => {
    const { one } = await observed({
      budget: {
        ...{ monthlyUsd: 500, emails: ["ops@example.com"] },
        costTags: { "gantry:name": "shop", "gantry:stack": "production" },
      },
    });
    const { inputs } = one(types.budget);
    assert.deepEqual(inputs.filterExpression, {
      ands: [
        { tags: { key: "gantry:name", values: ["shop"] } },
        { tags: { key: "gantry:stack", values: ["production"] } },
      ],
    });
    const notifications = inputs.notifications as { notificationType: string; threshold: number }[];
    assert.deepEqual(
      notifications.map(({ notificationType, threshold }) => [notificationType, threshold]),
      [
        ["ACTUAL", 80],
        ["ACTUAL", 100],
        ["FORECASTED", 100],
      ],
    );
    assert.deepEqual((await observed()).all(types.budget), []);
  });

  it("tag all of it", async () => {
    const { resources } = await observed();
    const tagged = resources.filter(({ inputs }) => inputs.tags !== undefined);
    assert.ok(tagged.length > 25);
    for (const { inputs } of tagged) assert.deepEqual(inputs.tags, everything.tags);
  });
});
