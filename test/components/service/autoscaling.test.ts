import assert from "node:assert/strict";
import { service, types, web, worker } from "./support";

const both = { scaleOutCooldown: 30, scaleInCooldown: 300 };

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
      return [inputs.desiredCount, options.ignoreChanges, all(types.scalable).length];
    };
    assert.deepEqual(await ignored(2, 3), [2, ["desiredCount"], 1]);
    assert.deepEqual(await ignored(3, 3), [3, [], 0]);
  });
});
