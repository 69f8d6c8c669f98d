import {
  DescribeRulesCommand,
  DescribeTagsCommand,
  type ElasticLoadBalancingV2Client,
  type QueryStringKeyValuePair,
  type Rule,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import type { ReadBack } from "../engine/readBack";
import type { Addition } from "./findings";

const listenerType = "aws:lb/listener:Listener";
const ruleType = "aws:lb/listenerRule:ListenerRule";

/** Tags that one call tells. */
const mostTagged = 20;

/**
 * Rules of the environment's own listeners that no resource of the stack is. Those of another environment that shares the load
 * balancer bear its tags.
 */
export async function addedListenerRules(
  elb: ElasticLoadBalancingV2Client,
  { resources, unread }: ReadBack,
): Promise<Addition[]> {
  const known = new Set(
    [...resources, ...unread]
      .filter(({ type }) => type === ruleType)
      .map(({ outputs }) => outputs.arn),
  );
  const found: { readonly of: Addition["of"]; readonly rule: Rule }[] = [];
  for (const listener of resources) {
    if (listener.type !== listenerType || listener.found === "gone") continue;
    for (const rule of await rulesOf(elb, listener.id)) {
      if (!rule.IsDefault && !known.has(rule.RuleArn)) found.push({ of: listener, rule });
    }
  }
  const shared = await ofEnvironments(
    elb,
    found.flatMap(({ rule }) => rule.RuleArn ?? []),
  );
  return found
    .filter(({ rule }) => !shared.has(rule.RuleArn ?? ""))
    .map(({ of, rule }) => ({ of, property: "listener rule", found: textOf(rule) }));
}

async function rulesOf(elb: ElasticLoadBalancingV2Client, listener: string): Promise<Rule[]> {
  const rules: Rule[] = [];
  let Marker: string | undefined;
  do {
    const answer = await elb.send(new DescribeRulesCommand({ ListenerArn: listener, Marker }));
    rules.push(...(answer.Rules ?? []));
    Marker = answer.NextMarker;
  } while (Marker !== undefined);
  return rules;
}

/** Those that an environment of Gantry's has made. */
async function ofEnvironments(
  elb: ElasticLoadBalancingV2Client,
  arns: readonly string[],
): Promise<ReadonlySet<string>> {
  const made = new Set<string>();
  for (let start = 0; start < arns.length; start += mostTagged) {
    const { TagDescriptions: described = [] } = await elb.send(
      new DescribeTagsCommand({ ResourceArns: arns.slice(start, start + mostTagged) }),
    );
    for (const { ResourceArn: arn = "", Tags: tags = [] } of described) {
      if (tags.some(({ Key: key }) => key === "gantry:stack")) made.add(arn);
    }
  }
  return made;
}

function textOf({ Priority: priority = "", Conditions: conditions = [], Actions: actions }: Rule) {
  const asked = conditions.map(({ Field: field, Values: plain = [], ...config }) => {
    const texts = Object.values(config).flatMap((each) =>
      "Values" in each ? (each.Values ?? []).map(textOfValue) : [],
    );
    return `${field} ${[...new Set([...plain, ...texts])].join(" or ")}`;
  });
  const [action] = (actions ?? []).map(({ Type }) => Type);
  return `priority ${priority}, ${asked.join(" and ")}, ${action ?? "no action"}`;
}

/** A query string's is a key and a value. */
function textOfValue(value: string | QueryStringKeyValuePair): string {
  return typeof value === "string" ? value : `${value.Key ?? "*"}=${value.Value}`;
}
