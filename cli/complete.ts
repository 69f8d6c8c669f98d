import type { Command, Option } from "commander";
import { variables } from "../contract/variables";

/** What a shell asks: what may stand where the cursor is. */
export interface Facts {
  readonly stacks: (folder: string) => readonly string[];
  /** The services of a stack, or its jobs alone. */
  readonly services: (folder: string, stack: string, sort?: "job") => readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
}

/**
 * What may stand in the place of the last word. Nothing where it is a file, or anything.
 * @param words what was typed after `gantry`, to the cursor; the last one may be empty.
 */
export function completions(program: Command, words: readonly string[], facts: Facts): string[] {
  const before = words.slice(0, -1);
  const current = words.at(-1) ?? "";
  let command = program;
  while (before.length > 0) {
    const below = command.commands.find((one) => one.name() === before[0]);
    if (!below) break;
    command = below;
    before.shift();
  }
  return candidates(command, before, current, facts).filter((one) => one.startsWith(current));
}

function candidates(
  command: Command,
  before: readonly string[],
  current: string,
  facts: Facts,
): readonly string[] {
  const typed = readTyped(command, before);
  const folder = typed.values.get("--folder") ?? (facts.env[variables.folder] || ".");
  const stacks = facts.stacks(folder);
  const named = typed.values.get("--stack") ?? (facts.env[variables.stack] || undefined);
  const [first] = typed.words;
  const isFirst = named === undefined && stacks.includes(first);
  const stack = named ?? (isFirst ? first : stacks.length === 1 ? stacks[0] : undefined);
  const byName = (name: string): readonly string[] => {
    if (/stack/.test(name)) return stacks;
    const sort = name === "job" ? ("job" as const) : undefined;
    return stack !== undefined && /^(service|job)/.test(name)
      ? facts.services(folder, stack, sort)
      : [];
  };
  if (typed.open) return typed.open.argChoices ?? byName(typed.open.attributeName());
  const help = command.createHelp();
  if (current.startsWith("-") && !typed.isLiteral) {
    return help.visibleOptions(command).flatMap(({ long }) => long ?? []);
  }
  if (command.commands.length > 0 && typed.words.length > 0) return [];
  if (command.commands.length > 0) return help.visibleCommands(command).map((one) => one.name());
  const own = isFirst ? typed.words.slice(1) : typed.words;
  const last = command.registeredArguments.at(-1);
  const next = command.registeredArguments[own.length] ?? (last?.variadic ? last : undefined);
  const takesStack = command.options.some(({ long }) => long === "--stack");
  return [
    ...(takesStack && named === undefined && typed.words.length === 0 ? stacks : []),
    ...(next ? (next.argChoices ?? byName(next.name())) : []),
  ];
}

interface Read {
  /** Without options and their values. */
  readonly words: readonly string[];
  /** By long flag. */
  readonly values: ReadonlyMap<string, string>;
  /** The option whose value is next. */
  readonly open?: Option;
  /** Whether `--` was typed. */
  readonly isLiteral: boolean;
}

function readTyped({ options }: Command, typed: readonly string[]): Read {
  const words: string[] = [];
  const values = new Map<string, string>();
  let open: Option | undefined;
  for (const [at, word] of typed.entries()) {
    if (open) {
      values.set(open.long ?? "", word);
      open = undefined;
    } else if (word === "--") {
      return { words: [...words, ...typed.slice(at + 1)], values, isLiteral: true };
    } else if (word.startsWith("-")) {
      const [flag, value] = word.split("=", 2);
      const option = options.find(({ long, short }) => flag === long || flag === short);
      if (option && value !== undefined) values.set(option.long ?? "", value);
      else if (option?.required) open = option;
    } else words.push(word);
  }
  return { words, values, isLiteral: false, ...(open ? { open } : {}) };
}
