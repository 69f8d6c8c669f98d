import assert from "node:assert/strict";
import { ServiceAlarms } from "../../../components";
import { record } from "../../support/record";
import { service, types, web, worker } from "./support";

const names = ["errors", "latency", "unhealthyTasks"].map((part) => `shop-staging-web--${part}`);

interface Query {
  readonly id: string;
  readonly expression?: string;
  readonly returnData?: boolean;
  readonly metric?: { readonly metricName: string; readonly dimensions: object };
}

describe("alarms of a Service", () => {
  it("are none, and ECS is told nothing, unless they are asked for", async () => {
    const { all, one } = await service(web());
    assert.deepEqual(all(types.alarm), []);
    const { inputs, options } = one(types.service);
    assert.equal(inputs.alarms, undefined);
    assert.ok(options.ignoreChanges?.includes("alarms"), "those of before are left alone");
  });

  it("are what a transform makes of them", async () => {
    const alarms = { alarmNames: ["checkout"], enable: true, rollback: true };
    const transform = { service: (given: object) => ({ ...given, alarms }) };
    const { one } = await service(web({ transform }));
    const { inputs, options } = one(types.service);
    assert.deepEqual([inputs.alarms, options.ignoreChanges?.includes("alarms")], [alarms, false]);
  });

  it("end its deployments, and are there before it", async () => {
    const { all, one } = await service(web({ alarms: {} }));
    const alarms = all(types.alarm);
    assert.deepEqual(alarms.map(({ inputs }) => String(inputs.name)).sort(), names);
    assert.deepEqual(one(types.service).inputs.alarms, {
      ...{ alarmNames: names, enable: true, rollback: true },
    });
    for (const { inputs } of alarms) assert.equal(inputs.treatMissingData, "missing");
  });

  it("are taken off where they are false, in words that the provider does not pass over", async () => {
    const { all, one } = await service(web({ alarms: false }));
    assert.deepEqual(all(types.alarm), []);
    assert.deepEqual(one(types.service).inputs.alarms, {
      ...{ alarmNames: ["shop-staging-web--none"], enable: false, rollback: false },
    });
  });

  const queriesOf = async (part: string, more: Parameters<typeof web>[0]) => {
    const { all } = await service(web(more));
    const alarm = all(types.alarm).find(({ name }) => name === `web-${part}`);
    return { inputs: alarm?.inputs ?? {}, queries: (alarm?.inputs.metricQueries ?? []) as Query[] };
  };

  it("count errors of both target groups, from 20 requests of a minute on", async () => {
    const { inputs, queries } = await queriesOf("errors", {
      ...{ deployment: { strategy: "blueGreen" }, alarms: { errorPercent: 2 } },
    });
    assert.equal(inputs.threshold, 2);
    assert.deepEqual(
      queries.map(({ id, metric }) => [id, metric?.metricName]),
      [
        ["requests1", "RequestCount"],
        ["requests2", "RequestCount"],
        ["errors1", "HTTPCode_Target_5XX_Count"],
        ["errors2", "HTTPCode_Target_5XX_Count"],
        ["percent", undefined],
      ],
    );
    const groups = queries.map(({ metric }) => JSON.stringify(metric?.dimensions));
    assert.notEqual(groups[0], groups[1]);
    assert.deepEqual(groups.slice(0, 2), groups.slice(2, 4));
    assert.equal(
      queries[4].expression,
      "IF(FILL(requests1, 0) + FILL(requests2, 0) >= 20, 100 * (FILL(errors1, 0) + FILL(errors2, 0)) / " +
        "(FILL(requests1, 0) + FILL(requests2, 0)), 0)",
    );
  });

  it("hold latency to the service's own past, or to a bound", async () => {
    const past = await queriesOf("latency", { alarms: {} });
    assert.equal(past.inputs.thresholdMetricId, "expected");
    assert.equal(past.inputs.comparisonOperator, "GreaterThanUpperThreshold");
    assert.equal(past.inputs.threshold, undefined);
    assert.equal(past.queries.at(-1)?.expression, "ANOMALY_DETECTION_BAND(p95, 3)");
    const bound = await queriesOf("latency", { alarms: { latencySeconds: 0.8 } });
    assert.deepEqual(
      [bound.inputs.threshold, bound.inputs.thresholdMetricId, bound.queries.at(-1)?.expression],
      [0.8, undefined, "MAX([p95of1])"],
    );
  });

  it("count tasks where the cluster does, of workers too", async () => {
    const { all, one } = await service(worker({ alarms: { countsTasks: true } }));
    const [alarm, ...others] = all(types.alarm);
    assert.deepEqual(others, []);
    assert.equal(alarm.inputs.name, "shop-staging-jobs--missingTasks");
    assert.equal((alarm.inputs.metricQueries as Query[]).at(-1)?.expression, "desired - running");
    assert.deepEqual((one(types.service).inputs.alarms as { alarmNames: string[] }).alarmNames, [
      "shop-staging-jobs--missingTasks",
    ]);
  });

  it("are a component of their own, which tells somebody", async () => {
    const topic = "arn:aws:sns:eu-west-1:123456789012:alarms";
    const { all, value } = await record(
      () =>
        new ServiceAlarms("jobs", {
          ...{ clusterName: "shop", serviceName: "jobs", countsTasks: true, notifies: [topic] },
        }),
    );
    const [alarm] = all(types.alarm);
    assert.deepEqual([alarm.inputs.alarmActions, alarm.inputs.okActions], [[topic], [topic]]);
    assert.equal(value.alarmNames.length, 1);
  });

  for (const [fault, args, message] of [
    [
      "a rate of a worker",
      worker({ alarms: { errorPercent: 5, countsTasks: true } }),
      /errorPercent: given 5; allowed: nothing for a worker/,
    ],
    [
      "a worker of which nothing is counted",
      worker({ alarms: {} }),
      /countsTasks: given false; allowed: true for a worker/,
    ],
    [
      "a share that is none",
      web({ alarms: { errorPercent: 0 } }),
      /errorPercent: given 0; allowed: 0.1 to 100; set errorPercent: 0.1/,
    ],
    [
      "a latency that is none",
      web({ alarms: { latencySeconds: 4000 } }),
      /set latencySeconds: 3600/,
    ],
  ] as const) {
    it(`fails with ${fault}`, async () => {
      await assert.rejects(service(args), message);
    });
  }
});
