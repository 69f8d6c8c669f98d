import assert from "node:assert/strict";
import { service, types, web, worker } from "./support";

const both = { scaleOutCooldown: 30, scaleInCooldown: 300 };

const between = { min: 1, max: 3, cpuPercent: 60 };

describe("autoscaling of a Service", () => {
  it("counts the tasks of this service of this cluster", async () => {
    const { one } = await service(web({ scaling: { min: 2, max: 10 } }));
    assert.deepEqual(one(types.scalable).inputs, {
      serviceNamespace: "ecs",
      scalableDimension: "ecs:service:DesiredCount",
      resourceId: "service/shop-staging/shop-staging-web",
      minCapacity: 2,
      maxCapacity: 10,
    });
  });

  it("follows CPU, memory and requests, out at once and in slowly", async () => {
    const targets = { cpuPercent: 60, memoryPercent: 75, requestsPerTarget: 1000 };
    const { all } = await service(web({ scaling: { min: 2, max: 10, ...targets } }));
    const policies = all(types.scalingPolicy).map(({ name, inputs }) => {
      const { targetTrackingScalingPolicyConfiguration: configuration, ...rest } = inputs;
      assert.deepEqual(rest, {
        policyType: "TargetTrackingScaling",
        serviceNamespace: "ecs",
        scalableDimension: "ecs:service:DesiredCount",
        resourceId: "service/shop-staging/shop-staging-web",
      });
      return [name, configuration] as const;
    });
    assert.deepEqual(Object.fromEntries(policies), {
      "web-scaleOnCpu": {
        targetValue: 60,
        predefinedMetricSpecification: { predefinedMetricType: "ECSServiceAverageCPUUtilization" },
        ...both,
      },
      "web-scaleOnMemory": {
        targetValue: 75,
        predefinedMetricSpecification: {
          predefinedMetricType: "ECSServiceAverageMemoryUtilization",
        },
        ...both,
      },
      "web-scaleOnRequests": {
        targetValue: 1000,
        predefinedMetricSpecification: {
          predefinedMetricType: "ALBRequestCountPerTarget",
          resourceLabel:
            "app/web-1a2b3c4/50dc6c495c0c9188/targetgroup/web-1a2b3c4/50dc6c495c0c9188",
        },
        ...both,
      },
    });
  });

  for (const [target, name] of [
    ["cpuPercent", "jobs-scaleOnCpu"],
    ["memoryPercent", "jobs-scaleOnMemory"],
  ] as const) {
    it(`follows ${target} alone where nothing else is asked for`, async () => {
      const { all } = await service(worker({ scaling: { min: 0, max: 3, [target]: 50 } }));
      assert.deepEqual(
        all(types.scalingPolicy).map((policy) => policy.name),
        [name],
      );
    });
  }

  it("follows the requests of both target groups where either may serve", async () => {
    const scaling = { min: 2, max: 10, requestsPerTarget: 1000 };
    const deployment = { strategy: "canary" } as const;
    const { one } = await service(web({ deployment, scaling }));
    const { targetTrackingScalingPolicyConfiguration: found } = one(types.scalingPolicy).inputs;
    const counted = (id: string, name: string) => ({
      id,
      metricStat: {
        metric: {
          namespace: "AWS/ApplicationELB",
          metricName: "RequestCountPerTarget",
          dimensions: [
            { name: "LoadBalancer", value: "app/web-1a2b3c4/50dc6c495c0c9188" },
            { name: "TargetGroup", value: `targetgroup/${name}-1a2b3c4/50dc6c495c0c9188` },
          ],
        },
        stat: "Sum",
      },
      returnData: false,
    });
    assert.deepEqual(found, {
      targetValue: 1000,
      customizedMetricSpecification: {
        metrics: [
          counted("group1", "web"),
          counted("group2", "web-alt"),
          {
            ...{ id: "requests", expression: "FILL(group1, 0) + FILL(group2, 0)" },
            ...{ label: "Requests per task", returnData: true },
          },
        ],
      },
      ...both,
    });
  });

  it("follows no requests of a worker, which has none", async () => {
    const scaling = { min: 1, max: 3, requestsPerTarget: 1000 };
    const { all } = await service(worker({ scaling }));
    assert.equal(all(types.scalable).length, 1);
    assert.deepEqual(all(types.scalingPolicy), []);
  });

  it("owns the number of tasks only where there is room to scale", async () => {
    const ignored = async (min: number, max: number) => {
      const { one, all } = await service(worker({ scaling: { min, max, cpuPercent: 60 } }));
      const { inputs, options } = one(types.service);
      const isLeft = options.ignoreChanges?.includes("desiredCount");
      return [inputs.desiredCount, isLeft, all(types.scalable).length];
    };
    assert.deepEqual(await ignored(2, 3), [2, true, 1]);
    assert.deepEqual(await ignored(3, 3), [3, false, 0]);
  });

  it("waits between steps for as long as it is told", async () => {
    const cooldownSeconds = { out: 10 };
    const { one } = await service(worker({ scaling: { ...between, cooldownSeconds } }));
    const { scaleInCooldown, scaleOutCooldown } = one(types.scalingPolicy).inputs
      .targetTrackingScalingPolicyConfiguration as Record<string, unknown>;
    assert.deepEqual([scaleInCooldown, scaleOutCooldown], [300, 10]);
  });

  describe("by the time", () => {
    const schedule = [
      { at: "cron(0 20 ? * MON-FRI *)", min: 0, max: 0, timezone: "Europe/Berlin" },
      { at: "cron(0 5 ? * MON-FRI *)", min: 1, max: 2 },
    ];

    it("has an action for each time", async () => {
      const { all } = await service(worker({ scaling: { ...between, schedule } }));
      const ofService = {
        serviceNamespace: "ecs",
        scalableDimension: "ecs:service:DesiredCount",
        resourceId: "service/shop-staging/shop-staging-jobs",
      };
      assert.deepEqual(
        all(types.scheduledAction).map(({ name, inputs }) => [name, inputs]),
        [
          [
            "jobs-schedule1",
            {
              ...ofService,
              schedule: "cron(0 20 ? * MON-FRI *)",
              timezone: "Europe/Berlin",
              scalableTargetAction: { minCapacity: 0, maxCapacity: 0 },
            },
          ],
          [
            "jobs-schedule2",
            {
              ...ofService,
              schedule: "cron(0 5 ? * MON-FRI *)",
              timezone: "UTC",
              scalableTargetAction: { minCapacity: 1, maxCapacity: 2 },
            },
          ],
        ],
      );
    });

    it("owns the number of tasks, also where there is no room otherwise", async () => {
      const { one } = await service(worker({ scaling: { min: 1, max: 1, schedule } }));
      assert.ok(one(types.service).options.ignoreChanges?.includes("desiredCount"));
      assert.equal(one(types.scalable).inputs.maxCapacity, 1);
    });

    for (const [title, entry, message] of [
      [
        "has no such hour",
        { at: "cron(0 24 ? * * *)", min: 1, max: 1 },
        /schedule\.0\.at: .*hours: /,
      ],
      [
        "has no such time zone",
        { at: "cron(0 0 ? * * *)", min: 1, max: 1, timezone: "Berlin" },
        /schedule\.0\.timezone: given "Berlin"/,
      ],
      [
        "has more at least than at most",
        { at: "cron(0 0 ? * * *)", min: 2, max: 1 },
        /schedule\.0\.min: given 2; allowed: 0 to 1/,
      ],
    ] as const) {
      it(`fails when it ${title}`, async () => {
        await assert.rejects(
          service(worker({ scaling: { ...between, schedule: [entry] } })),
          message,
        );
      });
    }
  });
});
