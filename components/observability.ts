import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { dashboardPage } from "../contract/consolePages";
import type { ObservabilityArgs, ObservedBounds } from "./observability/args";
import { budget } from "./observability/budget";
import { alarmRule } from "./observability/composite";
import { dashboardBody } from "./observability/dashboard";
import { observabilityFaults } from "./observability/faults";
import { planned } from "./observability/plan";
import { savedQueries } from "./observability/queries";
import { waitingApproval } from "./observability/waitingApproval";
import { accountOf } from "./shared/account";
import { refuse } from "./shared/validation";

/**
 * What shows how an environment is, and tells of it: alarms of what its services, jobs, databases, caches, load balancers and its
 * pipeline have beside the services' own; composite alarms, by which one cause is told once.
 *
 * It costs 0.10 USD a month for each metric that an alarm looks at and 0.50 USD for each composite alarm (us-east-1, "Amazon
 * CloudWatch pricing"): about 4 USD for one web service, a database and a pipeline.
 *
 * @example
 * new Observability("shop", { environmentName: "shop", cluster, services: {
 *   web: { serviceName: "web", logGroupName: web.logGroupName, requests: web.requests, alarmNames: web.alarmNames } } });
 * @example
 * new Observability("shop", { environmentName: "shop--production", cluster: { ...cluster, countsTasks: true },
 *   services: { web: { serviceName: "web", logGroupName: "/gantry/shop/production/services/web" } },
 *   jobs: { report: { stateMachineArn: report.stateMachineArn, logGroupName: report.logGroupName, failuresTold: true } },
 *   databases: { main: { engine: "postgres", identifier: database.identifier, storageGiB: 20 } },
 *   caches: { sessions: { identifiers: cache.identifiers } }, loadBalancers: { main: { arnSuffix: loadBalancer.arnSuffix } },
 *   pipeline: { pipelineName: pipeline.pipelineName, pipelineUrl: pipeline.pipelineUrl, asks: true, failuresTold: true }, alarms: { memoryPercent: 95, approvalHours: 8 },
 *   budget: { monthlyUsd: 500, emails: ["ops@example.com"], costTags: { "gantry:stack": "production" } },
 *   notifies: ["arn:aws:sns:eu-west-1:123456789012:alarms"], tags: { team: "shop" } });
 */
export class Observability extends pulumi.ComponentResource {
  /** Of what tells, by the end of its name: composite alarms, and alarms that tell themselves. */
  readonly alarmArns: Readonly<Record<string, pulumi.Output<string>>>;
  /** Where people see the dashboard in the console; absent where there is none. */
  readonly dashboardUrl?: pulumi.Output<string>;

  constructor(name: string, args: ObservabilityArgs, opts?: pulumi.ComponentResourceOptions) {
    super("gantry:index:Observability", name, {}, opts);
    refuse(this, "Observability", observabilityFaults(args));
    const { alarms = {} } = args;
    this.alarmArns = alarms === false ? {} : this.alarms(name, args, alarms);
    if (args.budget) budget(name, args.environmentName, args.budget, args.tags, this);
    savedQueries(name, args, this);
    if (args.dashboard ?? true) this.dashboardUrl = this.dashboard(name, args);
    this.registerOutputs({ alarmArns: this.alarmArns, dashboardUrl: this.dashboardUrl });
  }

  private alarms(
    name: string,
    args: ObservabilityArgs,
    bounds: ObservedBounds,
  ): Record<string, pulumi.Output<string>> {
    const { environmentName, notifies = [], tags } = args;
    const nameOf = (key: string) => `${environmentName}.${key}`;
    const { alarms, composites, alone } = planned(args, bounds, this.approvals(name, args, bounds));
    const told = { alarmActions: [...notifies], okActions: [...notifies] };
    const made: Record<string, aws.cloudwatch.MetricAlarm | aws.cloudwatch.CompositeAlarm> = {};
    for (const [key, alarm] of Object.entries(alarms)) {
      const actions = alone.includes(key) ? told : {};
      made[key] = new aws.cloudwatch.MetricAlarm(
        `${name}-${key}`,
        { ...alarm, name: nameOf(key), ...actions, tags },
        { parent: this },
      );
    }
    for (const [key, each] of Object.entries(composites)) {
      const rule = alarmRule(each, (child) =>
        "key" in child ? alarmNameOf(made[child.key]) : child.name,
      );
      made[key] = new aws.cloudwatch.CompositeAlarm(
        `${name}-${key}`,
        {
          alarmName: nameOf(key),
          alarmDescription: each.description,
          alarmRule: rule,
          ...told,
          tags,
        },
        { parent: this },
      );
    }
    return Object.fromEntries(
      [...Object.keys(composites), ...alone].map((key) => [key, made[key].arn]),
    );
  }

  private dashboard(name: string, args: ObservabilityArgs): pulumi.Output<string> {
    const { region } = accountOf(args.cluster.clusterArn);
    const alarmArns = Object.values(this.alarmArns);
    const dashboard = new aws.cloudwatch.Dashboard(
      `${name}-dashboard`,
      {
        dashboardName: args.environmentName,
        dashboardBody: pulumi.jsonStringify(dashboardBody({ ...args, region, alarmArns })),
      },
      { parent: this },
    );
    return pulumi
      .all([region, dashboard.dashboardName])
      .apply(([place, dashboardName]) => dashboardPage(place, dashboardName));
  }

  private approvals(
    name: string,
    { cluster, environmentName, pipeline, logRetentionDays, tags }: ObservabilityArgs,
    bounds: ObservedBounds,
  ): pulumi.Output<string> | undefined {
    if (!pipeline?.asks) return undefined;
    const { pipelineName } = pipeline;
    const stateMachineName = `${environmentName}--approval--wait`;
    const account = accountOf(cluster.clusterArn);
    const given = { account, stateMachineName, pipelineName, bounds, logRetentionDays, tags };
    return waitingApproval(name, given, this);
  }
}

/** Whichever it is, a rule that names it comes after it. */
function alarmNameOf(
  alarm: aws.cloudwatch.MetricAlarm | aws.cloudwatch.CompositeAlarm,
): pulumi.Output<string> {
  return "alarmRule" in alarm ? alarm.alarmName : alarm.name;
}
