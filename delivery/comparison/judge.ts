import { counted } from "../../contract/counted";

/** What clients got from the tasks of one target group in some time. */
export interface Answers {
  readonly requests: number;
  /** Answers of 500 and above, and requests whose task could not be connected to. */
  readonly errors: number;
  /** How long answers took once the tasks were warm. Absent where none is known. */
  readonly seconds?: ResponseTimes;
}

export interface ResponseTimes {
  readonly requests: number;
  readonly mean: number;
  /** Of 100 answers 95 were as quick. */
  readonly p95: number;
}

/** How the new tasks of a service do beside the old ones. */
export interface Judgement {
  readonly result: "worse" | "asGood" | "notJudged";
  /** For people, with the numbers. */
  readonly text: string;
}

/** Requests that each side has to have had: of fewer, one unlucky answer decides. */
export const leastRequests = 100;

/**
 * By how much a share of errors has to be higher: by a percentage point, and so that chance explains it once in 740 comparisons
 * (three standard errors of the difference of two shares).
 */
const errorMargin = 0.01;
const standardErrors = 3;

/** By how much both mean and p95 have to be longer: half as long again, and as much as people notice. */
const slowerBy = 1.5;
const slowerBySeconds = 0.1;

/**
 * Judges what clients get of new tasks by what they get of the old ones. What has had too few requests is not judged, and
 * never called good.
 * @param old undefined where nothing ran before.
 */
export function judge(old: Answers | undefined, now: Answers): Judgement {
  const unknown = whyNotJudged(old, now);
  if (!old || unknown) return { result: "notJudged", text: `not judged: ${unknown}` };
  const faults = [
    ...(failsMore(old, now) ? ["fail more often"] : []),
    ...(isSlower(old, now) ? ["are slower"] : []),
  ];
  const numbers = `${ofErrors(now)}, of the old ones' ${ofErrors(old)}; ${timesText(old, now)}`;
  return faults.length > 0
    ? {
        result: "worse",
        text: `the new tasks ${faults.join(" and ")} than the old ones: ${numbers}`,
      }
    : { result: "asGood", text: `the new tasks do as well as the old ones: ${numbers}` };
}

function whyNotJudged(old: Answers | undefined, now: Answers): string {
  if (!old) return "nothing ran before";
  const few = (who: string, requests: number) =>
    `${who} had ${counted(requests, "request")} of the ${leastRequests} that a comparison takes`;
  if (now.requests < leastRequests) return few("the new tasks", now.requests);
  if (old.requests < leastRequests) return few("the old tasks", old.requests);
  return "";
}

function failsMore(old: Answers, now: Answers): boolean {
  const more = share(now) - share(old);
  const all = Math.min(1, (now.errors + old.errors) / (now.requests + old.requests));
  const deviation = Math.sqrt(all * (1 - all) * (1 / now.requests + 1 / old.requests));
  return more >= errorMargin && more >= standardErrors * deviation;
}

function isSlower(old: Answers, now: Answers): boolean {
  if (!hasTimes(old) || !hasTimes(now)) return false;
  return [
    [old.seconds.mean, now.seconds.mean],
    [old.seconds.p95, now.seconds.p95],
  ].every(([before, after]) => after >= before * slowerBy && after >= before + slowerBySeconds);
}

function hasTimes(answers: Answers): answers is Answers & { readonly seconds: ResponseTimes } {
  return (answers.seconds?.requests ?? 0) >= leastRequests;
}

function share({ requests, errors }: Answers): number {
  return Math.min(1, errors / requests);
}

/** Such as `3 of 120 requests failed (2.5 %)`. */
function ofErrors(answers: Answers): string {
  const percent = Math.round(share(answers) * 1000) / 10;
  return `${answers.errors} of ${answers.requests} requests failed (${percent} %)`;
}

function timesText(old: Answers, now: Answers): string {
  if (!hasTimes(old) || !hasTimes(now)) return "how long they took is not judged";
  const of = ({ mean, p95 }: ResponseTimes) => `${mean.toFixed(2)} s (p95 ${p95.toFixed(2)} s)`;
  return `they took ${of(now.seconds)}, the old ones ${of(old.seconds)}`;
}
