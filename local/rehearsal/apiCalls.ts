import type { Connection } from "./connection";
import type { ActionRun } from "./run";

type ApiCalls = Pick<ActionRun, "apiCalls" | "apiCallsByAction" | "callsBeforeWait">;

/** CodeBuild fetches the inputs by it, before what it was started for begins. */
const fetching = "s3:GetObject";
/** A look at how a deployment fares: the first of these calls, followed by the second. */
const look = ["ecs:DescribeServices", "ecs:ListServiceDeployments"];

/** Calls to the emulated AWS API by those who signed with any of the keys. */
export async function countCalls(
  { emulator }: Connection,
  keys: readonly string[],
): Promise<ApiCalls> {
  const counts = await Promise.all(
    keys.map((caller) => emulator.calls({ caller, sequence: true })),
  );
  const sequence = counts.flatMap((count) => count.sequence);
  const byAction: Record<string, number> = {};
  for (const call of sequence) {
    byAction[call] = (byAction[call] ?? 0) + 1;
  }
  return {
    apiCalls: sequence.length,
    apiCallsByAction: byAction,
    callsBeforeWait: beforeWait(sequence),
  };
}

/** Undefined where nothing was waited for. */
function beforeWait(sequence: readonly string[]): number | undefined {
  const own = sequence.slice(sequence.findIndex((call) => call !== fetching));
  const [asks, ofDeployment] = look;
  const looked = own.indexOf(ofDeployment);
  return looked < 0 ? undefined : own.lastIndexOf(asks, looked);
}
