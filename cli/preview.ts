import { writeFile } from "node:fs/promises";
import { resolve } from "node:path";
import type { Command } from "commander";
import { messageOf, DeliveryError } from "../delivery/errors";
import type * as Preview from "../delivery/preview";
import type * as Markdown from "../delivery/preview/markdown";
import type { PreviewReport } from "../delivery/preview/report";
import type * as Text from "../delivery/preview/text";
import { describeError } from "./describeError";
import { command, examples, load, severalStacks, tell, type CommonOptions } from "./command";
import { installation, installOption, type InstallOptions } from "./installation";
import type * as Session from "./session";
import { ToldError } from "./toldError";
import { wholeNumber } from "./values";

interface Options extends Omit<CommonOptions, "stack">, InstallOptions {
  readonly stack: readonly string[];
  readonly markdown?: boolean;
  readonly limit?: number;
  readonly output?: string;
  readonly policy?: string | false;
}

export function previewCommand(): Command {
  return severalStacks(
    command(
      "preview",
      "say what pulumi up would change, for people who review it",
      "Previews stacks with the releases that run, and says in words what pulumi up would create, change, replace and " +
        "delete, what that interrupts or loses, and what it does to rights, exposure and images. Changes nothing. A stack " +
        "that cannot be previewed is told, too, and the command then ends with 1.",
    ),
  )
    .option("--markdown", "as a comment for a pull request: short first, the rest folded")
    .option(
      "--limit <characters>",
      "of the comment, with --markdown; default: 65000, of the 65536 that GitHub takes",
      wholeNumber,
    )
    .addOption(installOption())
    .option(
      "--policy <folder>",
      "policy pack that it is held to; default: gantry-policy, where the program's package.json names it",
    )
    .option("--no-policy", "hold it to none")
    .option("--output <file>", "where to write it; default: the standard output")
    .addHelpText(
      "after",
      examples(
        "gantry preview --stack production",
        "gantry preview --stack staging --stack production --markdown --output preview.md",
      ),
    )
    .action(preview);
}

async function preview(options: Options): Promise<void> {
  const { stack: stacks, markdown, limit, output } = options;
  const reports: PreviewReport[] = [];
  const installed = (await installation(options)).installation;
  for (const stack of stacks) reports.push(await reportOf(stack, options, installed));
  const text = markdown
    ? load<typeof Markdown>("../delivery/preview/markdown").previewMarkdown(reports, limit)
    : `${load<typeof Text>("../delivery/preview/text").previewText(reports)}\n`;
  const errors = reports.flatMap(({ error }) => error ?? []);
  for (const error of errors) tell(error);
  if (output === undefined) process.stdout.write(text);
  else await write(output, text);
  if (errors.length > 0) throw new ToldError();
}

/** What a person is told of a stack, also where nothing else can be. */
async function reportOf(
  stack: string,
  options: Options,
  installed: Awaited<ReturnType<typeof installation>>["installation"],
): Promise<PreviewReport> {
  try {
    const session = load<typeof Session>("./session");
    const { target, clients } = await session.openReading({ ...options, stack });
    const { preview } = load<typeof Preview>("../delivery/preview");
    return await preview(target, clients, installed, options.policy);
  } catch (error) {
    return { stack, error: describeError(error) };
  }
}

async function write(file: string, text: string): Promise<void> {
  try {
    await writeFile(resolve(file), text);
  } catch (error) {
    throw new DeliveryError(
      `the preview cannot be written: ${messageOf(error)}. Name a file that you may write: --output <file>`,
    );
  }
}
