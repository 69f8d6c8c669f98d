import type * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import { ServiceAlarms } from "../serviceAlarms";
import { alarmName } from "./alarmArgs";
import type { ServiceArgs } from "./args";
import type { CountedRequests } from "./requestMetric";

/**
 * Makes the alarms of a service, and has ECS go back on a deployment while which one fires. ECS takes no notice of an alarm that is not
 * there yet, so they are before it.
 * @param requests of a web service.
 */
export function deploymentAlarms(
  name: string,
  { alarms, cluster, serviceName, tags }: ServiceArgs,
  requests: CountedRequests | undefined,
  parent: pulumi.Resource,
): Pick<aws.ecs.ServiceArgs, "alarms"> {
  if (alarms === undefined) return {};
  if (alarms === false) {
    // The provider takes a missing block for no change, and ECS takes none without a name.
    const alarmNames = [alarmName(serviceName, "none")];
    return { alarms: { alarmNames, enable: false, rollback: false } };
  }
  const { alarmNames } = new ServiceAlarms(
    name,
    { ...alarms, clusterName: cluster.clusterName, serviceName, requests, tags },
    { parent },
  );
  return { alarms: { alarmNames: [...alarmNames], enable: true, rollback: true } };
}
