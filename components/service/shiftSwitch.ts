import { leadTo, listenerOf, rulesOf, weightsOf } from "./leadingRules";
import { updateService } from "./serviceDeployments";
import { targetHealth } from "./targetHealth";
import { settleAfter, type SettlingPorts } from "./settling";
import { connectRequest, requestOf, type Balancer, type HookedService } from "./shiftedService";

/** What going over to another strategy needs of the world, so that a test can stand in for it. */
export interface SwitchPorts {
  readonly update: (...asked: Parameters<typeof updateService>) => Promise<unknown>;
  readonly weights: typeof weightsOf;
  readonly lead: typeof leadTo;
  readonly health: typeof targetHealth;
  readonly rules: typeof rulesOf;
}

export const switchInAws: SwitchPorts = {
  update: updateService,
  weights: weightsOf,
  lead: leadTo,
  health: targetHealth,
  rules: rulesOf,
};

type Ports = SwitchPorts & SettlingPorts;

/**
 * Before a service that rolls is updated to one that shifts. ECS wants a rolling deployment first, with both groups known,
 * and another strategy only after that ("Update Amazon ECS rolling update to blue/green", ECS developer guide).
 */
export async function startShifting(
  name: string,
  was: HookedService,
  becomes: HookedService,
  ports: Ports,
): Promise<void> {
  const { balancer, connect } = becomes;
  // Nobody asks the tasks of a worker.
  const isCalled = (connect?.services ?? []).length > 0;
  if (!balancer && !isCalled) return;
  // The container is the running tasks' own, which may be another one from the update on.
  const { containerName, containerPort } = was.balancer ?? {};
  await deploy(
    name,
    was,
    {
      deploymentConfiguration: { strategy: "ROLLING" },
      loadBalancers: balancer && [{ ...balancer, containerName, containerPort }],
      serviceConnectConfiguration: isCalled && connect ? connectRequest(connect) : undefined,
      forceNewDeployment: true,
    },
    ports,
  );
}

/**
 * Before a service that shifts is updated to one that rolls, which knows the primary group alone: requests go over to it
 * where the other one serves. Its hook goes by the API, since Pulumi's provider never sends that the last one is gone, and
 * its rule leads to one group again, since a group that a rule names cannot go.
 */
export async function endShifting(name: string, was: HookedService, ports: Ports): Promise<void> {
  const { balancer } = was;
  if (balancer?.advancedConfiguration && !(await leadsToPrimary(balancer, ports))) {
    const at = { strategy: "BLUE_GREEN" as const, bakeTimeInMinutes: 0, lifecycleHooks: [] };
    const change = { forceNewDeployment: true, deploymentConfiguration: at };
    try {
      await deploy(name, was, change, ports);
    } catch (error) {
      // As the state has it: the next release shall be held as before.
      await ports.update(was.of, { deploymentConfiguration: requestOf(was) });
      throw error;
    }
  }
  await ports.update(was.of, {
    deploymentConfiguration: { strategy: "ROLLING", lifecycleHooks: [] },
  });
  if (balancer?.advancedConfiguration) {
    const { productionListenerRule } = balancer.advancedConfiguration;
    await ports.lead(productionListenerRule, { [balancer.targetGroupArn]: 1 });
  }
}

/**
 * What a service does once requests have gone over: rules that led to its old tasks alone lead where its own does now. They are
 * those of the route that it had before, which go last, after its old tasks. One that is another service's by now leads elsewhere,
 * or does so with that one's deployment.
 */
export function oldRulesFollow(
  { balancer }: HookedService,
  { rules, weights, lead }: SwitchPorts,
): (() => Promise<void>) | undefined {
  const shift = balancer?.advancedConfiguration;
  if (!shift) return undefined;
  const { productionListenerRule: rule, testListenerRule } = shift;
  const groups = [balancer.targetGroupArn, shift.alternateTargetGroupArn];
  return async () => {
    const others = (await rules(listenerOf(rule))).filter((other) => {
      const led = Object.keys(other.weights);
      const isOld = led.length > 0 && led.every((group) => groups.includes(group));
      return isOld && other.arn !== rule && other.arn !== testListenerRule;
    });
    if (others.length === 0) return;
    const now = await weights(rule);
    for (const { arn } of others) await lead(arn, now);
  };
}

/**
 * Has a rule that is new to a service lead to its tasks, where ECS has not: it led to another service's at first, and no page says
 * that the first deployment of a service leads requests over.
 */
export async function takeOverRule(
  { balancer }: HookedService,
  { weights, lead, health }: SwitchPorts,
): Promise<void> {
  const shift = balancer?.advancedConfiguration;
  if (!shift) return;
  const own = [balancer.targetGroupArn, shift.alternateTargetGroupArn];
  const led = await weights(shift.productionListenerRule);
  if (own.some((group) => (led[group] ?? 0) > 0)) return;
  const [first, other] = own;
  const serves = (await health(first)).some(({ state }) => state === "healthy");
  const [to, from] = serves ? [first, other] : [other, first];
  await lead(shift.productionListenerRule, { [to]: 100, [from]: 0 });
}

/** @throws Error where the rule leads to neither group: nobody knows then who serves. */
async function leadsToPrimary(
  { targetGroupArn, advancedConfiguration: shift }: Balancer,
  { weights }: Ports,
): Promise<boolean> {
  const rule = shift?.productionListenerRule ?? "";
  const found = await weights(rule);
  const [primary, alternate] = [targetGroupArn, shift?.alternateTargetGroupArn ?? ""].map(
    (arn) => found[arn] ?? 0,
  );
  if (primary + alternate === 0) {
    throw new Error(`The rule ${rule} leads to no group of the service: run pulumi up --refresh`);
  }
  return primary > 0 && alternate === 0;
}

/** Changes a service by a deployment of its own, and waits for its end. */
async function deploy(
  service: string,
  { of }: HookedService,
  change: Parameters<typeof updateService>[1],
  ports: Ports,
): Promise<void> {
  const [before] = await ports.deployments(of);
  await ports.update(of, change);
  await settleAfter(before?.arn, of, { service, minutes: 0 }, ports);
}
