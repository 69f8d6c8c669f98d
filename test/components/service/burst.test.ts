import assert from "node:assert/strict";
import { service, types, web, worker } from "./support";

const between = { min: 2, max: 20, cpuPercent: 60 };

describe("bursts of a Service", () => {
  const made = async (args: ReturnType<typeof web> | ReturnType<typeof worker>) => {
    const { all } = await service(args);
    const policies = all(types.scalingPolicy).filter(
      ({ inputs }) => inputs.policyType === "StepScaling",
    );
    return { policies, alarms: all(types.alarm) };
  };

  it("are answered by nothing unless it is asked for", async () => {
    assert.deepEqual(await made(web({ scaling: between })), { policies: [], alarms: [] });
  });

  it("add half of the tasks after one minute of CPU, beside what holds the average", async () => {
    const { all } = await service(web({ scaling: { ...between, burst: { cpuPercent: 80 } } }));
    const [average, step] = all(types.scalingPolicy);
    assert.equal(average.inputs.policyType, "TargetTrackingScaling");
    assert.deepEqual(step.inputs.stepScalingPolicyConfiguration, {
      adjustmentType: "PercentChangeInCapacity",
      cooldown: 30,
      metricAggregationType: "Average",
      minAdjustmentMagnitude: 1,
      stepAdjustments: [{ metricIntervalLowerBound: "0", scalingAdjustment: 50 }],
    });
    const [alarm] = all(types.alarm);
    assert.equal(alarm.name, "web-burstOnCpu");
    const { namespace, metricName, dimensions, statistic, threshold } = alarm.inputs;
    const metric = [namespace, metricName, statistic, threshold];
    assert.deepEqual(metric, ["AWS/ECS", "CPUUtilization", "Average", 80]);
    assert.deepEqual(dimensions, {
      ClusterName: "shop-staging",
      ServiceName: "shop-staging-web",
    });
    assert.deepEqual([alarm.inputs.period, alarm.inputs.evaluationPeriods], [60, 1]);
    assert.match(String(alarm.inputs.alarmActions), /^arn:[^,]*:policy\/web-burstOnCpu-[^,]*$/);
  });

  it("add twice as many from twice the threshold on", async () => {
    const burst = { cpuPercent: 50, requestsPerTarget: 600, addPercent: 100 };
    const scaling = { ...between, cpuPercent: 40, requestsPerTarget: 300, burst };
    const { policies, alarms } = await made(
      web({ scaling: { ...scaling, cooldownSeconds: { out: 60 } } }),
    );
    assert.deepEqual(
      policies.map(({ inputs }) => inputs.stepScalingPolicyConfiguration),
      ["50", "600"].map((twice) => ({
        adjustmentType: "PercentChangeInCapacity",
        cooldown: 60,
        metricAggregationType: "Average",
        minAdjustmentMagnitude: 1,
        stepAdjustments: [
          {
            metricIntervalLowerBound: "0",
            metricIntervalUpperBound: twice,
            scalingAdjustment: 100,
          },
          { metricIntervalLowerBound: twice, scalingAdjustment: 200 },
        ],
      })),
    );
    const [, { inputs }] = alarms;
    assert.deepEqual([inputs.metricName, inputs.statistic], ["RequestCountPerTarget", "Sum"]);
    assert.deepEqual(inputs.dimensions, {
      LoadBalancer: "app/web-1a2b3c4/50dc6c495c0c9188",
      TargetGroup: "targetgroup/web-1a2b3c4/50dc6c495c0c9188",
    });
  });

  it("count requests of both target groups where either may serve", async () => {
    const deployment = { strategy: "blueGreen" } as const;
    const scaling = { ...between, burst: { requestsPerTarget: 600 } };
    const { alarms } = await made(web({ deployment, scaling }));
    const [{ inputs }] = alarms;
    assert.deepEqual(
      [inputs.metricName, inputs.period, inputs.threshold],
      [...[undefined, undefined, 600]],
    );
    const metric = (name: string) => ({
      namespace: "AWS/ApplicationELB",
      metricName: "RequestCountPerTarget",
      dimensions: {
        LoadBalancer: "app/web-1a2b3c4/50dc6c495c0c9188",
        TargetGroup: `targetgroup/${name}-1a2b3c4/50dc6c495c0c9188`,
      },
      ...{ period: 60, stat: "Sum" },
    });
    assert.deepEqual(inputs.metricQueries, [
      { id: "group1", metric: metric("web") },
      { id: "group2", metric: metric("web-alt") },
      {
        ...{ id: "requests", expression: "FILL(group1, 0) + FILL(group2, 0)" },
        ...{ label: "Requests per task", returnData: true },
      },
    ]);
  });

  it("count no requests of a worker, which has none", async () => {
    const burst = { cpuPercent: 80, requestsPerTarget: 600 };
    const { alarms } = await made(worker({ scaling: { ...between, burst } }));
    assert.deepEqual(
      alarms.map(({ name }) => name),
      ["jobs-burstOnCpu"],
    );
  });

  for (const [title, scaling, message] of [
    ["they have no threshold", { ...between, burst: {} }, /scaling\.burst: .*name one/],
    [
      "they begin with what is held",
      { ...between, burst: { cpuPercent: 60 } },
      /scaling\.burst\.cpuPercent: .*more than 60/,
    ],
  ] as const) {
    it(`fails when ${title}`, async () => {
      await assert.rejects(service(web({ scaling })), message);
    });
  }
});
