import { DockerfileParser } from "dockerfile-ast";

/**
 * Cuts a Dockerfile behind the stage that is built, whose instructions are the image's.
 * @param target the stage, by its name in any case or by its number. Default: the last one.
 * @throws Error where there is no such stage.
 */
export function cutBehindStage(text: string, target?: string): [through: string, rest: string] {
  if (target === undefined) return [text, ""];
  const stages = DockerfileParser.parse(text).getFROMs();
  const wanted = target.toLowerCase();
  const index = stages.findIndex(
    (from, number) => from.getBuildStage()?.toLowerCase() === wanted || String(number) === wanted,
  );
  if (index < 0) throw new Error(`the Dockerfile has no stage ${target}`);
  const next = stages.at(index + 1)?.getRange()?.start.line;
  if (next === undefined) return [text, ""];
  const lines = text.split("\n");
  return [`${lines.slice(0, next).join("\n")}\n`, lines.slice(next).join("\n")];
}
