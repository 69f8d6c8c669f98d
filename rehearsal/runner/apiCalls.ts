import type { Connection } from "./connection";
import type { ActionRun } from "./run";
import { stateBucket } from "../stateBucket";

type ApiCalls = Pick<ActionRun, "apiCalls" | "apiCallsByAction" | "callsBeforeWait">;

/** CodeBuild fetches inputs and secrets by them, before what it was started for begins. */
const fetching = ["s3:GetObject", "secretsmanager:GetSecretValue"];
/** A look at how a deployment fares: the first of these calls, followed by the second where it seems to be over. */
const look = ["ecs:DescribeServices", "ecs:ListServiceDeployments"];

/** Calls to the emulated AWS API by those who signed with any of the keys, without those for Pulumi's state. */
export async function countCalls(
  { emulator }: Connection,
  keys: readonly string[],
): Promise<ApiCalls> {
  const counts = await Promise.all(
    keys.map((caller) => emulator.calls({ caller, sequence: true, without: `/${stateBucket}` })),
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

/** Undefined where nothing was updated and waited for. */
function beforeWait(sequence: readonly string[]): number | undefined {
  const own = sequence.slice(sequence.findIndex((call) => !fetching.includes(call)));
  const [asks, ofDeployment] = look;
  const looked = own.indexOf(ofDeployment);
  const updated = own.slice(0, Math.max(looked, 0)).lastIndexOf("ecs:UpdateService");
  if (updated < 0) return undefined;
  // Pulumi's provider reads what it updated, once or more often. Each further call of this kind may be a look.
  return own.indexOf(asks, updated) + 1;
}
