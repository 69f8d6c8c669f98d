import {
  Observability,
  type ObservabilityArgs,
  type WatchedServiceArgs,
} from "../../../components";
import { record } from "../../support/record";
import { cluster } from "../service/support";

export const requests = {
  loadBalancerSuffix: "app/shop/0123456789abcdef",
  targetGroupSuffixes: ["targetgroup/web/0123456789abcdef", "targetgroup/web-alt/0123456789abcdef"],
};

export const web: WatchedServiceArgs = {
  ...{ serviceName: "shop--web", logGroupName: "/gantry/shop/web", requests },
  alarmNames: ["shop--web--errors", "shop--web--latency"],
  heldAt: { cpuPercent: 60, memoryPercent: 85 },
};

const stateMachineArn = "arn:aws:states:eu-west-1:123456789012:stateMachine:shop--nightly";

/** One of everything that can be watched. */
export const everything: ObservabilityArgs = {
  environmentName: "shop",
  cluster: { ...cluster, countsTasks: true, execLogGroupName: "/gantry/shop/exec" },
  services: {
    web,
    jobs: {
      ...{ serviceName: "shop--jobs", logGroupName: "/gantry/shop/jobs", mostMessages: 30 },
      queues: {
        orders: {
          ...{ queueName: "shop--jobs--orders", deadLetterQueueName: "shop--jobs--orders-dead" },
          ...{ deadLetterAlarmName: "orders-deadLetters", visibilityTimeoutSeconds: 120 },
        },
      },
    },
  },
  jobs: { nightly: { stateMachineArn, logGroupName: "/gantry/shop/nightly" } },
  databases: {
    main: { engine: "postgres", identifier: "shop-main", standby: true },
    reports: { engine: "mysql", identifier: "shop-reports", storageGiB: 20, standby: true },
  },
  caches: {
    sessions: { identifiers: ["shop-sessions"], maxGB: 10 },
    pages: { identifiers: ["shop-pages-001", "shop-pages-002"] },
  },
  loadBalancers: { main: { arnSuffix: requests.loadBalancerSuffix } },
  pipeline: {
    ...{ pipelineName: "shop", pipelineUrl: "https://example.com/pipeline", asks: true },
    drift: {
      ...{ namespace: "Gantry", metricName: "Drift", dimensions: { Environment: "shop" } },
    },
  },
  notifies: ["arn:aws:sns:eu-west-1:123456789012:shop"],
  tags: { team: "shop" },
};

export const types = {
  alarm: "aws:cloudwatch/metricAlarm:MetricAlarm",
  composite: "aws:cloudwatch/compositeAlarm:CompositeAlarm",
  stateMachine: "aws:sfn/stateMachine:StateMachine",
  rule: "aws:cloudwatch/eventRule:EventRule",
  policy: "aws:iam/rolePolicy:RolePolicy",
  role: "aws:iam/role:Role",
  budget: "aws:budgets/budget:Budget",
} as const;

export function observed(more: Partial<ObservabilityArgs> = {}) {
  return record(() => new Observability("shop", { ...everything, ...more }));
}
