import { counted } from "../../contract/counted";
import { messageOf } from "../errors";
import type { Promoted } from "../guards";
import type { Target } from "../target";
import { opening, type ClosedGate } from "./closedGate";
import { soakOf, type Soak, type SoakOptions } from "./soak";

const minuteMs = 60_000;

/** When it is asked again how a deployment in the environment before has ended, at the earliest. */
const leastPauseMs = 10 * minuteMs;

/** What the soak time of a release is judged by. */
export interface Soaking {
  readonly releaseId: string;
  /** The newest release that was promoted into the environment. Default: none is. */
  readonly promoted?: Promoted;
  /** The ledger of the environment before. */
  readonly before: () => Promise<SoakOptions["view"]>;
  readonly now: Date;
}

type PipelineConfig = NonNullable<Target["config"]["pipeline"]>;

/** The gate of a release whose soak time is not over, or that was taken away where it was to prove itself. */
export async function soakGate(
  pipeline: PipelineConfig | undefined,
  { releaseId, promoted, before, now }: Soaking,
): Promise<ClosedGate[]> {
  const promotedAt = promoted?.id === releaseId ? promoted.promotedAt : undefined;
  if (!pipeline || pipeline.soakMinutes === 0 || promotedAt === undefined) return [];
  const { stack } = pipeline.promoteFrom;
  try {
    const soak = soakOf({ view: await before(), releaseId, now, since: new Date(promotedAt) });
    return closedBy(soak, pipeline, promotedAt, now);
  } catch (error) {
    return [
      closed(
        `whether it still runs in ${stack} cannot be found out: ${messageOf(error)}. The pipeline alone may ask, as a role ` +
          `that pulumi up --stack ${stack} makes`,
      ),
    ];
  }
}

function closedBy(
  soak: Soak,
  { soakMinutes, promoteFrom: { stack }, windows }: PipelineConfig,
  promotedAt: string,
  now: Date,
): ClosedGate[] {
  const { countedMs, runs, left, replacedBy, under } = soak;
  if (left !== undefined) return [closed(`it was taken away in ${stack}: ${left}`)];
  const restMs = soakMinutes * minuteMs - countedMs;
  const isSteady = runs && !under;
  // Whole minutes, since that is what is told.
  const over = wholeMinute(now.getTime() + (isSteady ? restMs : Math.max(restMs, leastPauseMs)));
  if (isSteady ? now.getTime() >= over : restMs <= 0) return [];
  const after = `after ${counted(Math.floor(countedMs / minuteMs), "minute")} of ${soakMinutes}`;
  if (!runs) {
    return [
      closed(
        replacedBy
          ? `${stack} went on to ${replacedBy.release.id} ${after}`
          : `the history of ${stack} does not say that it runs there, ${after}`,
      ),
    ];
  }
  const told = `it was verified in ${stack} at ${promotedAt}, and soaks there for ${counted(soakMinutes, "minute")}`;
  const opens = opening(new Date(over), now, windows?.timezone ?? "UTC");
  return [closed(under ? `${told}; ${under.release.id} interrupts that ${after}` : told, opens)];
}

function closed(why: string, opens?: ReturnType<typeof opening>): ClosedGate {
  return { gate: "soak", why, ...opens };
}

function wholeMinute(ms: number): number {
  return Math.ceil(ms / minuteMs) * minuteMs;
}
