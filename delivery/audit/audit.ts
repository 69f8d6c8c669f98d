import { causeOf } from "../errors";
import type { LedgerPeriod } from "../ledger";
import { keptDays } from "./approvals";
import { auditVersion, type Audit, type AuditEntry, type Period } from "./entries";
import { ledgerEntries } from "./ledger";
import { joinSessions } from "./sessions";
import type { TrailEntries } from "./trail";

/** Where an audit is read from: AWS, or what a test says. */
export interface AuditPorts {
  readonly stack: string;
  readonly region: string;
  readonly now: Date;
  /** The name of the log group that sessions are logged in, for people. */
  readonly sessionLog: string;
  ledger(since: Date): Promise<LedgerPeriod>;
  /** Absent where the environment has no pipeline. */
  readonly approvals?: (period: Period) => Promise<readonly AuditEntry[]>;
  trail(period: Period): Promise<TrailEntries>;
  sessions(period: Period): Promise<readonly AuditEntry[]>;
}

/** An audit, and whether anything could be read at all. */
export interface AuditResult {
  readonly audit: Audit;
  readonly isAny: boolean;
}

/** What was done to an environment, of all that say so, in the order of time. What cannot be read is a gap, and hides nothing else. */
export async function audit(ports: AuditPorts, period: Period): Promise<AuditResult> {
  const gaps: string[] = [];
  let read = 0;
  const asked = async <T>(
    what: string,
    right: string,
    ask: () => Promise<T>,
    none: T,
  ): Promise<T> => {
    try {
      const answer = await ask();
      read += 1;
      return answer;
    } catch (error) {
      gaps.push(`${what} cannot be read (${right}): ${causeOf(error)}`);
      return none;
    }
  };
  const nothing: TrailEntries = { entries: [], sessions: new Map(), gaps: [] };
  const [ledger, approvals, trail, logged] = await Promise.all([
    asked(
      "deployments, holds and overrides",
      "dynamodb:GetItem, dynamodb:Query on the ledger",
      async () => ledgerEntries(await ports.ledger(period.since), period),
      [],
    ),
    ports.approvals
      ? asked(
          "approvals",
          "codepipeline:ListActionExecutions",
          () => ports.approvals?.(period) ?? Promise.resolve([]),
          [],
        )
      : [],
    asked(
      "secrets, sessions and changes beside the pipeline",
      "cloudtrail:LookupEvents",
      () => ports.trail(period),
      nothing,
    ),
    asked(
      "the log of sessions",
      `logs:DescribeLogStreams on ${ports.sessionLog}`,
      () => ports.sessions(period),
      [],
    ),
  ]);
  const sessions = joinSessions(logged, trail.sessions);
  const began = trail.entries.map((entry) => {
    const stream = sessions.began.get(entry);
    const detail = [entry.detail, stream && `logged in ${stream}`].filter(Boolean).join("; ");
    return detail === "" ? entry : { ...entry, detail };
  });
  const yearAgo = ports.now.getTime() - keptDays * 86_400_000;
  return {
    audit: {
      ...{ version: auditVersion, stack: ports.stack, region: ports.region },
      ...{ from: period.since.toISOString(), to: period.until.toISOString() },
      entries: [...ledger, ...approvals, ...began, ...sessions.logged].sort(byTime),
      gaps: [
        ...gaps,
        ...trail.gaps,
        ...(ports.approvals && period.since.getTime() < yearAgo
          ? ["CodePipeline keeps approvals for twelve months"]
          : []),
      ],
    },
    isAny: read > 0,
  };
}

function byTime(a: AuditEntry, b: AuditEntry): number {
  if (a.at !== b.at) return a.at < b.at ? -1 : 1;
  // Of the same second, by what names it: the same order each time.
  return a.id < b.id ? -1 : Number(a.id > b.id);
}
