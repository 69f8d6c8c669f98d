import { isOpen, type ListedDeployment, type ServiceDeployment } from "./serviceDeployments";
import type { SettlingPorts } from "./settling";
import type { ServiceTasks } from "./taskProtection";

/**
 * Refuses a change that would stop a deployment of a service, or that it would not take along.
 * @param name of the resource that is changed.
 * @returns the newest deployment, which is over. Undefined where there is none.
 * @throws Error saying at which stage one is, what it waits for and the way out.
 */
export async function refuseOpen(
  name: string,
  of: ServiceTasks,
  { deployments, describe }: Pick<SettlingPorts, "deployments" | "describe">,
): Promise<ListedDeployment | undefined> {
  const [newest] = await deployments(of);
  if (newest && isOpen(newest)) {
    throw new Error(underWay(name, of.serviceName, await describe(newest.arn)));
  }
  return newest;
}

function underWay(
  name: string,
  service: string,
  { arn, status, stage, waiting, expiresAt }: ServiceDeployment,
): string {
  const where = stage ? `${status}, at stage ${stage}` : status;
  const until = expiresAt ? ` until ${expiresAt.toISOString()}` : "";
  const what =
    waiting.length > 0
      ? `it waits for its verification${until}: let the pipeline conclude it, or end it`
      : "wait until it has ended, as gantry status tells, or end it";
  return (
    `${name} was not changed: a deployment of ${service} is under way (${where}), which the change would disturb: ${arn}. ` +
    `${what[0].toUpperCase()}${what.slice(1)} by gantry rollback, and where no release is in it, as after a pulumi up that was ` +
    "killed, by gantry restore. Then run pulumi up again."
  );
}
