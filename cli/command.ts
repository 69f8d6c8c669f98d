import { createRequire } from "node:module";
import { Command, Option, type ParseOptionsResult } from "commander";
import { variables } from "../contract/variables";
import { noStackText, stacksOf } from "../delivery/projectFolder";
import { withoutSecrets } from "../stacks/config/secretValues";
import type * as Ask from "./ask";
import { nearest } from "../stacks/config/nearest";
import { stackLeftOut, stackWord } from "./stackWord";

/** What every command is told. */
export interface CommonOptions {
  readonly stack: string;
  readonly folder: string;
}

/** A subcommand with the options that all have. */
export function command(name: string, summary: string, description: string): Command {
  return new StackCommand(name)
    .summary(summary)
    .description(description)
    .addOption(
      required(
        "-s, --stack <stack>",
        "the environment, as its Pulumi stack is called; also as the first word, or left out where there is one",
        variables.stack,
      ),
    )
    .addOption(option("--folder <folder>", "where Pulumi.yaml is", variables.folder).default("."))
    .helpOption("-h, --help", "show this text")
    .hook("preAction", async (_, called) => {
      await findStack(called);
      refuseIncomplete(called);
      if (process.env.CODEBUILD_BUILD_ID) tell(firstLine(called));
    });
}

/** A command of a stack, which may also be its first word: {@link stackWord}. */
class StackCommand extends Command {
  override parseOptions(args: string[]): ParseOptionsResult {
    const parsed = super.parseOptions(args);
    const { operands, unknown } = parsed;
    if (operands.length === 0 || stackOption(this) === undefined) return parsed;
    const takes = this.registeredArguments.some(({ variadic }) => variadic)
      ? Infinity
      : this.registeredArguments.length;
    const folder = folderOf(this);
    let stacks: string[];
    try {
      stacks = stacksOf(folder);
    } catch (error) {
      // Where the first word can be nothing else than a stack, that there is no project is the cause.
      if (operands.length > takes && unknown.length === 0) throw error;
      return parsed;
    }
    const behind = args.includes("--") ? args.length - args.indexOf("--") - 1 : 0;
    const isGiven = this.getOptionValueSource("stack") === "cli";
    const [first] = operands;
    if (fileless.has(this) && !isGiven && operands.length > takes && !isMeantBy(first, stacks)) {
      stacks.push(first);
    }
    const { words, ...found } = stackWord({
      ...{ words: operands, before: Math.max(0, operands.length - behind), takes, folder, stacks },
      needs: this.registeredArguments.filter(({ required }) => required).length,
      several: stackOption(this)?.parseArg !== undefined,
      isGiven,
      variable: process.env[variables.stack] || undefined,
    });
    // What is unknown are a question for help, which goes first, and slips, of which commander tells.
    if (found.fault !== undefined && unknown.length === 0) this.error(`error: ${found.fault}`);
    for (const stack of found.stacks) setStack(this, stack);
    return { operands: [...words], unknown };
  }
}

/** Before its variable has been read, too. */
function folderOf(called: Command): string {
  const given = called.getOptionValueSource("folder") === "cli";
  const { folder } = called.opts<CommonOptions>();
  return given ? folder : process.env[variables.folder] || folder;
}

function stackOption({ options }: Command): Option | undefined {
  return options.find(({ long }) => long === "--stack");
}

/** Where no stack was named: the only one of the project, which is told, or the one that a person at the terminal names. */
async function findStack(called: Command): Promise<void> {
  const option = stackOption(called);
  if (!option) return;
  const folder = folderOf(called);
  const named: unknown = called.getOptionValue("stack");
  // A command of several says of each what is wrong with it.
  if (typeof named === "string" && named !== "" && !fileless.has(called)) {
    refuseNoStack(called, folder, named);
  }
  if (named !== undefined || isMadeUpFor(called, option)) return;
  const stacks = stacksOf(folder);
  const answer = await stackLeftOut({ folder, stacks, words: called.args, choose: chooser() });
  if ("fault" in answer) {
    const others = ["--stack <stack>", option.envVar, inPlaceOf.get(option)];
    const ways = others.filter((one) => one !== undefined).join(", or ");
    return called.error(`error: ${answer.fault}\n  Name it as the first word, or by ${ways}`);
  }
  if (stacks.length === 1) tell(`stack ${answer.stack}, the only one in ${folder}`);
  setStack(called, answer.stack);
}

/** A slip, as where it is the first word. */
function refuseNoStack(called: Command, folder: string, stack: string): void {
  let stacks: string[];
  try {
    stacks = stacksOf(folder);
  } catch {
    return; // what the command needs of the folder, it says itself
  }
  if (!stacks.includes(stack)) called.error(`error: ${noStackText(folder, stack, stacks)}`);
}

/** As if it had been typed after `--stack`. */
function setStack(called: Command, stack: string): void {
  const before: unknown = called.getOptionValue("stack");
  const value = stackOption(called)?.parseArg?.(stack, before) ?? stack;
  called.setOptionValueWithSource("stack", value, "cli");
}

function chooser(): typeof Ask.choose | undefined {
  return isPersonHere()
    ? (question, choices) => load<typeof Ask>("./ask").choose(question, choices)
    : undefined;
}

/** Whether somebody is at a terminal, who can be asked. */
export function isPersonHere(): boolean {
  return process.stdin.isTTY && process.stderr.isTTY && !process.env.CI;
}

/** What a build's log shows first of the command: from the action's start to here it is CodeBuild's and the download's time. */
function firstLine(called: Command): string {
  const { stack = "every stack" } = called.opts<Partial<CommonOptions>>();
  return `gantry ${called.parent?.version() ?? ""}: ${called.name()} of ${stack}`;
}

/** The same command for stacks that are given one by one, each as a `--stack`: its option is then a list. */
export function severalStacks(made: Command): Command {
  stackOption(made)?.argParser((value: string, before: readonly string[] = []) =>
    value === "" || before.includes(value) ? before : [...before, value],
  );
  return made;
}

/**
 * The same command, which may be asked of every stack with another option in the place of `--stack`.
 * @param flag as it is written: `--all`.
 */
export function stackUnless(made: Command, flag: string): Command {
  const stack = stackOption(made);
  if (stack) inPlaceOf.set(stack, flag);
  return made;
}

/** Commands of a stack whose file need not be there. */
const fileless = new WeakSet<Command>();

/** The same command, also of a stack that has no file yet: its first word is taken for one, unless it is a slip for one that there is. */
export function withoutFile(made: Command): Command {
  fileless.add(made);
  return made;
}

function isMeantBy(word: string, stacks: readonly string[]): boolean {
  return stacks.includes(word) || nearest(word, stacks) !== undefined;
}

/** The same command without `--stack`: its stacks are arguments. */
export function withoutStack(made: Command): Command {
  const options = made.options as Option[];
  options.splice(
    options.findIndex(({ long }) => long === "--stack"),
    1,
  );
  return made;
}

/** What follows the options in a command's help. Lines that begin with a space continue the one before. */
export function examples(...lines: readonly string[]): string {
  const commands = lines.filter((line) => !line.startsWith(" "));
  const title = commands.length > 1 ? "Examples:" : "Example:";
  return ["", title, ...lines.map((line) => `  ${line}`)].join("\n");
}

/** An option that may also come from the environment. */
export function option(flags: string, description: string, variable: string): Option {
  return new Option(flags, description).env(variable);
}

const requiredOptions = new WeakSet<Option>();
/** The flag that makes up for an option that must be given. */
const inPlaceOf = new WeakMap<Option, string>();
/** Options that must be given where the command is not given its first argument. */
const unlessArgument = new WeakSet<Option>();

/** An option that must be given, or come from the environment. */
export function required(flags: string, description: string, variable?: string): Option {
  const made = new Option(flags, description);
  requiredOptions.add(made);
  return variable === undefined ? made : made.env(variable);
}

/** {@link required}, unless the command is given its argument, which has it do something else. */
export function requiredUnless(
  argument: string,
  ...[flags, description, variable]: Parameters<typeof required>
): Option {
  const made = required(flags, description, variable);
  unlessArgument.add(made);
  inPlaceOf.set(made, argument);
  return made;
}

/** Ends a command that was given an argument, and beside it an option that counts only without. */
export function refuseBeside(called: Command, argument: string, flags: readonly string[]): void {
  const beside = called.options.find(
    (each) =>
      flags.includes(each.long ?? "") &&
      called.getOptionValueSource(each.attributeName()) === "cli",
  );
  if (beside) called.error(`error: ${argument} and ${beside.long} exclude each other`);
}

export function isRequired(option: Option): boolean {
  return requiredOptions.has(option);
}

/** Commander's own check comes before the one for misspelt options, and would hide the slip that is the cause. */
function refuseIncomplete(called: Command): void {
  const missing = called.options.filter((each) => {
    const value: unknown = called.getOptionValue(each.attributeName());
    if (isMadeUpFor(called, each)) return false;
    return (
      isRequired(each) &&
      (value === undefined || value === "" || (Array.isArray(value) && value.length === 0))
    );
  });
  if (missing.length === 0) return;
  const lines = missing.map((each) => {
    const others = [each.envVar, inPlaceOf.get(each)].filter((one) => one !== undefined);
    return `  ${[each.flags, ...others].join(", or ")}`;
  });
  called.error(`error: this is missing:\n${lines.join("\n")}`);
}

/** Whether the option need not be given; where it was typed nevertheless, one of the two is a mistake. */
function isMadeUpFor(called: Command, each: Option): boolean {
  if (unlessArgument.has(each)) return called.args.length > 0;
  const flag = inPlaceOf.get(each);
  const other = called.options.find(({ long }) => long === flag);
  if (!other || called.getOptionValue(other.attributeName()) !== true) return false;
  if (called.getOptionValueSource(each.attributeName()) === "cli") {
    called.error(`error: ${flag} is of every stack: leave the stack out`);
  }
  return true;
}

const requireHere = createRequire(__filename);

/** The package's own. */
export function packageVersion(): string {
  // By its name: the compiled file lies in another folder than this one.
  return (requireHere("gantry/package.json") as { readonly version: string }).version;
}

/** Loads a module when a command runs: help and mistakes need no AWS SDK, and are answered at once. */
export function load<T>(path: string): T {
  return requireHere(path) as T;
}

/** The result of a command, for whoever called it: three stars for what looks like a secret, wherever it comes from. */
export function print(line: string): void {
  process.stdout.write(`${withoutSecrets(line)}\n`);
}

/** How far a command is, for whoever reads the log, without secrets as {@link print}. */
export function tell(line: string): void {
  process.stderr.write(`${withoutSecrets(line)}\n`);
}

/** What another program prints, as it comes. */
export function passOn(chunk: string): void {
  process.stderr.write(chunk);
}
