import { DeliveryError } from "../../delivery/errors";

/** How many tasks: between two numbers, or the same twice. */
export interface TaskCount {
  readonly min: number;
  readonly max: number;
}

/** As config's `scaling.max`. */
const most = 1000;

/**
 * Reads `3` or `2-6`.
 * @throws DeliveryError where it is neither.
 */
export function parseCount(text: string): TaskCount {
  const [, first, last = first] = /^(\d{1,4})(?:-(\d{1,4}))?$/.exec(text.trim()) ?? [];
  const [min, max] = [Number(first), Number(last)];
  if (first !== undefined && min <= max && max <= most) return { min, max };
  throw new DeliveryError(
    `${text} is no number of tasks: give one, such as 3, or the least and the most between which the service scales, such as 2-6; ` +
      `at most ${most}. Nothing was changed.`,
  );
}

/** `3`, or `2 to 6`. */
export function countText({ min, max }: TaskCount): string {
  return min === max ? `${min}` : `${min} to ${max}`;
}

/** The number that a service has from then on, where it has one now. */
export function within({ min, max }: TaskCount, tasks: number): number {
  return Math.min(Math.max(tasks, min), max);
}

export function isSame(one: TaskCount, other: TaskCount): boolean {
  return one.min === other.min && one.max === other.max;
}
