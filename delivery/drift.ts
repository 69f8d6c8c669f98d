import type { ElasticLoadBalancingV2Client } from "@aws-sdk/client-elastic-load-balancing-v2";
import type { Clock } from "./clock";
import { addedListenerRules } from "./drift/listenerRules";
import {
  findingsOf,
  fingerprintOf,
  notCompared,
  type Finding,
  type NotCompared,
} from "./drift/findings";
import type { DriftMemory, KnownFinding } from "./drift/memory";
import type { Doer } from "./drift/who";
import type { ReadBack } from "./engine/readBack";
import { messageOf } from "./errors";
import type { LedgerView } from "./ledger";
import type { Log } from "./progress";

/** What a check came to. */
export type DriftReport = DriftSkipped | DriftChecked;

/** Nothing is known, since the environment was being changed. */
export interface DriftSkipped {
  readonly stack: string;
  readonly status: "skipped";
  readonly at: string;
  /** Who changes it. */
  readonly reason: string;
}

export interface DriftChecked {
  readonly stack: string;
  readonly status: "none" | "differs";
  readonly at: string;
  /** Resources that were compared. */
  readonly compared: number;
  readonly findings: readonly KnownFinding[];
  /** Empty where everything in the state was read. */
  readonly notCompared: readonly NotCompared[];
  /** Why nobody could be asked who did it. Absent where CloudTrail answered. */
  readonly unasked?: string;
}

/** What has become of the environment since the check before. */
export type DriftNews = "begun" | "changed" | "ended";

/** What a check asks, and whom it tells. */
export interface DriftPorts {
  readonly stack: string;
  readonly clock: Clock;
  readonly log: Log;
  /** The ledger, as far as it says who deploys, and whether the environment sleeps. */
  readonly recent: () => Promise<Pick<LedgerView, "lock" | "records" | "standing">>;
  /** Whether an update of Pulumi holds the state, and what the state is known by. */
  readonly state: () => Promise<{ readonly isHeld: boolean; readonly version: string }>;
  readonly readBack: () => Promise<ReadBack>;
  readonly elb: ElasticLoadBalancingV2Client;
  readonly who: (finding: Finding, after: Date | undefined) => Promise<Doer | undefined>;
  readonly memory: () => Promise<DriftMemory | undefined>;
  /** Whether CodePipeline's ECS action deploys, which Pulumi is not told of. */
  readonly byEcsAction: boolean;
}

export interface DriftOptions {
  /** Minutes that are waited for whoever changes the environment. Default: none. */
  readonly waitMinutes?: number;
}

/** Resources whose doer is looked for in one check: CloudTrail answers two questions a second. */
const mostAsked = 10;

const pauseMs = 60_000;

/**
 * Compares what is there with what was last applied. Changes nothing: neither a resource nor Pulumi's state.
 * @throws DeliveryError where it cannot be found out.
 */
export async function checkDrift(
  ports: DriftPorts,
  { waitMinutes = 0 }: DriftOptions = {},
): Promise<DriftReport> {
  const { clock, log, stack } = ports;
  const end = clock.now().getTime() + waitMinutes * 60_000;
  for (;;) {
    const answer = await attempt(ports);
    if (answer.status !== "skipped" || clock.now().getTime() + pauseMs > end) {
      return { stack, at: clock.now().toISOString(), ...answer };
    }
    log(`${answer.reason}: trying again in a minute`);
    await clock.sleep(pauseMs);
  }
}

type Answer = Omit<DriftSkipped, "stack" | "at"> | Omit<DriftChecked, "stack" | "at">;

async function attempt(ports: DriftPorts): Promise<Answer> {
  const before = await groundOf(ports);
  if (before.busy !== undefined) return { status: "skipped", reason: before.busy };
  const read = await ports.readBack();
  const rules = await addedListenerRules(ports.elb, read);
  const after = await groundOf(ports);
  if (after.busy !== undefined) return { status: "skipped", reason: after.busy };
  if (after.version !== before.version) {
    return { status: "skipped", reason: `${ports.stack} was changed while it was compared` };
  }
  const found = findingsOf(read, rules).filter(
    (finding) => !isByOthers(finding, ports) && !(after.sleeps && isBySleep(finding)),
  );
  const known = await ports.memory();
  const { findings, unasked } = await remembered(found, known, ports);
  return {
    status: findings.length === 0 ? "none" : "differs",
    compared: read.resources.length,
    findings,
    notCompared: notCompared(read.unread),
    ...(unasked === undefined ? {} : { unasked }),
  };
}

/** Who changes the environment now, and what shows that it was changed in between. */
async function groundOf({ recent, state, stack }: DriftPorts) {
  const [{ lock, records, standing }, { isHeld, version }] = await Promise.all([recent(), state()]);
  const newest = records.at(0);
  const busy = lock
    ? `deployment ${lock.number} of ${stack} is under way (${lock.owner}, since ${lock.at})`
    : isHeld
      ? `pulumi up or another update of ${stack} is under way`
      : undefined;
  const sleep = standing?.sleep?.at;
  return {
    ...{ busy, sleeps: sleep !== undefined },
    version: `${newest?.number}:${newest?.status}:${sleep}:${version}`,
  };
}

/** What is changed by others as it should be. */
function isByOthers({ type, property }: Finding, { byEcsAction }: DriftPorts): boolean {
  return byEcsAction && type === "aws:ecs:Service" && property === "taskDefinition";
}

/** What `gantry sleep` has taken away, and `gantry wake` gives back. */
function isBySleep({ type, property = "" }: Finding): boolean {
  const [root] = property.split(/[.[]/);
  return asleepProperties.some(([of, name]) => of === type && name === root);
}

const asleepProperties = [
  ["aws:ecs:Service", "desiredCount"],
  ["aws:appautoscaling:Target", "suspendedState"],
  ["aws:scheduler:Schedule", "state"],
] as const;

/** Since when, and who, of the check before where it knew; else from now on, and by whom CloudTrail says. */
async function remembered(
  found: readonly Finding[],
  known: DriftMemory | undefined,
  { clock, who }: DriftPorts,
): Promise<{ readonly findings: KnownFinding[]; readonly unasked?: string }> {
  const now = clock.now().toISOString();
  const before = new Map(known?.findings.map((finding) => [finding.id, finding]));
  const asked = new Map<string, Doer | undefined>();
  let unasked: string | undefined;
  const findings: KnownFinding[] = [];
  for (const finding of found) {
    const { since = now, by, ...old } = before.get(finding.id) ?? {};
    let doer = isSame(old, finding) ? by : undefined;
    if (!doer && unasked === undefined) {
      if (!asked.has(finding.urn) && asked.size < mostAsked) {
        try {
          asked.set(finding.urn, await who(finding, lastAsStated(known, since)));
        } catch (error) {
          unasked = messageOf(error);
        }
      }
      doer = asked.get(finding.urn);
    }
    findings.push({ ...finding, since, ...(doer ? { by: doer } : {}) });
  }
  return { findings, ...(unasked === undefined ? {} : { unasked }) };
}

function isSame(known: Partial<Finding>, { stated, found }: Finding): boolean {
  return known.stated === stated && known.found === found;
}

/** The last check that ended before it was seen. */
function lastAsStated(known: DriftMemory | undefined, since: string): Date | undefined {
  const { checkedAt, cleanAt } = known ?? {};
  const last = [checkedAt, cleanAt].find((at) => at !== undefined && at < since);
  return last === undefined ? undefined : new Date(last);
}

/** What people are told, once: not of a drift that stays as it is. */
export function driftNews(
  known: DriftMemory | undefined,
  { findings }: Pick<DriftChecked, "findings">,
): DriftNews | undefined {
  const before = known?.findings ?? [];
  if (fingerprintOf(before) === fingerprintOf(findings)) return undefined;
  if (before.length === 0) return "begun";
  return findings.length === 0 ? "ended" : "changed";
}

/** What the next check and `gantry status` are to know. */
export function memoryOf(known: DriftMemory | undefined, report: DriftChecked): DriftMemory {
  const cleanAt = report.findings.length === 0 ? report.at : known?.cleanAt;
  return {
    checkedAt: report.at,
    ...(cleanAt === undefined ? {} : { cleanAt }),
    findings: [...report.findings],
  };
}
