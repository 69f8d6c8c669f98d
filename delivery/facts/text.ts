import { table } from "../text";
import type { EnvironmentFacts, Facts } from "./environments";
import { remarksOf, stateOf, tasksOf, titleOf, type Mood } from "./state";
import { sinceText, zoneLine, type Reader } from "./times";

/** Gives a text the colour of its mood. */
export type Paint = (mood: Mood, text: string) => string;

/**
 * Every environment in a line, and below what there is to say of each.
 * @param paint default: no colours.
 */
export function factsText(
  { environments, account, gaps }: Facts,
  reader: Reader,
  paint: Paint = (_, text) => text,
): string {
  const remarks = environments.flatMap((facts) =>
    remarksOf(facts, reader).map((line) => `${titleOf(facts)}: ${line}`),
  );
  const who = account === undefined ? "" : ` Account ${account}.`;
  return [
    table(
      ["ENVIRONMENT", "REGION", "RELEASE", "SINCE", "BY", "TASKS", "STATE"],
      environments.map((facts) => row(facts, reader, paint)),
    ),
    ...(remarks.length > 0 ? ["", ...remarks] : []),
    ...(gaps.length > 0 ? ["", ...gaps] : []),
    "",
    `${zoneLine(reader)}${who}`,
  ].join("\n");
}

function row(facts: EnvironmentFacts, reader: Reader, paint: Paint): string[] {
  const { release, deployment } = "unread" in facts ? {} : facts;
  const { mood, text } = stateOf(facts);
  return [
    titleOf(facts),
    facts.region || "-",
    release?.id ?? "-",
    deployment ? sinceText(deployment.since, reader) : "-",
    deployment?.by ?? "-",
    tasksOf(facts),
    // The last column: what colours it has no width.
    paint(mood, text),
  ];
}
