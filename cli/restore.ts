import type { Command } from "commander";
import type * as Pointer from "../delivery/pointer";
import type * as Restore from "../delivery/restore";
import { agree, yesOption, type AgreeOptions } from "./agree";
import { configBehind } from "./configBehind";
import { command, examples, load, print, type CommonOptions } from "./command";
import type * as Session from "./session";

export function restoreCommand(): Command {
  return command(
    "restore",
    "put the desired release back where something else runs",
    "Reads back what ECS has, and updates the services to the desired release: after somebody changed one in the console, " +
      "or put an older state in the place of Pulumi's. gantry status shows such drift. No release command is run. " +
      "Prints the id of the release that runs then.",
  )
    .addOption(yesOption())
    .addHelpText("after", examples("gantry restore --stack production"))
    .action(restore);
}

async function restore(options: CommonOptions & AgreeOptions): Promise<void> {
  const session = load<typeof Session>("./session");
  const opened = await session.openReading(options);
  const { readPointer } = load<typeof Pointer>("../delivery/pointer");
  const { restore: putBack, restoreActs } = load<typeof Restore>("../delivery/restore");
  const { names, stack } = opened.target;
  const [desired, behind] = await Promise.all([
    readPointer(opened.clients.ssm, names),
    configBehind(opened),
  ]);
  await agree([...restoreActs(desired, stack), ...behind], options);
  session.tellInterruption(stack);
  const { release } = await session.withTargetRegistry(opened, (registry) =>
    putBack({
      ...{ target: opened.target, clients: opened.clients, registry },
      ...session.whoActs(),
      deadline: session.deadlineOf(opened, "deploy"),
    }),
  );
  print(release.id);
}
