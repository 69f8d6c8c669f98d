import type { Rule, TagDescription } from "@aws-sdk/client-elastic-load-balancing-v2";
import { counted } from "../contract/counted";
import type { FoundLoadBalancer } from "../components";
import { withElb } from "../components/shared/elbApi";
import { ConfigError, type EnvironmentConfig, type Fault } from "./config";
import { cited, quotas } from "./config/limits";
import { firstFree, leadingTo, prioritiesOf } from "./config/priorities";
import { servicesOf } from "./config/sides";
import { environmentTags } from "./config/tags";

/** A rule on a listener that others use too. */
export interface ListenerRule {
  readonly arn: string;
  /** Undefined for the listener's default. */
  readonly priority: number | undefined;
  readonly tags: Readonly<Record<string, string>>;
}

/**
 * Priorities of an existing listener are taken by whoever was first; AWS would refuse a second rule in the middle of an update.
 * @param found the load balancer that config names, where services are behind it.
 * @param rulesOf what is on a listener.
 * @throws ConfigError that names the rule and a priority that is free, before anything is registered.
 */
export async function refuseTakenPriorities(
  config: EnvironmentConfig,
  found: FoundLoadBalancer | undefined,
  rulesOf: (listenerArn: string) => Promise<readonly ListenerRule[]> = listenerRules,
): Promise<void> {
  if (found === undefined) return;
  const own = Object.entries(environmentTags(config)).filter(([key]) => key.startsWith("gantry:"));
  const others = new Map(
    (await rulesOf(found.listener.arn)).flatMap((rule) => {
      const isOwn = own.every(([key, value]) => rule.tags[key] === value);
      return isOwn || rule.priority === undefined ? [] : [[rule.priority, rule] as const];
    }),
  );
  const services = servicesOf("main", config);
  refuseTooMany(config, others.size);
  const taken = new Set(others.keys());
  for (const [, service] of services)
    prioritiesOf(leadingTo(service)).forEach((each) => taken.add(each));
  const faults = services.flatMap(([name, service]): Fault[] => {
    const route = leadingTo(service);
    const wanted = prioritiesOf(route);
    const met = wanted.map((priority) => others.get(priority)).find((rule) => rule !== undefined);
    if (met === undefined) return [];
    return [
      {
        path: `gantry:services.${name}.route.priority`,
        given: `${met.priority}${route.priority === undefined ? " by its route" : ""}, which ${ownerOf(met)} has on the listener`,
        allowed: `priorities that no other rule of the listener has: ${wanted.join(", ")} are wanted`,
        fix: `set priority: ${firstFree(wanted[0], wanted.length - 1, taken, route.shifts)}`,
      },
    ];
  });
  if (faults.length > 0) throw new ConfigError(config.stack, faults);
}

/** The rules of the listener's other users and the environment's own, of those that a load balancer takes. */
function refuseTooMany(config: EnvironmentConfig, others: number): void {
  const own = servicesOf("main", config).flatMap(([, service]) =>
    prioritiesOf(leadingTo(service)),
  ).length;
  const most = config.quotas.rulesPerLoadBalancer;
  if (own + others <= most) return;
  throw new ConfigError(config.stack, [
    {
      path: "gantry:services",
      given: `${counted(own, "rule")}, for a listener that has ${others} of others`,
      allowed: `at most ${Math.max(0, most - others)}: a load balancer takes ${most} together ${cited(quotas.rulesPerLoadBalancer)}`,
      fix: "name another load balancer as loadBalancer.existingArn, or set quotas.rulesPerLoadBalancer to what AWS has granted",
    },
  ]);
}

function ownerOf({ arn, tags }: ListenerRule): string {
  const told = Object.entries(tags).map(([key, value]) => `${key}=${value}`);
  return told.length === 0 ? `the rule ${arn}` : `the rule ${arn} (${told.join(", ")})`;
}

/** As many as AWS describes tags of at once ("DescribeTags", ELB API reference). */
const taggedAtOnce = 20;

async function listenerRules(listenerArn: string): Promise<ListenerRule[]> {
  return withElb(listenerArn, async (client, { DescribeTagsCommand, paginateDescribeRules }) => {
    const rules: Rule[] = [];
    for await (const page of paginateDescribeRules({ client }, { ListenerArn: listenerArn })) {
      rules.push(...(page.Rules ?? []));
    }
    const arns = rules.flatMap(({ RuleArn }) => RuleArn ?? []);
    const described: TagDescription[] = [];
    for (let from = 0; from < arns.length; from += taggedAtOnce) {
      const ResourceArns = arns.slice(from, from + taggedAtOnce);
      const { TagDescriptions = [] } = await client.send(new DescribeTagsCommand({ ResourceArns }));
      described.push(...TagDescriptions);
    }
    const tags = new Map(described.map(({ ResourceArn, Tags = [] }) => [ResourceArn, Tags]));
    return rules.map(({ RuleArn = "", Priority }) => ({
      arn: RuleArn,
      priority: Priority === "default" ? undefined : Number(Priority),
      tags: Object.fromEntries(
        (tags.get(RuleArn) ?? []).map(({ Key = "", Value = "" }) => [Key, Value]),
      ),
    }));
  });
}
