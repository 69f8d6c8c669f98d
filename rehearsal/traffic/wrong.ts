import { counted } from "../../contract/counted";
import { phasesOf, type TrafficPhase, type Weights } from "./phases";
import { isWrong, nameOf, type Answers, type ServiceTraffic, type TrafficReport } from "./report";

/**
 * What no user should have got, a line for each run of requests that went alike: when, what it was and who answered, and how
 * the rules led requests at that moment. Empty where none failed and none was answered by what was not verified.
 */
export function wrongAnswers(
  traffic: Pick<TrafficReport, "startedAt" | "seconds" | "services">,
): string[] {
  const begin = Date.parse(traffic.startedAt);
  return traffic.services.flatMap((service) =>
    phasesOf(service, begin, begin + traffic.seconds * 1000).flatMap((phase) =>
      phase.answers.filter(isWrong).map((answers) => lineOf(service, phase, answers, begin)),
    ),
  );
}

function lineOf(
  service: ServiceTraffic,
  { stage, production, test }: TrafficPhase,
  { from, until, count, kind, status, error, taskDefinition, milliseconds }: Answers,
  begin: number,
): string {
  const after = (at: string) => `${((Date.parse(at) - begin) / 1000).toFixed(1)} s`;
  const what = error?.startsWith(`${status} `) ? error : `${status ?? ""} ${error ?? ""}`.trim();
  const when = `from ${from} (${after(from)}) until ${after(until)}`;
  const by = `${nameOf(service, taskDefinition)}, ${milliseconds} ms at most`;
  const rules = `users led to ${led(service, production)}, tests to ${led(service, test)}`;
  return `${service.service}: ${counted(count, "request")} ${when} ${kind}: ${what || "no answer"} (${by}), ${stage ?? "before any shift"}: ${rules}`;
}

function led(service: ServiceTraffic, weights: Weights | undefined): string {
  if (!weights) return "what runs";
  return Object.entries(weights)
    .map(([arn, weight]) => `${nameOf(service, arn)} ${weight} %`)
    .join(" and ");
}
