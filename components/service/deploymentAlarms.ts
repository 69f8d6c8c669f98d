import type * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import { ServiceAlarms } from "../serviceAlarms";
import { alarmName } from "./alarmArgs";
import type { ServiceArgs } from "./args";
import type { CountedRequests } from "./requestMetric";

/**
 * Makes the alarms of a service: of one and the same logical names, whether they end its deployments or only watch it, since an
 * alarm that moved would be made anew by its name and then deleted by it.
 * @param requests of a web service.
 * @returns their names.
 */
export function serviceAlarms(
  name: string,
  { alarms, watch, cluster, serviceName, tags }: ServiceArgs,
  requests: CountedRequests | undefined,
  parent: pulumi.Resource,
): readonly pulumi.Output<string>[] {
  const bounds = alarms === false ? watch : (alarms ?? watch);
  // A worker whose tasks nobody counts has none.
  if (!bounds || !(requests || bounds.countsTasks)) return [];
  const { alarmNames } = new ServiceAlarms(
    name,
    { ...bounds, clusterName: cluster.clusterName, serviceName, requests, tags },
    { parent },
  );
  return alarmNames;
}

/**
 * Has ECS go back on a deployment while which one of them fires. ECS takes no notice of an alarm that is not there yet, so they
 * are before it.
 */
export function deploymentAlarms(
  { alarms, serviceName }: ServiceArgs,
  alarmNames: readonly pulumi.Output<string>[],
): Pick<aws.ecs.ServiceArgs, "alarms"> {
  if (alarms === undefined) return {};
  if (alarms === false) {
    // The provider takes a missing block for no change, and ECS takes none without a name.
    const none = [alarmName(serviceName, "none")];
    return { alarms: { alarmNames: none, enable: false, rollback: false } };
  }
  return { alarms: { alarmNames: [...alarmNames], enable: true, rollback: true } };
}
