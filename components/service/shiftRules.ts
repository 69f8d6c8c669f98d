import type * as pulumi from "@pulumi/pulumi";
import { mustSucceed, failUpdate } from "../shared/mustSucceed";
import { answeredBefore } from "./answeredBefore";
import { leadTo, rulesOf } from "./leadingRules";
import type { RouteRule } from "./routeRules";
import { targetHealth } from "./targetHealth";

/** What the hooks need of the world, so that a test can stand in for it. */
export interface ShiftRulePorts {
  readonly health: typeof targetHealth;
  readonly lead: typeof leadTo;
  readonly rules: typeof rulesOf;
  /** Says an error, so that the update fails. */
  readonly fail: (message: string) => Promise<void>;
}

const real: ShiftRulePorts = {
  health: targetHealth,
  lead: leadTo,
  rules: rulesOf,
  fail: failUpdate,
};

/** ARNs of a service's two target groups, known once its rules are made. */
export type Groups = pulumi.Output<string[]>;

/**
 * Hooks of the rule of a route. One that is new leads to the first group, as it is made. Where the other one serves, since the
 * route alone is another one, it is led there at once; and where neither does, since the service is new, to what answered before.
 */
export function ofProductionRule(
  own: RouteRule,
  groups: Groups,
  ports: ShiftRulePorts = real,
): pulumi.ResourceHookBinding {
  const lead = async ({ newOutputs, newInputs }: pulumi.ResourceHookArgs) => {
    const [primary, alternate] = await known(groups);
    const serves = async (group: string) =>
      (await ports.health(group)).some(({ state }) => state === "healthy");
    const rule = arnOf(newOutputs);
    try {
      if (await serves(primary)) return;
      const weights = (await serves(alternate))
        ? { [primary]: 0, [alternate]: 100 }
        : answeredBefore(own, await ports.rules(listenerIn(newInputs)));
      if (weights) await ports.lead(rule, weights);
    } catch (error) {
      throw new Error(
        `The new rule ${rule} leads to ${primary}, and could not be led elsewhere (${(error as Error).message}). Where the ` +
          `service's healthy tasks are in ${alternate}, have it lead there by aws elbv2 modify-rule.`,
        { cause: error },
      );
    }
  };
  return { afterCreate: [mustSucceed(lead, ports.fail)] };
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

function listenerIn(inputs: Values): string {
  return (inputs as { readonly listenerArn: string }).listenerArn;
}

function headerOf(inputs: Values): string | undefined {
  const { conditions } = inputs as {
    readonly conditions: readonly { readonly httpHeader?: { readonly values: string[] } }[];
  };
  return conditions.flatMap(({ httpHeader }) => httpHeader?.values ?? []).at(0);
}
