import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Command, CommanderError } from "commander";
import { buildCommand } from "./build";
import { concludeCommand } from "./conclude";
import { deployCommand } from "./deploy";
import { describeError } from "./describeError";
import { historyCommand } from "./history";
import { planCommand } from "./plan";
import { prepareCommand } from "./prepare";
import { promoteCommand } from "./promote";
import { releaseCommand } from "./release";
import { rollbackCommand } from "./rollback";
import { settleCommand } from "./settle";
import { statusCommand } from "./status";
import { unlockCommand } from "./unlock";
import { verifyCommand } from "./verify";

/** Exit codes: done; failed or refused; not understood. */
export const exitCodes = { done: 0, failed: 1, wrongUsage: 2 } as const;

/** The command with all of its subcommands, in the order in which a release passes them. */
export function makeProgram(): Command {
  const program = new Command("gantry")
    .description(
      "Builds, deploys and promotes the services of an environment. The pipeline's buildspecs call it, and so may you: " +
        "the result goes to the standard output, progress and errors to the standard error.",
    )
    .version(version(), "-V, --version", "print the version")
    .helpOption("-h, --help", "show this text")
    .helpCommand(false)
    .addHelpText(
      "after",
      `
Exit code: 0 done, 1 failed or refused, 2 not understood.
Credentials are the AWS SDK's: a profile, or AWS_ACCESS_KEY_ID and its companions.

Examples:
  gantry status --stack production
  gantry rollback --stack production
  gantry rollback --help`,
    );
  const inPipeline = [
    buildCommand(),
    releaseCommand(),
    planCommand(),
    deployCommand(),
    prepareCommand(),
    settleCommand(),
    verifyCommand(),
    concludeCommand(),
    promoteCommand(),
  ];
  const forPeople = [statusCommand(), historyCommand(), rollbackCommand(), unlockCommand()];
  for (const command of inPipeline) command.helpGroup("What the pipeline does:");
  for (const command of forPeople) command.helpGroup("For people:");
  for (const command of [...forPeople, ...inPipeline]) {
    program.addCommand(command.copyInheritedSettings(program));
  }
  program.exitOverride().showHelpAfterError("See gantry --help");
  for (const command of program.commands) {
    command.exitOverride().showHelpAfterError(`See gantry ${command.name()} --help`);
  }
  return program;
}

function version(): string {
  const text = readFileSync(join(__dirname, "..", "package.json"), "utf8");
  return (JSON.parse(text) as { readonly version: string }).version;
}

/**
 * Runs the command.
 * @returns its exit code.
 */
export async function main(args: readonly string[]): Promise<number> {
  try {
    await makeProgram().parseAsync([...args], { from: "user" });
    return exitCodes.done;
  } catch (error) {
    if (error instanceof CommanderError) {
      return error.exitCode === 0 ? exitCodes.done : exitCodes.wrongUsage;
    }
    process.stderr.write(`${describeError(error)}\n`);
    return exitCodes.failed;
  }
}
