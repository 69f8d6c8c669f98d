import assert from "node:assert/strict";
import {
  fargateVcpus,
  quotasCheck,
  ruleFindings,
  vcpuFindings,
} from "../../../operations/doctor/checks/quotas";
import { aContext, aTarget, denied, diagnose, region, told } from "./support";

const web = { cpu: 1024, memoryMiB: 2048, scaling: { min: 2, max: 10 } };

describe("the check of quotas", () => {
  const target = aTarget({ "gantry:services": { web } });
  const UsageMetric = {
    ...{ MetricNamespace: "AWS/Usage", MetricName: "ResourceCount" },
    MetricDimensions: {
      Service: "Fargate",
      Type: "Resource",
      Resource: "vCPU",
      Class: "Standard/OnDemand",
    },
  };
  const found = (quota: unknown, used: number[] = []) =>
    diagnose(
      quotasCheck,
      aContext({
        target,
        loadBalancers: () => Promise.resolve([{ LoadBalancerArn: "lb" }]),
        answers: {
          quotas: { GetServiceQuota: quota },
          cloudwatch: { GetMetricStatistics: { Datapoints: used.map((Maximum) => ({ Maximum })) } },
          elb: {
            DescribeListeners: { Listeners: [{ ListenerArn: "a" }, { ListenerArn: "b" }] },
            DescribeRules: { Rules: [{ IsDefault: true }, { IsDefault: false }] },
          },
        },
      }),
    );

  it("is well where config asks for less than there is", async () => {
    const result = await found({ Quota: { Value: 4000, UsageMetric } }, [3, 12]);
    assert.deepEqual([result.well, told(result)], ["10 vCPUs at most of 4000, 2 of 100 rules", []]);
  });

  it("finds a new account's quota before a deployment meets it", async () => {
    const result = await found({ Quota: { Value: 6, UsageMetric } }, [5]);
    assert.match(
      told(result).join(),
      /^error vCPUs of Fargate \(L-3032A538\): the account has 6, used 5 .* needs 2 beside them/,
    );
    assert.match(result.findings?.[0].command ?? "", /--quota-code L-3032A538 --desired-value 14$/);
  });

  it("says what it may not see, and counts the rules all the same", async () => {
    const result = await found(denied("servicequotas:GetServiceQuota"));
    assert.match(
      told(result).join(),
      /^unchecked the quota of vCPUs of Fargate \(L-3032A538\): .*servicequotas:GetServiceQuota$/,
    );
  });

  for (const [quota, used, most, expected] of [
    [10, 8, 10, []],
    [10, 9, 10, ["error"]],
    [10, 2, 11, ["warning"]],
    [100, 81, 10, ["warning"]],
    [100, 80, 10, []],
  ] as const) {
    it(`judges a quota of ${quota}, ${used} used and ${most} at most`, () => {
      const asked = { quota, used, most, beside: 2, text: "vCPUs", code: "L-1" };
      assert.deepEqual(
        vcpuFindings(asked, region).map(({ severity }) => severity),
        expected,
      );
    });
  }

  it("counts what runs on Fargate, and Spot where it is on", () => {
    const vcpus = (capacity: string) => {
      const values = { "gantry:services": { web }, "gantry:cluster": { capacity } };
      return fargateVcpus(aTarget(values).config);
    };
    const asked = { most: 10, beside: 2 };
    const none = { most: 0, beside: 0 };
    assert.deepEqual(vcpus("fargate"), { onDemand: asked, spot: none });
    assert.deepEqual(vcpus("fargateSpot"), { onDemand: asked, spot: asked });
    assert.deepEqual(vcpus("ec2"), { onDemand: none, spot: none });
  });

  it("warns before the rules of a load balancer are used up", () => {
    assert.deepEqual(ruleFindings(80, 100), []);
    assert.equal(ruleFindings(81, 100)[0].severity, "warning");
  });
});
