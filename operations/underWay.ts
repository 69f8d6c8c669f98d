import type { ECSClient, ServiceDeploymentBrief } from "@aws-sdk/client-ecs";
import type { Clock } from "../delivery/clock";
import type { DescribedServices } from "../delivery/deploy/ecs";
import { heldDeployment } from "../delivery/deploy/heldBefore";
import { DeliveryError } from "../delivery/errors";
import type { LedgerView } from "../delivery/ledger";
import { heldByAnother, lockedByAnother } from "../delivery/ledger/refusals";
import { isOpen, newestServiceDeployment } from "../delivery/steadyState/serviceDeployment";
import { servicesUnderWay } from "../delivery/steadyState/underWay";
import type { Target } from "../delivery/target";

interface Asked {
  readonly clients: { readonly ecs: ECSClient };
  readonly target: Target;
  readonly clock: Clock;
}

/** @throws DeliveryError where the environment's lock is held, with by whom and what for. */
export async function refuseLocked(
  { clients: { ecs }, target: { stack, names }, clock }: Asked,
  view: LedgerView,
  described: DescribedServices,
): Promise<void> {
  const { lock } = view;
  if (!lock) return;
  const now = clock.now();
  if (heldDeployment(view)) {
    const waiting = await servicesUnderWay(ecs, names.cluster, described);
    throw heldByAnother(stack, lock, now, waiting);
  }
  const holder = view.records.find(({ number }) => number === lock.number);
  throw lockedByAnother(stack, lock, now, holder);
}

/**
 * An update would stop what ECS is at, or be told for it.
 * @param isOwn whether the newest deployment of a service is one that the command takes up. Default: none is.
 * @throws DeliveryError where ECS is at a deployment of one of the services.
 */
export async function refuseOpen(
  { clients: { ecs }, target: { names, stack } }: Asked,
  services: readonly string[],
  isOwn: (newest: ServiceDeploymentBrief | undefined) => boolean = () => false,
): Promise<void> {
  const open: string[] = [];
  for (const service of services) {
    const newest = await newestServiceDeployment(ecs, names.cluster, names.service(service));
    if (!isOpen(newest) || isOwn(newest)) continue;
    const since = newest?.createdAt ? ` since ${newest.createdAt.toISOString()}` : "";
    open.push(`${service}: its deployment is ${newest?.status}${since}`);
  }
  if (open.length === 0) return;
  throw new DeliveryError(
    `a deployment is under way in ${stack} that has no lock of Gantry's, such as a pulumi up of settings (CloudTrail: UpdateService). ` +
      `Nothing was changed. Wait for its end: gantry status --stack ${stack}`,
    open,
  );
}
