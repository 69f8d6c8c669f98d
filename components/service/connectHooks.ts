import { isDeepStrictEqual } from "node:util";
import type * as pulumi from "@pulumi/pulumi";
import { updateService } from "./serviceDeployments";
import { inAws, settleAfter, type SettlingPorts } from "./settling";

/** Deploys ECS services of a cluster anew, as they are. */
export type Redeployment = (clusterArn: string, serviceNames: readonly string[]) => Promise<void>;

/** What that needs of the world, so that a test can stand in for it. */
export interface RedeploymentPorts extends SettlingPorts {
  readonly update: typeof updateService;
}

/** @throws Error where a service that shifts requests does not run in the end: those after it are not deployed. */
export async function deployAnew(
  clusterArn: string,
  serviceNames: readonly string[],
  ports: RedeploymentPorts = { ...inAws, update: updateService },
): Promise<void> {
  for (const serviceName of serviceNames) {
    const of = { clusterArn, serviceName };
    const [before] = await ports.deployments(of);
    const service = await ports.update(of, { forceNewDeployment: true });
    const { strategy = "ROLLING" } = service?.deploymentConfiguration ?? {};
    // Where a hook holds it, nobody else would let it go on.
    if (strategy !== "ROLLING") await settleAfter(before?.arn, of, {}, ports);
  }
}

/**
 * Once a service has a name, or another one, its callers are deployed anew: tasks know only names that were there when their
 * deployment began ("Amazon ECS Service Connect components", ECS developer guide).
 * @param callers names of ECS services that were made before it. Those that come after it need no second deployment.
 */
export function redeploy(
  callers: readonly string[],
  byAws: Redeployment = deployAnew,
): pulumi.ResourceHookFunction {
  return async ({ newInputs, oldInputs }) => {
    if (isDeepStrictEqual(endpointOf(newInputs), endpointOf(oldInputs))) return;
    const { cluster } = newInputs as { readonly cluster: string };
    try {
      await byAws(cluster, callers);
    } catch (error) {
      throw new Error(
        `${callers.join(", ")} cannot reach the new name yet (${(error as Error).message}): deploy anew by ` +
          callers
            .map((caller) => `aws ecs update-service --cluster ${cluster} --service ${caller}`)
            .map((command) => `${command} --force-new-deployment`)
            .join(" and "),
        { cause: error },
      );
    }
  };
}

/**
 * ECS never changes what is spoken at a port that services call: "appProtocol is immutable in a Service Connect service"
 * (PortMapping, ECS API reference). It would refuse the update with its tasks' new revision made already.
 * @throws before a service is updated.
 */
export function keepProtocol({ name, newInputs, oldInputs }: pulumi.ResourceHookArgs): void {
  const was = endpointOf(oldInputs)?.portName;
  const becomes = endpointOf(newInputs)?.portName;
  if (was === undefined || becomes === undefined || was === becomes) return;
  throw new Error(
    `${name}: what a service speaks to its callers cannot change while it is there (${was} to ${becomes}). Add a service of ` +
      "another name that speaks it, have its callers call that one, and remove this one. This service was not changed.",
  );
}

interface Endpoint {
  readonly portName: string;
  readonly clientAlias: readonly { readonly dnsName: string; readonly port: number }[];
}

function endpointOf(inputs: pulumi.ResourceHookArgs["newInputs"]): Endpoint | undefined {
  const { serviceConnectConfiguration: given } = (inputs ?? {}) as {
    readonly serviceConnectConfiguration?: { readonly services?: readonly Endpoint[] };
  };
  const [endpoint] = given?.services ?? [];
  // What stands beside it changes nothing for who calls.
  if (!endpoint) return undefined;
  const clientAlias = endpoint.clientAlias.map(({ dnsName, port }) => ({ dnsName, port }));
  return { portName: endpoint.portName, clientAlias };
}
