import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { alarmName, type AlarmBounds } from "./service/alarmArgs";
import {
  errorRate,
  latency,
  missingTasks,
  unhealthyHosts,
  type Watched,
} from "./service/alarmMetrics";
import type { CountedRequests } from "./service/requestMetric";
import type { Tags } from "./shared/tags";

export interface ServiceAlarmsArgs extends AlarmBounds {
  readonly clusterName: pulumi.Input<string>;
  /** Physical name of the ECS service, with which the alarms' names begin. */
  readonly serviceName: string;
  /** Where the requests of a web service are counted. Without it, nothing of them is watched. */
  readonly requests?: CountedRequests;
  /** ARNs of what is told when one fires and when it is over, such as an SNS topic. Without it, nobody is. */
  readonly notifies?: readonly pulumi.Input<string>[];
  readonly tags?: Tags;
}

/**
 * CloudWatch alarms of a service: `<service>--errors`, `--latency` and `--unhealthyTasks` of a web service, by both target groups
 * where it has two, and `--missingTasks` where tasks are counted. One without data is in INSUFFICIENT_DATA, and not good.
 *
 * It costs 0.10 USD a month for each metric that an alarm looks at (us-east-1): of a web service with one target group 0.20 for errors,
 * 0.10 for a bound of latency and 0.30 for the own past, 0.10 for unhealthy tasks; with two groups twice that; 0.20 for missing tasks.
 *
 * @example
 * new ServiceAlarms("jobs", { clusterName: "shop", serviceName: "jobs", countsTasks: true });
 * @example
 * new ServiceAlarms("web", { clusterName: "shop", serviceName: "web", countsTasks: true, errorPercent: 2, latencySeconds: 0.8,
 *   requests: { loadBalancerSuffix: "app/shop/0123456789abcdef",
 *     targetGroupSuffixes: ["targetgroup/web/0123456789abcdef", "targetgroup/web-alt/0123456789abcdef"] },
 *   notifies: ["arn:aws:sns:eu-west-1:123456789012:alarms"] });
 */
export class ServiceAlarms extends pulumi.ComponentResource {
  /** Of all its alarms. */
  readonly alarmNames: readonly pulumi.Output<string>[];

  constructor(name: string, args: ServiceAlarmsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("gantry:index:ServiceAlarms", name, {}, opts);
    this.alarmNames = Object.entries(watched(args)).map(
      ([part, alarm]) => this.alarm(name, part, alarm, args).name,
    );
    this.registerOutputs({ alarmNames: this.alarmNames });
  }

  private alarm(
    name: string,
    part: string,
    alarm: Watched,
    { serviceName, notifies = [], tags }: ServiceAlarmsArgs,
  ): aws.cloudwatch.MetricAlarm {
    return new aws.cloudwatch.MetricAlarm(
      `${name}-${part}`,
      {
        ...alarm,
        name: alarmName(serviceName, part),
        // `notBreaching` would call a service well of which nothing is known.
        treatMissingData: "missing",
        alarmActions: [...notifies],
        okActions: [...notifies],
        tags,
      },
      { parent: this },
    );
  }
}

function watched(args: ServiceAlarmsArgs): Readonly<Record<string, Watched>> {
  const { requests, clusterName, serviceName, errorPercent = 5, latencySeconds } = args;
  return {
    ...(requests
      ? {
          errors: errorRate(requests, errorPercent),
          latency: latency(requests, latencySeconds),
          unhealthyTasks: unhealthyHosts(requests),
        }
      : {}),
    ...(args.countsTasks ? { missingTasks: missingTasks(clusterName, serviceName) } : {}),
  };
}
