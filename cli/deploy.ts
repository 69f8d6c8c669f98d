import type { Command } from "commander";
import { artifactFolder, artifacts } from "../contract/artifacts";
import { variables } from "../contract/variables";
import type * as Deploy from "../delivery/deploy";
import { yesOption } from "./agree";
import {
  command,
  examples,
  load,
  option,
  print,
  refuseBeside,
  tell,
  type CommonOptions,
} from "./command";
import { configBehind } from "./configBehind";
import { pipelineExecution } from "./execution";
import { installation, installOption, type InstallOptions } from "./installation";
import type * as Session from "./session";
import { startRelease } from "./startRelease";

interface Options extends CommonOptions, InstallOptions {
  readonly yes?: boolean;
  readonly release?: string;
  readonly plan?: string;
  readonly pipeline?: string;
}

export function deployCommand(): Command {
  return command(
    "deploy",
    "deploy a release: by its id through the pipeline, which itself calls this without one",
    "With the id of a release it starts the environment's pipeline with that one, from the beginning: plan, gates, approval and verification " +
      "apply as ever. Says what it will do, asks, and prints the execution. gantry releases lists the ids.\n\n" +
      "Without one it is the pipeline's own: checks everything that can be checked before, locks the environment, runs release commands, updates the services, " +
      "waits until the new tasks are steady, and proves that they run the release's digests. Where it fails, what ran " +
      "before runs again. Of services whose strategy is blueGreen, canary or linear the new tasks then wait for gantry verify and " +
      "gantry conclude, and get no request before. Prints the number of the deployment. It may be killed, and run again.",
  )
    .argument("[release]", "its id, to have the pipeline deploy it")
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
    .addOption(yesOption())
    .addHelpText(
      "after",
      examples(
        "gantry deploy --stack production 3f9c2a1b-17",
        "gantry deploy --stack staging --release release.json",
      ),
    )
    .action((id: string | undefined, options: Options, called: Command) => {
      if (id === undefined) return deploy(options);
      refuseBeside(called, "a release's id", ["--release", "--plan", "--pipeline", "--install"]);
      return startRelease(options, id);
    });
}

async function deploy(options: Options): Promise<void> {
  const session = load<typeof Session>("./session");
  const opened = await session.openSession(options);
  for (const line of await configBehind(opened)) tell(line);
  const installing = await installation(options, opened);
  const release = await session.readRelease(options.folder, options.release);
  const origin = await session.originOf(options.folder, options.release, release);
  const planFolder = options.plan ?? artifactFolder(artifacts.plan);
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
