import type { Command } from "commander";
import { artifacts } from "../contract/artifacts";
import { variables } from "../contract/variables";
import type * as Deploy from "../delivery/deploy";
import { command, examples, load, option, print, type CommonOptions } from "./command";
import { pipelineExecution } from "./execution";
import { installation, installOption, type InstallOptions } from "./installation";
import type * as Session from "./session";

interface Options extends CommonOptions, InstallOptions {
  readonly release?: string;
  readonly plan?: string;
  readonly pipeline?: string;
}

export function deployCommand(): Command {
  return command(
    "deploy",
    "deploy a release, and put back what ran where it fails",
    "Checks everything that can be checked before, locks the environment, runs release commands, updates the services, " +
      "waits until the new tasks are steady, and proves that they run the release's digests. Where it fails, what ran " +
      "before runs again. Of services whose strategy is blueGreen, canary or linear the new tasks then wait for gantry verify and " +
      "gantry conclude, and get no request before. Prints the number of the deployment. It may be killed, and run again.",
  )
    .option(
      "--release <file>",
      "the release; default: the pipeline's artifact Release, or .release",
    )
    .option(
      "--plan <folder>",
      "of the approved plan.json and basis.json, to which the update is held; default: the pipeline's artifact Plan",
    )
    .addOption(
      option("--pipeline <name>", "the pipeline whose execution deploys", variables.pipeline),
    )
    .addOption(installOption())
    .addHelpText("after", examples("gantry deploy --stack staging --release release.json"))
    .action(deploy);
}

async function deploy(options: Options): Promise<void> {
  const session = load<typeof Session>("./session");
  const opened = await session.openSession(options);
  const installing = await installation(options, opened);
  const release = await session.readRelease(options.folder, options.release);
  const origin = await session.originOf(options.folder, options.release, release);
  const planFolder = options.plan ?? session.artifactFolder(artifacts.plan);
  const { number } = await session.withTargetRegistry(opened, (registry) =>
    load<typeof Deploy>("../delivery/deploy").deploy({
      ...{ target: opened.target, clients: opened.clients, registry, release, origin },
      ...session.whoActs(),
      ...installing,
      deadline: session.deadlineOf(opened, "deploy"),
      execution: pipelineExecution(options.pipeline, opened.clients),
      ...(planFolder === undefined ? {} : { planFolder }),
    }),
  );
  print(String(number));
}
