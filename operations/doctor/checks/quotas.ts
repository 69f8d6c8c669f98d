import { GetMetricStatisticsCommand } from "@aws-sdk/client-cloudwatch";
import {
  paginateDescribeRules,
  paginateDescribeListeners,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import { GetServiceQuotaCommand } from "@aws-sdk/client-service-quotas";
import { counted } from "../../../contract/counted";
import type { EnvironmentConfig } from "../../../stacks/config";
import type { Check, Diagnosis, Finding, Unchecked } from "../check";
import type { DoctorContext } from "../context";
import { uncheckedBy } from "../failure";

/** What Fargate is counted by: vCPUs that run at once in account and region. Source: "AWS Fargate service quotas", ECS developer guide. */
const fargate = [
  { capacity: "onDemand", code: "L-3032A538", text: "vCPUs of Fargate" },
  { capacity: "spot", code: "L-36FBB829", text: "vCPUs of Fargate Spot" },
] as const;

/** Whether AWS lets as many tasks and rules be as config asks for. */
export const quotasCheck: Check = {
  name: "quotas",
  title: "the quotas",
  rights: [
    ...["servicequotas:GetServiceQuota", "cloudwatch:GetMetricStatistics"],
    ...["elasticloadbalancing:DescribeListeners", "elasticloadbalancing:DescribeRules"],
  ],
  run: async (context): Promise<Diagnosis> => {
    const findings: Finding[] = [];
    const unchecked: Unchecked[] = [];
    const said: string[] = [];
    const wanted = fargateVcpus(context.target.config);
    for (const { capacity, code, text } of fargate) {
      const asks = wanted[capacity];
      if (asks.most === 0) continue;
      try {
        const { quota, used } = await quotaOf(context, code);
        findings.push(
          ...vcpuFindings({ ...{ quota, used, text, code }, ...asks }, context.target.region),
        );
        said.push(`${counted(asks.most, "vCPU")} at most of ${quota}`);
      } catch (error) {
        unchecked.push(
          uncheckedBy(error, `the quota of ${text} (${code})`, ["servicequotas:GetServiceQuota"]),
        );
      }
    }
    const rules = await mostRules(context);
    const allowed = context.target.config.quotas.rulesPerLoadBalancer;
    if (rules > 0) said.push(`${rules} of ${allowed} rules`);
    findings.push(...ruleFindings(rules, allowed));
    return { well: said.join(", ") || "nothing here comes near one", findings, unchecked };
  },
};

interface Vcpus {
  /** All tasks of all services, as many as scaling may start. */
  readonly most: number;
  /** What a deployment starts beside tasks that run, at least: the new ones of the largest service, at its smallest. */
  readonly beside: number;
}

/** vCPUs that config asks of Fargate. Tasks of services may run on either kind where Spot is on: they count as both then. */
export function fargateVcpus({
  services,
  cluster,
}: EnvironmentConfig): Readonly<Record<"onDemand" | "spot", Vcpus>> {
  const none = { most: 0, beside: 0 };
  if (cluster.capacity === "ec2") return { onDemand: none, spot: none };
  const each = Object.values(services).map((service) => {
    const tasks = service.kind === "job" ? { min: 1, max: 1 } : service.scaling;
    const isReplaced = service.kind !== "job" && service.deployment.strategy !== "recreate";
    const vcpus = service.cpu / 1024;
    return { most: tasks.max * vcpus, beside: isReplaced ? tasks.min * vcpus : 0 };
  });
  const all = {
    most: each.reduce((sum, { most }) => sum + most, 0),
    beside: Math.max(0, ...each.map(({ beside }) => beside)),
  };
  return { onDemand: all, spot: cluster.capacity === "fargateSpot" ? all : none };
}

/** A quota of Fargate, and the most of it that the account used at once in the last day; 0 where AWS counts nothing. */
async function quotaOf(
  { clients, now }: DoctorContext,
  QuotaCode: string,
): Promise<Pick<AskedVcpus, "quota" | "used">> {
  const { Quota: { Value: quota, UsageMetric: metric } = {} } = await clients.quotas.send(
    new GetServiceQuotaCommand({ ServiceCode: "fargate", QuotaCode }),
  );
  if (quota === undefined) throw new Error("AWS tells no value");
  if (metric?.MetricName === undefined) return { quota, used: 0 };
  const { Datapoints = [] } = await clients.cloudwatch.send(
    new GetMetricStatisticsCommand({
      ...{ Namespace: metric.MetricNamespace, MetricName: metric.MetricName },
      Dimensions: Object.entries(metric.MetricDimensions ?? {}).map(([Name, Value]) => ({
        ...{ Name, Value },
      })),
      ...{ StartTime: new Date(now.getTime() - dayMs), EndTime: now, Period: 3600 },
      Statistics: ["Maximum"],
    }),
  );
  return { quota, used: Math.max(0, ...Datapoints.map(({ Maximum = 0 }) => Maximum)) };
}

const dayMs = 86_400_000;

interface AskedVcpus extends Vcpus {
  readonly quota: number;
  /** By the account, at most in the last day. */
  readonly used: number;
  readonly text: string;
  readonly code: string;
}

/** What is wrong with a quota of Fargate. */
export function vcpuFindings(
  { quota, used, most, beside, text, code }: AskedVcpus,
  region: string,
): Finding[] {
  const found = { where: `${text} (${code})` };
  const raise = (value: number) => ({
    fix: "ask AWS for more, which takes hours to days",
    command: `aws service-quotas request-service-quota-increase --region ${region} --service-code fargate --quota-code ${code} --desired-value ${Math.ceil(value)}`,
  });
  if (used + beside > quota) {
    const what = `the account has ${quota}, used ${used} at most in the last day, and a deployment needs ${beside} beside them: new tasks do not start`;
    return [{ severity: "error", ...found, what, ...raise(2 * (used + beside)) }];
  }
  if (most > quota) {
    const what = `the account has ${quota}, and the services may scale to ${most}`;
    return [{ severity: "warning", ...found, what, ...raise(2 * most) }];
  }
  if (used > 0.8 * quota) {
    const what = `the account has ${quota}, and used ${used} in the last day, more than four fifths`;
    return [{ severity: "warning", ...found, what, ...raise(2 * quota) }];
  }
  return [];
}

/** The rules of the load balancer that has most, but those that each listener begins with. */
async function mostRules({ clients, loadBalancers }: DoctorContext): Promise<number> {
  const client = clients.elb;
  let most = 0;
  for (const { LoadBalancerArn } of await loadBalancers()) {
    let rules = 0;
    for await (const page of paginateDescribeListeners({ client }, { LoadBalancerArn })) {
      for (const { ListenerArn } of page.Listeners ?? []) {
        for await (const { Rules = [] } of paginateDescribeRules({ client }, { ListenerArn })) {
          rules += Rules.filter(({ IsDefault }) => !IsDefault).length;
        }
      }
    }
    most = Math.max(most, rules);
  }
  return most;
}

/** @param allowed of one load balancer, as `gantry:quotas` says it. */
export function ruleFindings(rules: number, allowed: number): Finding[] {
  if (rules <= 0.8 * allowed) return [];
  return [
    {
      severity: "warning",
      where: "quotas.rulesPerLoadBalancer",
      what: `${rules} of ${allowed} rules of the load balancer are taken: a route that is one more is refused`,
      fix: 'ask AWS for more ("Rules per Application Load Balancer"), and set gantry:quotas: { rulesPerLoadBalancer } to what it grants',
    },
  ];
}
