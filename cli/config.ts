import { resolve } from "node:path";
import { Command } from "commander";
import type * as Targets from "../delivery/projectFolder";
import type * as List from "../operations/config/list";
import type * as Read from "../operations/config/read";
import type * as Text from "../operations/config/text";
import type * as Validate from "../operations/config/validate";
import type * as Schema from "../stacks/config/jsonSchema";
import { command, examples, load, print, stackUnless, type CommonOptions } from "./command";
import { editCommand } from "./configEdit";
import { pullCommand, pushCommand } from "./configStore";
import { printJson } from "./json";
import { ToldError } from "./toldError";

export function configCommand(): Command {
  return new Command("config")
    .summary("show, edit and check the config of stacks, and keep it in a bucket")
    .description(
      "Shows, edits and checks what Pulumi.<stack>.yaml has below gantry:, and prints its schema for editors. push and pull are for a team that " +
        "keeps the file in a bucket; all else asks nothing of AWS.",
    )
    .helpOption("-h, --help", "show this text")
    .helpCommand(false)
    .addCommand(catCommand())
    .addCommand(listCommand())
    .addCommand(editCommand())
    .addCommand(validateCommand())
    .addCommand(pushCommand())
    .addCommand(pullCommand())
    .addCommand(schemaCommand())
    .addHelpText(
      "after",
      examples(
        "gantry config ls services.web --stack production",
        "gantry config edit --stack staging",
        "gantry config validate --all",
        "gantry config push --stack production",
        "gantry config schema > gantry.schema.json",
      ),
    );
}

interface CatOptions extends CommonOptions {
  readonly written?: boolean;
  readonly json?: boolean;
}

function catCommand(): Command {
  return command(
    "cat",
    "print a stack's config with its defaults",
    "Prints what the program makes of a stack's config, with every default, as YAML. What is encrypted or looks like a secret is three " +
      "stars, so it is for reading, and not to be put in the file's place.",
  )
    .option("--written", "only what the file says, also where it has faults")
    .option("--json", "as JSON")
    .addHelpText(
      "after",
      examples(
        "gantry config cat --stack production",
        "gantry config cat --stack production --written --json",
      ),
    )
    .action(cat);
}

async function cat({ folder, stack, written, json }: CatOptions): Promise<void> {
  const { effectiveConfig, writtenConfig } = load<typeof Read>("../operations/config/read");
  const found = await (written ? writtenConfig : effectiveConfig)(resolve(folder), stack);
  if (json) printJson(found);
  else print(load<typeof Text>("../operations/config/text").configText(found));
}

function listCommand(): Command {
  return command(
    "ls",
    "list settings, and where each comes from",
    "Lists each setting below gantry: with the line of the file that it comes from, or whose default it is, and its value. What looks like a " +
      "secret is three stars.",
  )
    .argument("[prefix]", "what their keys begin with, as services.web (default: all)")
    .option("--json", "as JSON")
    .addHelpText(
      "after",
      examples(
        "gantry config ls --stack production",
        "gantry config ls services.web.scaling --stack production",
      ),
    )
    .action(list);
}

async function list(
  prefix: string | undefined,
  { folder, stack, json }: CommonOptions & { readonly json?: boolean },
): Promise<void> {
  const { listConfig } = load<typeof List>("../operations/config/list");
  const found = await listConfig(resolve(folder), stack, prefix);
  if (json) printJson(found);
  else print(load<typeof Text>("../operations/config/text").listText(found));
}

interface ValidateOptions extends CommonOptions {
  readonly all?: boolean;
  readonly json?: boolean;
}

function validateCommand(): Command {
  const made = command(
    "validate",
    "say every fault of a stack's config",
    "Reads the config of a stack as the program does, and says every fault with what is allowed and how to fix it. Ends with 1 where there is one.",
  )
    .option("--all", "every stack of the folder")
    .option("--json", "as JSON")
    .addHelpText(
      "after",
      examples("gantry config validate --stack production", "gantry config validate --all"),
    )
    .action(validate);
  return stackUnless(made, "--all");
}

async function validate({ all, folder, json, stack }: ValidateOptions): Promise<void> {
  const { stacksOf } = load<typeof Targets>("../delivery/projectFolder");
  const { validateStacks } = load<typeof Validate>("../operations/config/validate");
  const place = resolve(folder);
  const { answer, texts } = await validateStacks(place, all ? stacksOf(place) : [stack]);
  if (json) printJson(answer);
  else print(texts.join("\n\n"));
  const isInOrder = answer.stacks.every(
    ({ faults, unread }) => faults.length === 0 && unread === undefined,
  );
  if (!isInOrder || answer.stacks.length === 0) throw new ToldError();
}

/** Of no stack: one schema is that of all files of a folder. */
function schemaCommand(): Command {
  return new Command("schema")
    .summary("print the JSON schema of stack files, for editors")
    .description(
      "Prints the JSON schema (draft 7) of Pulumi.<stack>.yaml: keys, types, choices, bounds and defaults. An editor completes and checks " +
        "with it; what rests on several values, only gantry config validate knows.",
    )
    .helpOption("-h, --help", "show this text")
    .addHelpText("after", examples("gantry config schema > gantry.schema.json"))
    .action(schema);
}

function schema(): void {
  const { stackFileSchema } = load<typeof Schema>("../stacks/config/jsonSchema");
  process.stdout.write(`${JSON.stringify(stackFileSchema(), undefined, 2)}\n`);
}
