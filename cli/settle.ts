import type { Command } from "commander";
import type * as Settle from "../delivery/settle";
import { command, examples, load, print, type CommonOptions } from "./command";
import { installation, installOption, type InstallOptions } from "./installation";
import type * as Session from "./session";

interface Options extends CommonOptions, InstallOptions {
  readonly release?: string;
}

export function settleCommand(): Command {
  return command(
    "settle",
    "end a deployment that CodePipeline's ECS action made",
    "With pipeline.deploy: ecs. Waits until the new tasks are steady, proves that they run the release's digests, and " +
      "records it. Where it fails, what ran before runs again. Prints the number of the deployment.",
  )
    .option(
      "--release <file>",
      "the release; default: the pipeline's artifact Release, or .release",
    )
    .addOption(installOption())
    .addHelpText("after", examples("gantry settle --stack staging --release release.json"))
    .action(settle);
}

async function settle(options: Options): Promise<void> {
  const session = load<typeof Session>("./session");
  const opened = await session.openSession(options);
  const installing = await installation(options, opened);
  const release = await session.readRelease(options.folder, options.release);
  const { number } = await session.withTargetRegistry(opened, (registry) =>
    load<typeof Settle>("../delivery/settle").settle({
      ...{ target: opened.target, clients: opened.clients, registry, release },
      owner: session.whoActs().owner,
      ...installing,
      deadline: session.deadlineOf(opened, "deploy"),
    }),
  );
  print(String(number));
}
