import {
  Command,
  CommanderError,
  InvalidArgumentError,
  type Argument,
  type Option,
} from "commander";
import { approveCommand, rejectCommand } from "./approve";
import { auditCommand } from "./audit";
import { bootstrapCommand } from "./bootstrap";
import { endInTime } from "./bound";
import { buildCommand } from "./build";
import { cancelCommand } from "./cancel";
import { buildLogsCommand } from "./buildLogs";
import { variables } from "../contract/variables";
import { load, packageVersion } from "./command";
import { completeCommand, completionCommand } from "./completion";
import { concludeCommand } from "./conclude";
import { configCommand } from "./config";
import { confirmCommand } from "./confirm";
import { deployCommand } from "./deploy";
import { describeError } from "./describeError";
import { doctorCommand } from "./doctor";
import { diffCommand } from "./diff";
import { driftCommand } from "./drift";
import { eventsCommand } from "./events";
import { execCommand } from "./exec";
import { explainCommand } from "./explain";
import { historyCommand } from "./history";
import { importCommand } from "./import";
import { initCommand } from "./init";
import { logsCommand } from "./logs";
import { maintenanceCommand } from "./maintenance";
import { mcpCommand } from "./mcp";
import { metricsCommand } from "./metrics";
import { mirrorCommand } from "./mirror";
import { openCommand } from "./open";
import { overrideCommand } from "./override";
import { planCommand } from "./plan";
import { prepareCommand } from "./prepare";
import { previewCommand } from "./preview";
import { promoteCommand } from "./promote";
import { rehearseCommand } from "./rehearse";
import { releaseCommand } from "./release";
import { restartCommand } from "./restart";
import { releasesCommand } from "./releases";
import { restoreCommand } from "./restore";
import { resumeCommand } from "./resume";
import { retryCommand } from "./retry";
import { rollbackCommand } from "./rollback";
import { runJobCommand } from "./runJob";
import { scaleCommand } from "./scale";
import { secretCommand } from "./secret";
import { settleCommand } from "./settle";
import { sleepCommand } from "./sleep";
import { statusCommand } from "./status";
import { tasksCommand } from "./tasks";
import { teardownCommand } from "./teardown";
import type * as TellUntold from "./tellUntold";
import { ToldError } from "./toldError";
import { nearest } from "../stacks/config/nearest";
import { unlockCommand } from "./unlock";
import { verifyCommand } from "./verify";
import { wakeCommand } from "./wake";
import { showWaiting } from "./waiting";

/** Exit codes: done; failed or refused; not understood. */
export const exitCodes = { done: 0, failed: 1, wrongUsage: 2 } as const;

/** What the help lists commands under. */
export const helpGroups = {
  setUp: "To set up:",
  look: "To look:",
  act: "To act:",
  pipeline: "What the pipeline does:",
} as const;

/** The command with all of its subcommands, in the order in which a release passes them. */
export function makeProgram(): Command {
  const program = new Command("gantry")
    .description(
      "Builds, deploys and promotes the services of an environment. The pipeline's buildspecs call it, and so may you: " +
        "the result goes to the standard output, progress and errors to the standard error.",
    )
    .version(packageVersion(), "-V, --version", "print the version")
    .helpOption("-h, --help", "show this text")
    .helpCommand(false)
    .addHelpText(
      "after",
      `
Exit code: 0 done, 1 failed or refused, 2 not understood.
Credentials are the AWS SDK's: a profile, or AWS_ACCESS_KEY_ID and its companions.

Examples:
  gantry status production
  gantry rollback --stack production
  gantry rollback --help`,
    );
  const inPipeline = [
    buildCommand(),
    releaseCommand(),
    planCommand(),
    prepareCommand(),
    settleCommand(),
    verifyCommand(),
    confirmCommand(),
    concludeCommand(),
  ];
  const toSetUp = [
    initCommand(),
    configCommand(),
    importCommand(),
    rehearseCommand(),
    bootstrapCommand(),
    completionCommand(),
    previewCommand(),
  ];
  const toLook = [
    statusCommand(),
    tasksCommand(),
    logsCommand(),
    eventsCommand(),
    doctorCommand(),
    buildLogsCommand(),
    driftCommand(),
    historyCommand(),
    releasesCommand(),
    diffCommand(),
    metricsCommand(),
    auditCommand(),
    explainCommand(),
    openCommand(),
    mcpCommand(),
  ];
  const toAct = [
    deployCommand(),
    promoteCommand(),
    approveCommand(),
    rejectCommand(),
    retryCommand(),
    cancelCommand(),
    rollbackCommand(),
    overrideCommand(),
    resumeCommand(),
    restoreCommand(),
    restartCommand(),
    scaleCommand(),
    sleepCommand(),
    wakeCommand(),
    execCommand(),
    runJobCommand(),
    secretCommand(),
    maintenanceCommand(),
    mirrorCommand(),
    unlockCommand(),
    teardownCommand(),
  ];
  const groups: readonly (readonly [string, readonly Command[]])[] = [
    [helpGroups.setUp, toSetUp],
    [helpGroups.look, toLook],
    [helpGroups.act, toAct],
    [helpGroups.pipeline, inPipeline],
  ];
  // What acts says first what it will do, and may hand its terminal to another program.
  for (const command of toLook) command.hook("preAction", () => void showWaiting());
  for (const [title, commands] of groups) {
    for (const command of commands) {
      program.addCommand(command.helpGroup(title).copyInheritedSettings(program));
    }
  }
  return program.addCommand(completeCommand(), { hidden: true });
}

/**
 * Runs a command.
 * @param command default: `gantry` with all of its subcommands.
 * @returns its exit code.
 */
export async function main(args: readonly string[], command = makeProgram()): Promise<number> {
  let inTime: (() => void) | undefined;
  try {
    inTime = endInTime(exitCodes.failed);
    tellMistakes(command, command.name());
    await command.parseAsync([...args], { from: "user" });
    return exitCodes.done;
  } catch (error) {
    if (error instanceof CommanderError) {
      return error.exitCode === 0 ? exitCodes.done : exitCodes.wrongUsage;
    }
    if (error instanceof ToldError) return error.exitCode;
    const text = describeError(error);
    process.stderr.write(`${text}\n`);
    if (process.env[variables.topic]) {
      await load<typeof TellUntold>("./tellUntold").tellUntold(args[0], error, text);
    }
    return exitCodes.failed;
  } finally {
    inTime?.();
  }
}

/**
 * A mistake in what was typed ends the command, with where its help is. What stands behind a command's name is its own: it sees
 * all of its words, in their order.
 */
function tellMistakes(command: Command, typed: string): void {
  command.exitOverride().showHelpAfterError(`See ${typed} --help`).enablePositionalOptions();
  for (const one of [...command.options, ...command.registeredArguments]) suggestChoice(one);
  for (const each of command.commands) tellMistakes(each, `${typed} ${each.name()}`);
}

/** Commander does so of commands and options. */
function suggestChoice(one: Option | Argument): void {
  const { argChoices: choices, parseArg } = one;
  if (!choices) return;
  one.argParser((text: string, before: unknown) => {
    if (choices.includes(text)) return parseArg?.(text, before);
    const meant = nearest(text, choices);
    const hint = meant === undefined ? "" : `\n(Did you mean ${meant}?)`;
    throw new InvalidArgumentError(`Allowed choices are ${choices.join(", ")}.${hint}`);
  });
}
