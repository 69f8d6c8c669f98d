import type { Command } from "commander";
import { artifactFolder, artifacts } from "../contract/artifacts";
import { variables } from "../contract/variables";
import type * as Prepare from "../delivery/prepare";
import { command, examples, load, option, print, type CommonOptions, required } from "./command";
import { pipelineExecution } from "./execution";
import { installation, installOption, type InstallOptions } from "./installation";
import type * as Session from "./session";

interface Options extends CommonOptions, InstallOptions {
  readonly release?: string;
  readonly plan?: string;
  readonly pipeline?: string;
  readonly output: string;
}

export function prepareCommand(): Command {
  return command(
    "prepare",
    "begin a deployment that CodePipeline's ECS action makes",
    "With pipeline.deploy: ecs. Checks, locks and runs release commands as gantry deploy does, and writes an " +
      "imagedefinitions-<service>.json for each ECS action. gantry settle ends it. Prints the number of the deployment.",
  )
    .option(
      "--release <file>",
      "the release; default: the pipeline's artifact Release, or .release",
    )
    .option("--plan <folder>", "of the approved basis.json; default: the pipeline's artifact Plan")
    .addOption(required("--output <folder>", "where to write the files"))
    .addOption(
      option("--pipeline <name>", "the pipeline whose execution deploys", variables.pipeline),
    )
    .addOption(installOption())
    .addHelpText(
      "after",
      examples("gantry prepare --stack staging --release release.json --output .gantry/images"),
    )
    .action(prepare);
}

async function prepare(options: Options): Promise<void> {
  const session = load<typeof Session>("./session");
  const opened = await session.openSession(options);
  const installing = await installation(options, opened);
  const release = await session.readRelease(options.folder, options.release);
  const origin = await session.originOf(options.folder, options.release, release);
  const planFolder = options.plan ?? artifactFolder(artifacts.plan);
  const { number } = await session.withTargetRegistry(opened, (registry) =>
    load<typeof Prepare>("../delivery/prepare").prepare({
      ...{ target: opened.target, clients: opened.clients, registry, release, origin },
      ...session.whoActs(),
      ...installing,
      deadline: session.deadlineOf(opened, "deploy"),
      execution: pipelineExecution(options.pipeline, opened.clients),
      output: options.output,
      ...(planFolder === undefined ? {} : { planFolder }),
    }),
  );
  print(String(number));
}
