import type { Connection } from "./connection";
import type { ActionRun } from "./run";

type ApiCalls = Pick<ActionRun, "apiCalls" | "apiCallsByAction" | "callsBeforeWait">;

/** The call by which a deployment asks how ECS fares; nothing before it does. */
const firstLook = "ecs:ListServiceDeployments";

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
  const waited = sequence.indexOf(firstLook);
  return {
    apiCalls: sequence.length,
    apiCallsByAction: byAction,
    callsBeforeWait: waited < 0 ? undefined : waited,
  };
}
