import type { Argument, Command, Option } from "commander";

/** What a program may call: a command as the Model Context Protocol has it. */
export interface Tool {
  /** Its words with `_` between them: `status`, `secret_ls`. */
  readonly name: string;
  readonly description: string;
  /** JSON Schema of what it takes. */
  readonly inputSchema: ObjectSchema;
  /** Whether it changes nothing. */
  readonly looks: boolean;
  /** Whether it asks before it acts, unless it is given `--yes`. */
  readonly asks: boolean;
  /** Arguments of the process that does it. */
  readonly args: (input: Input) => string[];
}

export interface ObjectSchema {
  readonly [key: string]: unknown;
  readonly type: "object";
  readonly properties: Readonly<Record<string, object>>;
  readonly required: string[];
  readonly additionalProperties: false;
}

export type Input = Readonly<Record<string, unknown>>;

/** The stacks that may be meant. */
export interface Stacks {
  /** Of the folder. */
  readonly known: readonly string[];
  /** The one that all tools are for, where a person said so. */
  readonly fixed?: string;
  readonly folder: string;
}

/** Options that are given in another way, or for a person at a terminal. */
const leftOut = new Set([
  ...["stack", "folder", "help", "json", "yes", "confirm"],
  ...["follow", "watch", "html", "output", "print", "csv", "install", "record"],
]);

/** The words of a command without the program's: `secret ls`. */
export function wordsOf(command: Command): string {
  const { parent } = command;
  return parent?.parent ? `${wordsOf(parent)} ${command.name()}` : command.name();
}

/** The tool that a command becomes. @param looks whether it changes nothing. */
export function toolOf(command: Command, looks: boolean, stacks: Stacks): Tool {
  const words = wordsOf(command);
  const isOfOne = stacks.fixed !== undefined;
  const options = command.options.filter(
    (option) =>
      !option.hidden && !leftOut.has(option.name()) && !(isOfOne && option.name() === "all"),
  );
  const has = (name: string) => command.options.some((option) => option.name() === name);
  const isForStack = has("stack") && !isOfOne;
  const required = [
    ...(isForStack ? ["stack"] : []),
    ...command.registeredArguments.filter((one) => one.required).map((one) => one.name()),
  ];
  return {
    name: words.replaceAll(" ", "_"),
    description: `${command.description()}${looks ? "" : " Acts: a person is asked first."}`,
    inputSchema: {
      type: "object",
      properties: {
        ...(isForStack ? { stack: stackSchema(stacks) } : {}),
        ...Object.fromEntries(
          command.registeredArguments.map((one) => [one.name(), argumentSchema(one)]),
        ),
        ...Object.fromEntries(options.map((option) => [option.name(), optionSchema(option)])),
      },
      required,
      additionalProperties: false,
    },
    looks,
    asks: has("yes"),
    args: (input) => [
      ...words.split(" "),
      ...(has("stack") ? [`--stack=${textOf(stacks.fixed ?? input.stack)}`] : []),
      ...(has("folder") ? [`--folder=${stacks.folder}`] : []),
      ...(looks && has("json") ? ["--json"] : []),
      ...options.flatMap((option) => given(option, input[option.name()])),
      // Whatever is written there is no option then.
      "--",
      ...command.registeredArguments.flatMap((one) => listOf(input[one.name()])),
    ],
  };
}

function stackSchema({ known }: Stacks): object {
  return { type: "string", enum: [...known], description: "the environment" };
}

function argumentSchema({ description, argChoices, variadic }: Argument): object {
  const one = { type: "string", ...(argChoices ? { enum: argChoices } : {}) };
  return { ...(variadic ? { type: "array", items: one } : one), description };
}

function optionSchema({ description, argChoices, ...option }: Option): object {
  if (isSwitch(option as Option)) return { type: "boolean", description };
  return { type: "string", ...(argChoices ? { enum: argChoices } : {}), description };
}

function isSwitch({ required, optional }: Option): boolean {
  return !required && !optional;
}

function given(option: Option, value: unknown): string[] {
  if (value === undefined || value === null || value === false) return [];
  const { long = `--${option.name()}` } = option;
  return isSwitch(option) ? [long] : [`${long}=${textOf(value)}`];
}

function listOf(value: unknown): string[] {
  if (value === undefined || value === null) return [];
  return (Array.isArray(value) ? value : [value]).map(textOf);
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : String(value);
}
