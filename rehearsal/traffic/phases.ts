import type { TrafficShift } from "../shifts";
import type { Answers, ServiceTraffic } from "./report";

/** How many of 100 requests a rule leads to tasks, by the ARNs of their task definitions; `none` where nothing runs yet. */
export type Weights = Readonly<Record<string, number>>;

/** The time between two changes of a service's rules. In milliseconds since 1970. */
export interface TrafficPhase {
  readonly from: number;
  readonly until: number;
  /** The stage of ECS's deployment in which the rules were changed; undefined before the first change. */
  readonly stage?: string;
  /** Undefined where nothing tells of it: no deployment shifted traffic. */
  readonly production?: Weights;
  readonly test?: Weights;
  readonly answers: readonly Answers[];
}

/** A service's traffic, from one change of its rules to the next. */
export function phasesOf(
  { shifts, answers }: ServiceTraffic,
  begin: number,
  end: number,
): TrafficPhase[] {
  const before = weightsBefore(shifts);
  const phases: Omit<TrafficPhase, "until" | "answers">[] = [
    { from: begin, ...(before ? { production: before } : {}) },
  ];
  for (const shift of shifts) {
    const { from, ...last } = phases[phases.length - 1];
    const at = Date.parse(shift.at);
    const stage = shift.lifecycleStage;
    const changed = { ...last, from: at, stage, [shift.traffic]: weightsOf(shift) };
    // Rules that change together are one change.
    if (at === from && phases.length > 1) phases.pop();
    phases.push(changed);
  }
  return phases.map((phase, index) => {
    const until = phases.at(index + 1)?.from ?? end;
    const isIn = ({ from }: Answers) => {
      const at = Date.parse(from);
      return (index === 0 || phase.from <= at) && (until === end || at < until);
    };
    return { ...phase, until, answers: answers.filter(isIn) };
  });
}

function weightsOf({ weights, taskDefinitions }: TrafficShift): Weights {
  return Object.fromEntries(
    Object.entries(weights).map(([group, weight]) => [taskDefinitions[group] ?? "none", weight]),
  );
}

/** Before the first shift all requests went to the tasks that the test route does not lead to. */
function weightsBefore(shifts: readonly TrafficShift[]): Weights | undefined {
  const first = shifts.find(({ traffic }) => traffic === "production");
  if (!first) return undefined;
  const test = shifts.find(
    ({ traffic, serviceDeploymentArn }) =>
      traffic === "test" && serviceDeploymentArn === first.serviceDeploymentArn,
  );
  const [one, other] = Object.keys(first.weights);
  const isNew = (group: string) => (test ? test.weights[group] > 0 : first.weights[group] > 0);
  const [blue, green] = isNew(one) ? [other, one] : [one, other];
  const { taskDefinitions } = first;
  return weightsOf({ ...first, taskDefinitions, weights: { [blue]: 100, [green]: 0 } });
}
