import type * as pulumi from "@pulumi/pulumi";
import type { Statement } from "../shared/iam";

/**
 * Characters that IAM takes, white space aside, in all policies that are a role's own, in one policy that is attached to
 * it, and how many of these a role has ("IAM and AWS STS quotas", IAM user guide).
 */
export const inlineLimit = 10_240;
export const attachedLimit = 6_144;
export const attachedPolicies = 10;

/** Resources `from` up to `to` of the statement at an index; all of what it is about where that is no list. */
export interface Slice {
  readonly statement: number;
  readonly from: number;
  readonly to: number;
}

/** What stands in each policy of a role: the first is its own, the others are attached. */
export type Division = readonly (readonly Slice[])[];

/** `{"Version":"2012-10-17","Statement":[]}`. */
const envelope = 40;

/**
 * Divides statements among policies so that each is as long as IAM takes. A statement that allows something on a list of
 * resources may stand in several, with a part of the list in each: that allows the same.
 * @param measured the statements with plain texts, each at its longest.
 * @returns as many policies as are needed, which may be more than a role can have.
 * @throws RangeError where a statement fits in no policy.
 */
export function divide(measured: readonly Statement[]): Division {
  const policies: Slice[][] = [[]];
  let room = inlineLimit - envelope;
  const turn = (needed: number) => {
    if (needed <= room) return;
    policies.push([]);
    room = attachedLimit - envelope;
    if (needed > room) throw new RangeError(`a statement takes ${needed} characters`);
  };
  measured.forEach((given, statement) => {
    const resources = listOf(given);
    if (!resources) {
      const whole = lengthOf(given) + 1;
      turn(whole);
      policies[policies.length - 1].push({ statement, from: 0, to: 0 });
      room -= whole;
      return;
    }
    const frame = lengthOf({ ...given, Resource: [] }) + 1;
    let from = 0;
    while (from < resources.length) {
      turn(frame + lengthOf(resources[from]));
      room -= frame;
      let to = from;
      while (to < resources.length && lengthOf(resources[to]) + 1 <= room) {
        room -= lengthOf(resources[to]) + 1;
        to += 1;
      }
      if (to === from) throw new RangeError("a resource takes more room than was measured");
      policies[policies.length - 1].push({ statement, from, to });
      from = to;
    }
  });
  return policies;
}

/** The statements of each policy of a division. */
export function divided(statements: readonly Statement[], division: Division): Statement[][] {
  return division.map((slices) =>
    slices.map(({ statement, from, to }) => {
      const given = statements[statement];
      const resources = listOf(given);
      return resources ? { ...given, Resource: resources.slice(from, to) } : given;
    }),
  );
}

/** Policies that a role would need; Infinity where one of its statements fits in none. */
export function policiesNeeded(measured: readonly Statement[]): number {
  try {
    return divide(measured).length;
  } catch (error) {
    if (error instanceof RangeError) return Infinity;
    throw error;
  }
}

/** Characters of all that a role is allowed, in one document. */
export function charactersOf(measured: readonly Statement[]): number {
  return envelope + measured.reduce((sum, statement) => sum + lengthOf(statement) + 1, 0);
}

/** The resources of a statement that may be divided. */
function listOf({ Effect, Resource }: Statement): readonly pulumi.Input<string>[] | undefined {
  return Effect === "Allow" && Array.isArray(Resource) ? Resource : undefined;
}

function lengthOf(value: unknown): number {
  return JSON.stringify(value).length;
}
