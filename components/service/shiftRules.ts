import * as pulumi from "@pulumi/pulumi";
import { answeredBefore } from "./answeredBefore";
import { leadTo, rulesOf, type ListenerRule, type Weights } from "./leadingRules";
import { refuseOpen } from "./openDeployment";
import type { RouteRule } from "./routeRules";
import { deploymentsOf, describeDeployment } from "./serviceDeployments";
import type { ServiceTasks } from "./taskProtection";

/** What rules need of the world, so that a test can stand in for it. */
export interface ShiftRulePorts {
  readonly lead: typeof leadTo;
  readonly rules: typeof rulesOf;
  readonly deployments: typeof deploymentsOf;
  readonly describe: typeof describeDeployment;
  /** Whether resources are made now, and AWS answers: neither in a preview nor in a unit test. */
  readonly updates: () => boolean;
}

const real: ShiftRulePorts = {
  lead: leadTo,
  rules: rulesOf,
  deployments: deploymentsOf,
  describe: describeDeployment,
  updates: () => pulumi.runtime.hasEngine() && !pulumi.runtime.isDryRun(),
};

/** ARNs of a service's two target groups, known once they are made: the first is where a new service starts. */
export type Groups = pulumi.Output<string[]>;

/** Where a new rule leads from its first moment on, by the ARN of a target group. */
export interface Leading {
  /** The rule of a route: to where the service's other rules lead; of a new service, to what answered before. */
  readonly production: Weights;
  /** A rule for test requests: to the service's own tasks, as far as there are any. */
  readonly test: Weights;
}

/** What new rules are for. */
export interface NewRules {
  /** The rule of the route. */
  readonly own: RouteRule;
  readonly groups: Groups;
  /** The load balancer's own, which is the same one for each of its services. */
  readonly listenerArn: pulumi.Output<string>;
  /** Whether the program may make rules: a delivery, which updates services alone, makes none. */
  readonly areMade: boolean;
}

/** Where new rules of a service lead. Rules that exist are left alone, so a preview need not know. */
export function leading(
  { own, groups: made, listenerArn, areMade }: NewRules,
  ports: ShiftRulePorts = real,
): pulumi.Output<Leading> {
  return pulumi.all([made, listenerArn]).apply(async ([groups, listener]) => {
    const [primary, alternate] = groups;
    const first = { [primary]: 100, [alternate]: 0 };
    if (!areMade || !ports.updates()) return { production: first, test: first };
    const known = lists.get(listenerArn);
    const now = known && weightsIn(await known, groups);
    if (now) return { production: now, test: now };
    const asked = ports.rules(listener);
    lists.set(listenerArn, asked);
    const rules = await asked;
    const found = weightsIn(rules, groups);
    return found
      ? { production: found, test: found }
      : { production: answeredBefore(own, rules) ?? first, test: first };
  });
}

/**
 * The newest list of each listener's rules, by the output of its load balancer, which each run of a program has its own of. One
 * serves all services that it tells of: their rules lead elsewhere only with their own deployments, which come after. A new
 * service is in none, and asks anew: what answered before it may have gone over by then.
 */
const lists = new WeakMap<pulumi.Output<string>, Promise<readonly ListenerRule[]>>();

/** Where a service's rules lead; undefined where none leads to it. */
function weightsIn(rules: readonly ListenerRule[], groups: readonly string[]): Weights | undefined {
  const found = rules.find(
    ({ isNarrower, weights }) => !isNarrower && groups.some((group) => (weights[group] ?? 0) > 0),
  );
  return found && Object.fromEntries(groups.map((group) => [group, found.weights[group] ?? 0]));
}

/**
 * Hooks of the rule of a route. A new one is not made while a deployment of its service is open: ECS leads the rules over that it
 * knew when the deployment began, and the new one would go on leading to tasks that leave.
 */
export function ofProductionRule(
  of: pulumi.Output<ServiceTasks>,
  ports: ShiftRulePorts = real,
): pulumi.ResourceHookBinding {
  const refuse = async ({ name }: pulumi.ResourceHookArgs) => {
    const service = await known(of);
    try {
      await refuseOpen(name, service, ports);
    } catch (error) {
      if ((error as Error).name !== "ServiceNotFoundException") throw error;
    }
  };
  return { beforeCreate: [refuse] };
}

/**
 * Hooks of a rule for test requests. One that was another service's, and whose header has another value now, leads to the groups
 * of the new one, which ECS wants on a load balancer before it makes the service.
 */
export function ofTestRule(
  groups: Groups,
  ports: ShiftRulePorts = real,
): pulumi.ResourceHookBinding {
  const takeOver = async ({ oldInputs, newInputs, oldOutputs }: pulumi.ResourceHookArgs) => {
    if (headerOf(oldInputs) === headerOf(newInputs)) return;
    // Those that the rule is told to lead to are the old ones', which are left alone.
    const [primary, alternate] = await known(groups);
    await ports.lead(arnOf(oldOutputs), { [primary]: 100, [alternate]: 0 });
  };
  return { beforeUpdate: [takeOver] };
}

function known<T>(output: pulumi.Output<T>): Promise<T> {
  return new Promise((resolve) => output.apply((value) => resolve(value)));
}

type Values = pulumi.ResourceHookArgs["newInputs"];

function arnOf(outputs: Values): string {
  return (outputs as { readonly arn: string }).arn;
}

function headerOf(inputs: Values): string | undefined {
  const { conditions } = inputs as {
    readonly conditions: readonly { readonly httpHeader?: { readonly values: string[] } }[];
  };
  return conditions.flatMap(({ httpHeader }) => httpHeader?.values ?? []).at(0);
}
