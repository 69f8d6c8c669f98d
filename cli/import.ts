import { resolve } from "node:path";
import { Argument, Command } from "commander";
import type * as Compose from "../importers/compose/import";
import type * as Copilot from "../importers/copilot/import";
import type * as Errors from "../importers/importError";
import type * as Report from "../importers/report";
import type * as Write from "../importers/write";
import { examples, load, print } from "./command";

interface Options {
  readonly output: string;
  readonly staging?: string;
  readonly production?: string;
  readonly region?: string;
  readonly connectionArn?: string;
}

/** Options that say nothing of a Compose file. */
const ofCopilot: readonly (readonly [string, keyof Options])[] = [
  ["--staging", "staging"],
  ["--production", "production"],
  ["--connection-arn", "connectionArn"],
];

export function importCommand(): Command {
  return new Command("import")
    .summary("make this config of AWS Copilot's manifests or a Compose file")
    .description(
      "Writes Pulumi.staging.yaml, Pulumi.production.yaml and import-report.md, which says of every field of every file, " +
        "by line, what became of it: the same, another way, or lost, and then what to do. It asks nothing, calls no AWS, " +
        "changes none of your files and overwrites nothing.",
    )
    .addArgument(new Argument("<from>", "what to import").choices(["copilot", "compose"]))
    .argument("<path>", "the folder that has copilot/ in it; the Compose file")
    .option(
      "--output <folder>",
      "where to write: a folder that is empty or not there yet",
      "gantry-import",
    )
    .option(
      "--staging <environment>",
      "Copilot's environment that becomes staging; default: by its name",
    )
    .option("--production <environment>", "the one that becomes production; default: by its name")
    .option(
      "--connection-arn <arn>",
      "the connection to GitHub of Copilot's pipelines; without it they are a TODO",
    )
    .option("--region <region>", "aws:region of both stacks; without it the files have a TODO")
    .helpOption("-h, --help", "show this text")
    .addHelpText(
      "after",
      examples(
        "gantry import copilot . --output infra-import",
        "gantry import copilot . --staging test --production prod-eu",
        "gantry import compose compose.yaml --region eu-west-1",
      ),
    )
    .action(importFrom);
}

function importFrom(from: string, path: string, options: Options): void {
  const { writeImport, refuseFull } = load<typeof Write>("../importers/write");
  const output = resolve(options.output);
  refuseFull(output);
  for (const [option, key] of ofCopilot) {
    if (from === "compose" && options[key] !== undefined) {
      const { ImportError } = load<typeof Errors>("../importers/importError");
      throw new ImportError(`${option} is for Copilot; Compose has no such thing: leave it out`);
    }
  }
  const imported =
    from === "copilot"
      ? load<typeof Copilot>("../importers/copilot/import").importCopilot(path, options)
      : load<typeof Compose>("../importers/compose/import").importCompose(path);
  const written = writeImport(imported, output, options.region);
  const { leftOutServices, summaryLines } = load<typeof Report>("../importers/report");
  for (const line of summaryLines(imported)) print(line);
  for (const line of leftOutServices(imported)) print(`left out: ${line}`);
  print(`written:\n${written.map((file) => `  ${file}`).join("\n")}`);
}
