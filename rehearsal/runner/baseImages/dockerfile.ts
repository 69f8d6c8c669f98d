import { DockerfileParser, type Instruction } from "dockerfile-ast";
import type { ModifiableInstruction } from "dockerfile-ast/lib/modifiableInstruction";
import type { From } from "dockerfile-ast/lib/instructions/from";

/**
 * The images that a Dockerfile is built on or copies from, as it writes them with its arguments filled in: of `FROM`,
 * `COPY --from` and `RUN --mount=from`. Stages of its own and `scratch` are none.
 * @param buildArgs values of `ARG`s before the first `FROM`; those that are missing have their defaults.
 * @returns each once, in the order of the file. Empty text stands for a `FROM` whose argument has no value.
 */
export function imagesOf(text: string, buildArgs: Readonly<Record<string, string>>): string[] {
  const dockerfile = DockerfileParser.parse(text);
  const values: Record<string, string> = {};
  for (const arg of dockerfile.getInitialARGs()) {
    const property = arg.getProperty();
    if (!property) continue;
    const name = property.getName();
    const given = Object.hasOwn(buildArgs, name) ? buildArgs[name] : property.getValue();
    if (typeof given === "string") values[name] = filledIn(given, values);
  }
  const stages = new Set<string>();
  const images: string[] = [];
  const take = (name: string) => {
    const isStage = stages.has(name.toLowerCase()) || /^\d+$/.test(name);
    if (!isStage && name.toLowerCase() !== "scratch") images.push(name);
  };
  for (const instruction of dockerfile.getInstructions()) {
    if (instruction.getKeyword() === "FROM") {
      const from = instruction as From;
      take(filledIn(from.getImage() ?? "", values));
      const stage = from.getBuildStage();
      if (stage) stages.add(stage.toLowerCase());
    } else {
      copiedFrom(instruction).forEach(take);
    }
  }
  return [...new Set(images)];
}

/** Those that an instruction of a stage names: variables are not filled in there. */
function copiedFrom(instruction: Instruction): string[] {
  if (!["COPY", "RUN"].includes(instruction.getKeyword())) return [];
  const flags = (instruction as ModifiableInstruction).getFlags();
  return flags.flatMap((flag) => {
    const from = flag.getName() === "from" ? flag : flag.getOption("from");
    return from?.getValue() ?? [];
  });
}

/** `$NAME`, `${NAME}`, `${NAME:-otherwise}` and `${NAME:+instead}`. */
export function filledIn(text: string, values: Readonly<Record<string, string>>): string {
  const variable = /\$(?:\{(\w+)(?::([-+])([^}]*))?\}|(\w+))/g;
  return text.replace(variable, (_, braced: string, operator: string, word = "", plain = "") => {
    const value = values[braced || String(plain)] ?? "";
    if (operator === "+") return value && filledIn(String(word), values);
    return value || (operator === "-" ? filledIn(String(word), values) : "");
  });
}
