import type { Command } from "commander";
import type * as Rollback from "../delivery/rollback";
import { command, examples, load, print, type CommonOptions } from "./command";
import type * as Session from "./session";

interface Options extends CommonOptions {
  readonly to?: string;
}

export function rollbackCommand(): Command {
  return command(
    "rollback",
    "run an earlier release again",
    "Puts the images of an earlier release in place, with the program as it is now. No release command is run. " +
      "Prints the id of the release that runs then.",
  )
    .option("--to <release>", "its id, see gantry history; default: the good one before what runs")
    .addHelpText(
      "after",
      examples(
        "gantry rollback --stack production",
        "gantry rollback --stack production --to 3f9c2a1b-17",
      ),
    )
    .action(rollback);
}

async function rollback(options: Options): Promise<void> {
  const session = load<typeof Session>("./session");
  const opened = await session.openSession(options);
  const { release } = await session.withTargetRegistry(opened, (registry) =>
    load<typeof Rollback>("../delivery/rollback").rollback({
      ...{ target: opened.target, clients: opened.clients, registry },
      ...session.whoActs(),
      deadline: session.deadlineOf(opened, "deploy"),
      ...(options.to === undefined ? {} : { to: options.to }),
    }),
  );
  print(release.id);
}
