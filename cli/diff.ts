import { resolve } from "node:path";
import type { Command } from "commander";
import type * as Clients from "../delivery/clients";
import type * as Git from "../delivery/git";
import type * as Pointer from "../delivery/pointer";
import type * as TargetModule from "../delivery/target";
import type * as Diff from "../operations/diff/diff";
import type * as Text from "../operations/diff/text";
import { command, examples, load, print, withoutStack, type CommonOptions } from "./command";
import type * as Json from "./json";

interface Options extends Pick<CommonOptions, "folder"> {
  readonly config?: boolean;
  readonly json?: boolean;
}

export function diffCommand(): Command {
  const made = command(
    "diff",
    "compare two environments",
    "Says how two stacks of the folder differ: the releases that they should run, with the commits between them and the images, " +
      "their config after defaults, and keys of secrets that only one has. The values of secrets are never read.",
  )
    .argument("<stackA>", "a stack")
    .argument("<stackB>", "another one")
    .option("--config", "config and keys of secrets alone: nothing is asked of AWS")
    .option("--json", "as JSON")
    .addHelpText(
      "after",
      examples("gantry diff staging production", "gantry diff staging production --config"),
    )
    .action(diff);
  return withoutStack(made);
}

async function diff(
  stackA: string,
  stackB: string,
  { folder, config, json }: Options,
): Promise<void> {
  const { git } = load<typeof Git>("../delivery/git");
  const { readTarget } = load<typeof TargetModule>("../delivery/target");
  const targets = await Promise.all(
    [stackA, stackB].map((stack) => readTarget(resolve(folder), stack)),
  );
  const [a, b] = targets;
  const release = async (stack: string) => {
    const { region, names } = stack === a.stack ? a : b;
    const { ssm } = load<typeof Clients>("../delivery/clients").interactiveClients(region);
    return load<typeof Pointer>("../delivery/pointer").readPointer(ssm, names);
  };
  const found = await load<typeof Diff>("../operations/diff/diff").diff({
    ...{ a, b, git: (args) => git(a.root, args) },
    ...(config ? {} : { release }),
  });
  if (json) load<typeof Json>("./json").printJson(found);
  else print(load<typeof Text>("../operations/diff/text").diffText(found));
}
