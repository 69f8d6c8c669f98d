import { DockerfileParser, type Instruction } from "dockerfile-ast";
import type { From } from "dockerfile-ast/lib/instructions/from";
import type { ModifiableInstruction } from "dockerfile-ast/lib/modifiableInstruction";

/** What a Dockerfile says of the service that it makes. */
export interface DockerfileFacts {
  /** The first TCP port of `EXPOSE`, else of `ENV PORT`, else of the address that `HEALTHCHECK` asks, else of the command. */
  readonly port?: number;
  /** Whether `EXPOSE` names a port by a variable that has no value here. */
  readonly hidesPort: boolean;
  /** The path that `HEALTHCHECK` asks by HTTP. */
  readonly healthPath?: string;
  /** The image that the last stage is built on. */
  readonly image: string;
  /** What it starts itself, beside what its image may start. */
  readonly starts: readonly ("ENTRYPOINT" | "CMD")[];
  /** What is copied from the context, as it is written. */
  readonly copied: readonly string[];
}

interface Stage {
  readonly name?: string;
  readonly base: string;
  readonly instructions: Instruction[];
}

/** @param target the stage that is built. Default: the last one. */
export function readDockerfile(text: string, target?: string): DockerfileFacts {
  const all = DockerfileParser.parse(text).getInstructions();
  const values = valuesOf(all);
  const stages = stagesOf(all, values);
  const built = chainOf(stages, target);
  const inBuilt = (keyword: string) =>
    built.flatMap(({ instructions }) =>
      instructions.filter((one) => one.getKeyword() === keyword).reverse(),
    );
  const [healthCheck] = inBuilt("HEALTHCHECK");
  const asked = addressIn(expand(healthCheck?.getArgumentsContent() ?? "", values));
  const words = inBuilt("EXPOSE")
    .reverse()
    .flatMap((one) => wordsOf(one, values));
  const exposed = words.flatMap((word) => tcpPort(word) ?? []);
  const started = ["ENTRYPOINT", "CMD"].flatMap((keyword) => inBuilt(keyword).slice(0, 1));
  const command = started.map((one) => expand(one.getArgumentsContent() ?? "", values)).join(" ");
  const port = exposed[0] ?? tcpPort(values.PORT ?? "") ?? asked?.port ?? portIn(command);
  return {
    ...(port === undefined ? {} : { port }),
    ...(asked?.path === undefined ? {} : { healthPath: asked.path }),
    hidesPort: port === undefined && words.some((word) => /^(\/tcp)?$/i.test(word)),
    image: built.at(-1)?.base ?? "",
    starts: (["ENTRYPOINT", "CMD"] as const).filter((keyword) => inBuilt(keyword).length > 0),
    copied: all.flatMap((one) => copiedBy(one, values)),
  };
}

/** Values of `ARG`s and `ENV`s, the later ones over the earlier. */
function valuesOf(instructions: readonly Instruction[]): Record<string, string> {
  const values: Record<string, string> = {};
  for (const instruction of instructions) {
    if (!["ARG", "ENV"].includes(instruction.getKeyword())) continue;
    const words = instruction.getArguments().map((argument) => argument.getValue());
    // `ENV PORT 8080`, which has no equals sign.
    const pairs = words[0]?.includes("=") === false ? [`${words[0]}=${words[1] ?? ""}`] : words;
    for (const pair of pairs) {
      const [, name, value] = /^([^=]+)=(.*)$/s.exec(pair) ?? [];
      if (name) values[name] = expand(value.replace(/^(["'])(.*)\1$/s, "$2"), values);
    }
  }
  return values;
}

function stagesOf(
  instructions: readonly Instruction[],
  values: Readonly<Record<string, string>>,
): Stage[] {
  const stages: Stage[] = [];
  for (const instruction of instructions) {
    if (instruction.getKeyword() === "FROM") {
      const from = instruction as From;
      const base = expand(from.getImage() ?? "", values);
      stages.push({ name: from.getBuildStage() ?? undefined, base, instructions: [] });
    } else stages.at(-1)?.instructions.push(instruction);
  }
  return stages;
}

/** The stage that is built, then the one that it is built on, and so forth. */
function chainOf(stages: readonly Stage[], target?: string): Stage[] {
  const named = (name: string) =>
    stages.findLast((stage) => stage.name?.toLowerCase() === name.toLowerCase());
  const chain: Stage[] = [];
  let stage = target === undefined ? stages.at(-1) : named(target);
  while (stage !== undefined && !chain.includes(stage)) {
    chain.push(stage);
    stage = named(stage.base);
  }
  return chain;
}

function wordsOf(instruction: Instruction, values: Readonly<Record<string, string>>): string[] {
  return instruction.getArguments().map((argument) => expand(argument.getValue(), values));
}

/** Sources of `COPY` and `ADD` that lie in the context. */
function copiedBy(instruction: Instruction, values: Readonly<Record<string, string>>): string[] {
  if (!["COPY", "ADD"].includes(instruction.getKeyword())) return [];
  const flags = (instruction as ModifiableInstruction).getFlags();
  if (flags.some((flag) => flag.getName() === "from")) return [];
  const words = instruction.getArguments().map((argument) => argument.getValue());
  // Its content is in the Dockerfile, and parsed as more words.
  if (words.some((word) => word.startsWith("<<"))) return [];
  const content = words[0]?.startsWith("[") ? jsonWords(words.join(" ")) : words;
  return content
    .slice(0, -1)
    .map((word) => expand(word, values))
    .filter((word) => !/^([a-z]+:\/\/|git@)/.test(word));
}

function jsonWords(text: string): string[] {
  return [...text.matchAll(/"((?:[^"\\]|\\.)*)"/g)].map(([, word]) => word);
}

/** `$NAME`, `${NAME}` and `${NAME:-otherwise}`. */
export function expand(text: string, values: Readonly<Record<string, string | undefined>>): string {
  const variable = /\$(?:\{(\w+)(?::?-([^}]*))?\}|(\w+))/g;
  return text.replace(
    variable,
    (_, braced?: string, otherwise?: string, plain?: string) =>
      values[braced ?? plain ?? ""] || (otherwise ?? ""),
  );
}

/** `8080`, `8080/tcp`, of `8000-8010` the first. */
export function tcpPort(text: string): number | undefined {
  const [, digits] = /^(\d{1,5})(?:-\d+)?(?:\/tcp)?$/i.exec(text.trim()) ?? [];
  const port = Number(digits);
  return port >= 1 && port <= 65_535 ? port : undefined;
}

/** The port that a command is told to listen on: `--port 8000`, `-b 0.0.0.0:8000`, `runserver :8000`. */
function portIn(command: string): number | undefined {
  const words = ` ${command.replace(/["',[\]\s]+/g, " ")} `;
  const [, digits] =
    /\s(?:(?:-p|--port|-b|--bind|-l|--listen)[= ](?:[\w.*]*:)?|(?:0\.0\.0\.0|\*)?:)(\d{2,5})\s/.exec(
      words,
    ) ?? [];
  return tcpPort(digits ?? "");
}

/** The address of the container itself that a command asks by HTTP. */
export function addressIn(
  command: string,
): { readonly port?: number; readonly path: string } | undefined {
  const own =
    /https?:\/\/(?:localhost|127\.0\.0\.1|0\.0\.0\.0|\[::1?\])(?::(\d+))?(\/[^\s"'`)|;]*)?/i;
  const [whole, port, path = "/"] = own.exec(command) ?? [];
  if (whole === undefined) return undefined;
  return { ...(port === undefined ? {} : { port: tcpPort(port) }), path };
}
