import type * as pulumi from "@pulumi/pulumi";
import {
  cacheAlarms,
  databaseAlarms,
  driftAlarm,
  jobAlarms,
  loadBalancerAlarm,
  pipelineAlarm,
  queueAlarms,
  taskAlarms,
  type Alarms,
} from "./alarms";
import type {
  ObservabilityArgs,
  ObservedBounds,
  WatchedJobArgs,
  WatchedQueueArgs,
  WatchedServiceArgs,
} from "./args";
import { approvalAlarm } from "./waitingApproval";

/** An alarm of the plan by its key, or one that somebody else made by its name. */
export type Child = { readonly key: string } | { readonly name: pulumi.Input<string> };

/** Some alarms of which one is enough, unless one of others says the same. */
export interface Cause {
  readonly any: readonly Child[];
  readonly unless?: readonly Child[];
}

/** What tells once, of however many of its causes. */
export interface Told {
  readonly description: string;
  readonly causes: readonly Cause[];
}

/** Every alarm, and what tells of them, by the end of their names. */
export interface Plan {
  readonly alarms: Alarms;
  readonly told: Readonly<Record<string, Told>>;
}

/** The same, where an alarm that is its rule's only cause tells itself. */
export interface Made {
  readonly alarms: Alarms;
  readonly composites: Readonly<Record<string, Told>>;
  /** Keys of the alarms that tell themselves. */
  readonly alone: readonly string[];
}

type Services = readonly (readonly [string, WatchedServiceArgs])[];

/**
 * How many alarms a rule names: it may name 100, and has 10,240 characters ("PutCompositeAlarm", CloudWatch API reference), so
 * that names have 190 each.
 */
const mostChildren = 50;

/**
 * What is watched, and what tells. Each service tells for itself of what its users notice. What is only strained tells for all
 * services together, and not where users notice already: so one cause is told once, and a strain that lasts hides no outage.
 * @param stateMachineArn of what waits with each approval. Without it, approvals are not watched.
 */
export function planned(
  args: ObservabilityArgs,
  bounds: ObservedBounds,
  stateMachineArn?: pulumi.Input<string>,
): Made {
  const services = watched(args.services);
  const told = noticed(services);
  const { alarms, told: all } = joined([
    { alarms: {}, told },
    loadPlan(services, args.cluster.clusterName, bounds, told),
    ...watched(args.jobs).map(([name, job]) => jobPlan(name, job)),
    dataPlan(args),
    ...Object.entries(args.loadBalancers ?? {}).map(([name, { arnSuffix }]) =>
      loadBalancerPlan(name, arnSuffix, told),
    ),
    pipelinePlan(args, bounds, stateMachineArn),
  ]);
  const tells = Object.entries(all);
  const composites = tells.filter(([, each]) => onlyAlarm(each) === undefined);
  return {
    alarms,
    composites: Object.fromEntries(composites),
    alone: tells.flatMap(([, each]) => onlyAlarm(each) ?? []),
  };
}

/** A composite of one alarm would cost as much as five, and say the same. */
function onlyAlarm({ causes }: Told): string | undefined {
  const [{ any, unless = [] }] = causes;
  const [only] = any;
  const isOnly = causes.length === 1 && any.length === 1 && unless.length === 0;
  return isOnly && "key" in only ? only.key : undefined;
}

/** The alarms that a cause names, each once. */
export function childrenOf({ causes }: Told): Child[] {
  return causes.flatMap(({ any, unless = [] }) => [...any, ...unless]);
}

function watched<T extends { readonly alarms?: false }>(things: Readonly<Record<string, T>> = {}) {
  return Object.entries(things).filter(([, { alarms }]) => alarms !== false);
}

function noticed(services: Services): Plan["told"] {
  return Object.fromEntries(
    services.flatMap(([name, { alarmNames = [], queues }]) => {
      const any = [...alarmNames.map((each) => ({ name: each })), ...deadLetters(queues)];
      const description = `Users of ${name} notice: errors, slow answers, tasks that are missing, messages that fail`;
      return any.length === 0 ? [] : [[`service.${name}`, { description, causes: [{ any }] }]];
    }),
  );
}

function loadPlan(
  services: Services,
  clusterName: pulumi.Input<string>,
  bounds: ObservedBounds,
  told: Plan["told"],
): Plan {
  const each = services.map(([name, service]) => {
    const key = `service.${name}`;
    const { queues = {}, mostMessages } = service;
    const alarms = prefixed(key, {
      ...taskAlarms(clusterName, service, bounds),
      ...queueAlarms(queues, bounds, mostMessages),
    });
    const unless = Object.hasOwn(told, key) ? [{ key }] : undefined;
    return { alarms, cause: { any: keysOf(alarms), unless } };
  });
  const description = "Services are strained: CPU, memory or messages that wait";
  return {
    alarms: merged(each.map(({ alarms }) => alarms)),
    told: inRules(
      "load",
      description,
      each.map(({ cause }) => cause),
    ),
  };
}

function jobPlan(name: string, job: WatchedJobArgs): Plan {
  const alarms = prefixed(`job.${name}`, jobAlarms(job));
  const any = [...(job.failuresTold ? [] : keysOf(alarms)), ...deadLetters(job.queues)];
  const description = `Runs of ${name} fail, or messages for it`;
  const told = any.length === 0 ? {} : { [`job.${name}`]: { description, causes: [{ any }] } };
  return { alarms, told };
}

function dataPlan({ databases = {}, caches = {} }: ObservabilityArgs): Plan {
  const each = [
    ...Object.entries(databases).map(([name, database]) =>
      prefixed(`database.${name}`, databaseAlarms(database)),
    ),
    ...Object.entries(caches).map(([name, cache]) => prefixed(`cache.${name}`, cacheAlarms(cache))),
  ];
  const description = "Databases or caches are strained: CPU, capacity, storage";
  const causes = each.map((alarms) => ({ any: keysOf(alarms) }));
  return { alarms: merged(each), told: inRules("data", description, causes) };
}

/** What a service's alarms explain is not told again: of the first services, where a rule has no room for more. */
function loadBalancerPlan(
  name: string,
  arnSuffix: pulumi.Input<string>,
  services: Plan["told"],
): Plan {
  const key = `loadBalancer.${name}`;
  const alarms = { [`${key}.errors`]: loadBalancerAlarm(arnSuffix) };
  const unless = Object.keys(services).map((service) => ({ key: service }));
  const causes = [{ any: keysOf(alarms), unless: unless.slice(0, mostChildren - 1) }];
  return { alarms, told: { [key]: { description: "Requests reach no task", causes } } };
}

function pipelinePlan(
  { pipeline }: ObservabilityArgs,
  bounds: ObservedBounds,
  stateMachineArn?: pulumi.Input<string>,
): Plan {
  if (!pipeline) return { alarms: {}, told: {} };
  const { pipelineName, drift, driftTold, failuresTold } = pipeline;
  const alarms = prefixed("pipeline", {
    ...(failuresTold ? {} : { failed: pipelineAlarm(pipelineName) }),
    ...(stateMachineArn === undefined ? {} : { waits: approvalAlarm(stateMachineArn, bounds) }),
    ...(drift && !driftTold ? { drift: driftAlarm(drift) } : {}),
  });
  const description =
    "The pipeline needs somebody: it failed, an approval waits, or something is not as applied";
  return { alarms, told: inRules("pipeline", description, [{ any: keysOf(alarms) }]) };
}

function deadLetters(queues: Readonly<Record<string, WatchedQueueArgs>> = {}): Child[] {
  return Object.values(queues).flatMap(({ deadLetterAlarmName: name }) =>
    name === undefined ? [] : [{ name }],
  );
}

/** As many rules as it takes, since one may name so many alarms; a cause stays whole. */
function inRules(key: string, description: string, causes: readonly Cause[]): Plan["told"] {
  const rules: Cause[][] = [];
  for (const cause of causes) {
    if (cause.any.length === 0) continue;
    const last = rules.at(-1);
    const fits =
      last && childrenOf({ description, causes: [...last, cause] }).length <= mostChildren;
    if (fits) last.push(cause);
    else rules.push([cause]);
  }
  return Object.fromEntries(
    rules.map((all, index) => [
      index === 0 ? key : `${key}${index + 1}`,
      { description, causes: all },
    ]),
  );
}

function prefixed(key: string, alarms: Alarms): Alarms {
  return Object.fromEntries(
    Object.entries(alarms).map(([part, alarm]) => [`${key}.${part}`, alarm]),
  );
}

function keysOf(alarms: Alarms): { readonly key: string }[] {
  return Object.keys(alarms).map((key) => ({ key }));
}

function merged(alarms: readonly Alarms[]): Alarms {
  return Object.fromEntries(alarms.flatMap((each) => Object.entries(each)));
}

function joined(plans: readonly Plan[]): Plan {
  return {
    alarms: merged(plans.map(({ alarms }) => alarms)),
    told: Object.fromEntries(plans.flatMap(({ told }) => Object.entries(told))),
  };
}
