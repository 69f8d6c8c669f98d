import {
  CreateRuleCommand,
  DeleteRuleCommand,
  DescribeListenersCommand,
  DescribeRulesCommand,
  DescribeTagsCommand,
  DescribeTargetGroupsCommand,
  ModifyRuleCommand,
  type Action,
  type ElasticLoadBalancingV2Client,
  type Rule,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import { nobodysNetwork } from "../contract/nobodysNetwork";
import { servicesOf } from "../stacks/config/sides";
import type { Clients } from "./clients";
import { describeServices } from "./deploy/ecs";
import { DeliveryError } from "./errors";
import type { Target } from "./target";

/** What everybody gets meanwhile. */
export interface MaintenancePage {
  /** At most {@link longestPage} characters. */
  readonly body: string;
  readonly contentType: "text/html" | "text/plain" | "application/json";
}

/** Since when an environment answers with a page, and who began that. */
export interface Maintenance {
  /** ISO 8601, UTC. */
  readonly since: string;
  readonly by: string;
}

export interface MaintenanceOptions {
  readonly target: Target;
  readonly clients: Pick<Clients, "ecs" | "elb">;
}

/** Characters of a fixed response ("FixedResponseActionConfig", ELB API reference). */
export const longestPage = 1024;

export const defaultPage: MaintenancePage = {
  contentType: "text/html",
  body: [
    '<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">',
    "<title>Back soon</title>",
    '<body style="font:1.2rem/1.5 sans-serif;max-width:30rem;margin:20vh auto;padding:0 1rem">',
    "<h1>Back soon</h1><p>We are working on this site. Please come back in a while.</p></body></html>",
  ].join("\n"),
};

/** By these the rule is known. Pulumi's state does not have it, so that no update takes it away. */
const sinceTag = "gantry:maintenance-since";
const byTag = "gantry:maintenance-by";

/**
 * Whether the environment answers with a page; undefined where requests reach its services.
 * @throws DeliveryError where no load balancer leads to a service.
 */
export async function maintenanceOf(options: MaintenanceOptions): Promise<Maintenance | undefined> {
  for (const listener of await listenersOf(options)) {
    const page = await pageOf(options.clients.elb, await rulesOf(options.clients.elb, listener));
    if (page) return page.maintenance;
  }
  return undefined;
}

/**
 * Answers every request to the environment's load balancer with a page and status 503, by a listener rule before all others:
 * tasks run on, and nothing that Pulumi made is changed. A page that is there already is exchanged.
 * @returns since when, which an exchange does not change.
 * @throws DeliveryError where no load balancer leads to a service, or no rule can stand before the others.
 */
export async function beginMaintenance({
  page,
  by,
  now,
  ...options
}: MaintenanceOptions & {
  readonly page: MaintenancePage;
  readonly by: string;
  readonly now: Date;
}): Promise<Maintenance> {
  const { elb } = options.clients;
  let maintenance: Maintenance = { since: now.toISOString(), by };
  for (const listener of await listenersOf(options)) {
    const rules = await rulesOf(elb, listener);
    const there = await pageOf(elb, rules);
    const Actions = [answer(page)];
    if (there) {
      maintenance = there.maintenance;
      await elb.send(new ModifyRuleCommand({ RuleArn: there.ruleArn, Actions }));
      continue;
    }
    await elb.send(
      new CreateRuleCommand({
        ListenerArn: listener,
        Priority: firstPriority(rules, options.target),
        Conditions: [{ Field: "path-pattern", PathPatternConfig: { Values: ["/*"] } }],
        Actions,
        Tags: [
          { Key: sinceTag, Value: maintenance.since },
          { Key: byTag, Value: tagValue(maintenance.by) },
        ],
      }),
    );
  }
  return maintenance;
}

/**
 * Takes the page away.
 * @returns since when it was there; undefined where there was none.
 * @throws DeliveryError where no load balancer leads to a service.
 */
export async function endMaintenance(
  options: MaintenanceOptions,
): Promise<Maintenance | undefined> {
  const { elb } = options.clients;
  let ended: Maintenance | undefined;
  for (const listener of await listenersOf(options)) {
    const page = await pageOf(elb, await rulesOf(elb, listener));
    if (!page) continue;
    await elb.send(new DeleteRuleCommand({ RuleArn: page.ruleArn }));
    ended = page.maintenance;
  }
  return ended;
}

/** The listeners that lead to the environment's services: those of HTTPS where there are any, since HTTP leads there then. */
async function listenersOf({
  target,
  clients: { ecs, elb },
}: MaintenanceOptions): Promise<string[]> {
  const described = await describeServices(ecs, target);
  const groups = servicesOf("main", target.config).flatMap(([name]) =>
    Object.hasOwn(described, name)
      ? (described[name].loadBalancers ?? []).flatMap(({ targetGroupArn }) => targetGroupArn ?? [])
      : [],
  );
  if (groups.length === 0) throw nothingLeads(target);
  // All are behind the same one.
  const { TargetGroups = [] } = await elb.send(
    new DescribeTargetGroupsCommand({ TargetGroupArns: [groups[0]] }),
  );
  const found: string[] = [];
  for (const LoadBalancerArn of TargetGroups.flatMap(
    ({ LoadBalancerArns = [] }) => LoadBalancerArns,
  )) {
    const { Listeners = [] } = await elb.send(new DescribeListenersCommand({ LoadBalancerArn }));
    const secure = Listeners.filter(({ Protocol }) => Protocol === "HTTPS");
    const serving = secure.length > 0 ? secure : Listeners;
    found.push(...serving.flatMap(({ ListenerArn }) => ListenerArn ?? []));
  }
  if (found.length === 0) throw nothingLeads(target);
  return found;
}

function nothingLeads({ stack }: Target): DeliveryError {
  return new DeliveryError(
    `no load balancer leads to a service of ${stack}, so nobody could get a page there`,
    [
      "Services of kind: web have one, once pulumi up has made them; internal ones beside it are not meant.",
    ],
  );
}

async function rulesOf(elb: ElasticLoadBalancingV2Client, ListenerArn: string): Promise<Rule[]> {
  const rules: Rule[] = [];
  let Marker: string | undefined;
  do {
    const page = await elb.send(new DescribeRulesCommand({ ListenerArn, Marker }));
    rules.push(...(page.Rules ?? []));
    Marker = page.NextMarker;
  } while (Marker);
  return rules;
}

/** The rule that answers with a maintenance page, by its tags. */
async function pageOf(elb: ElasticLoadBalancingV2Client, rules: readonly Rule[]) {
  for (const { RuleArn = "", Actions = [] } of rules) {
    if (Actions.every(({ Type }) => Type !== "fixed-response") || RuleArn === "") continue;
    const { TagDescriptions = [] } = await elb.send(
      new DescribeTagsCommand({ ResourceArns: [RuleArn] }),
    );
    const tag = (key: string) =>
      TagDescriptions.flatMap(({ Tags = [] }) => Tags).find(({ Key }) => Key === key)?.Value;
    const since = tag(sinceTag);
    if (since === undefined) continue;
    return { ruleArn: RuleArn, maintenance: { since, by: tag(byTag) ?? "unknown" } };
  }
  return undefined;
}

function answer({ body, contentType }: MaintenancePage): Action {
  return {
    Type: "fixed-response",
    FixedResponseConfig: { StatusCode: "503", ContentType: contentType, MessageBody: body },
  };
}

/** Characters that AWS takes in tags, and as many ("Tag", ELB API reference). */
function tagValue(text: string): string {
  return text.replace(/[^\p{L}\p{Z}\p{N}_.:/=+\-@]/gu, "_").slice(0, 256);
}

/** The lowest free priority before every rule that requests meet. */
function firstPriority(rules: readonly Rule[], { stack }: Target): number {
  const taken = new Map(rules.map((rule) => [Number(rule.Priority), rule]));
  for (let priority = 1; ; priority++) {
    const rule = taken.get(priority);
    if (rule === undefined) return priority;
    if (meetsNobody(rule)) continue;
    throw new DeliveryError(
      `a listener rule of ${stack} has the priority ${priority}: none can stand before it`,
      [`Give its route in config another priority, such as ${priority + 1}, and run pulumi up.`],
    );
  }
}

function meetsNobody({ Conditions = [] }: Rule): boolean {
  return Conditions.some(({ SourceIpConfig }) => SourceIpConfig?.Values?.includes(nobodysNetwork));
}
