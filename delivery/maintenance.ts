import {
  CreateRuleCommand,
  DeleteRuleCommand,
  DescribeTagsCommand,
  ModifyRuleCommand,
  type Action,
  type Rule,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import { environmentTags } from "../stacks/config/tags";
import type { Clients } from "./clients";
import { maintainedListeners, type MaintainedListener } from "./maintainedListeners";
import { pagePlaces } from "./pagePlaces";
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
  for (const { rules } of await maintainedListeners(options)) {
    const [page] = await pagesOf(options, rules);
    if (page) return page.maintenance;
  }
  return undefined;
}

/**
 * Answers every request to the environment's load balancer with a page and status 503, by a listener rule before all others; where
 * others use it too, every request that would reach its services. Tasks run on, and nothing that Pulumi made is changed. A page
 * that is there already is exchanged.
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
  const Actions = [answer(page)];
  for (const listener of await maintainedListeners(options)) {
    const there = await pagesOf(options, listener.rules);
    for (const { ruleArn } of there) {
      await elb.send(new ModifyRuleCommand({ RuleArn: ruleArn, Actions }));
    }
    if (there.length > 0) {
      maintenance = there[0].maintenance;
      continue;
    }
    await create({ ...options, listener, Actions, maintenance });
  }
  return maintenance;
}

/** Makes a listener's pages, all of them or none. */
async function create({
  target,
  clients: { elb },
  listener,
  Actions,
  maintenance: { since, by },
}: MaintenanceOptions & {
  readonly listener: MaintainedListener;
  readonly Actions: Action[];
  readonly maintenance: Maintenance;
}): Promise<void> {
  const Tags = [
    ...environmentOf(target),
    { Key: sinceTag, Value: since },
    { Key: byTag, Value: tagValue(by) },
  ];
  const made: Rule[] = [];
  try {
    for (const { conditions: Conditions, priority: Priority } of pagePlaces(listener, target)) {
      const rule = { ListenerArn: listener.arn, Priority, Conditions, Actions, Tags };
      made.push(...((await elb.send(new CreateRuleCommand(rule))).Rules ?? []));
    }
  } catch (error) {
    // Half a page would count as one that is there.
    for (const { RuleArn } of made) await elb.send(new DeleteRuleCommand({ RuleArn }));
    throw error;
  }
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
  for (const { rules } of await maintainedListeners(options)) {
    for (const page of await pagesOf(options, rules)) {
      await elb.send(new DeleteRuleCommand({ RuleArn: page.ruleArn }));
      ended = page.maintenance;
    }
  }
  return ended;
}

/** The rules that answer with the environment's maintenance page, by their tags. */
async function pagesOf({ target, clients: { elb } }: MaintenanceOptions, rules: readonly Rule[]) {
  const pages: { ruleArn: string; maintenance: Maintenance }[] = [];
  const isShared = target.config.loadBalancer.existing !== undefined;
  for (const { RuleArn = "", Actions = [] } of rules) {
    if (Actions.every(({ Type }) => Type !== "fixed-response") || RuleArn === "") continue;
    const { TagDescriptions = [] } = await elb.send(
      new DescribeTagsCommand({ ResourceArns: [RuleArn] }),
    );
    const tags = TagDescriptions.flatMap(({ Tags = [] }) => Tags);
    const tag = (key: string) => tags.find(({ Key }) => Key === key)?.Value;
    const since = tag(sinceTag);
    const isOwn = environmentOf(target).every(({ Key, Value }) => tag(Key) === Value);
    if (since === undefined || (isShared && !isOwn)) continue;
    pages.push({ ruleArn: RuleArn, maintenance: { since, by: tag(byTag) ?? "unknown" } });
  }
  return pages;
}

/** Whose page it is, where several environments share a listener. */
function environmentOf({ config: { name, stack } }: Target) {
  return Object.entries(environmentTags({ name, stack, tags: {} })).map(([Key, Value]) => ({
    Key,
    Value,
  }));
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
