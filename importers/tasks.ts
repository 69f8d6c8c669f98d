import { lost, otherWay, type Outcome } from "./outcome";
import type { At, Rule } from "./rules";
import { number } from "./values";

/** How many tasks a service has; one without any is left out, since config has none such. */
export function tasks(at: At, min: number, max: number): Outcome {
  if (max === 0) return withoutTasks(at);
  at.set(["scaling", "max"], max);
  if (min === 0) return oneAtLeast(at);
  at.set(["scaling", "min"], min);
  return otherWay(`scaling: { min: ${min}, max: ${max} }`);
}

/** `min` of a range. */
export const leastTasks: Rule = (at) => {
  const min = number(at.value);
  if (min === undefined) return lost("no number", "set scaling.min");
  return min === 0 ? oneAtLeast(at) : at.set(["scaling", "min"], min);
};

/** `max` of a range. */
export const mostTasks: Rule = (at) => {
  const max = number(at.value);
  if (max === undefined) return lost("no number", "set scaling.max");
  return max === 0 ? withoutTasks(at) : at.set(["scaling", "max"], max);
};

function withoutTasks({ leaveOut }: At): Outcome {
  return leaveOut(
    "it runs no task (0), and config has no service without any",
    "write it into the config once it is to run; what production runs must be in staging, too, where that promotes into it",
  );
}

function oneAtLeast({ beside, set }: At): Outcome {
  if (beside("count", "queue_delay", "acceptable_latency") !== undefined) {
    return set(["scaling", "min"], 0);
  }
  set(["scaling", "min"], 1);
  return lost(
    "nothing would start the first task of none: scaling.min is 1 in place of 0",
    "pay for that one, or take the service out of the config while it has nothing to do",
  );
}
