import { join } from "node:path";
import type { Command } from "commander";
import { artifactFolder, artifacts, planFiles } from "../contract/artifacts";
import { variables } from "../contract/variables";
import type * as Confirm from "../delivery/confirm";
import type { PlanEvidence } from "../delivery/evidence";
import type * as Bundle from "../delivery/plan/bundle";
import type * as Evidence from "../delivery/releaseEvidence";
import { command, examples, load, option, print, required, type CommonOptions } from "./command";
import { pipelineExecution } from "./execution";
import { installation, installOption, type InstallOptions } from "./installation";
import type * as Session from "./session";

interface Options extends CommonOptions, InstallOptions {
  readonly pipeline?: string;
  readonly release?: string;
  readonly verification?: string;
  readonly evidence?: string;
  readonly output: string;
}

export function confirmCommand(): Command {
  return command(
    "confirm",
    "say what a person is asked after the verification, or take back what was refused",
    "For pipelines that ask after the verification (pipeline.approval: afterVerification): writes and prints the summary for whoever " +
      "approves a release whose new tasks wait. What failed its verification, or was refused, is taken back, and the command fails.",
  )
    .addOption(
      option("--pipeline <name>", "the pipeline that asks for the approval", variables.pipeline),
    )
    .option(
      "--release <file>",
      "the release; default: the pipeline's artifact Release, or .release",
    )
    .option("--verification <file>", "default: the pipeline's artifact Verification")
    .option(
      "--evidence <file>",
      "of the plan; default: evidence.json of the pipeline's artifact Plan",
    )
    .addOption(required("--output <folder>", "where to write the summary"))
    .addOption(installOption())
    .addHelpText(
      "after",
      examples(
        "gantry confirm --stack production --release release.json --verification verification.json --evidence evidence.json --output .gantry",
      ),
    )
    .action(confirm);
}

async function confirm(options: Options): Promise<void> {
  const session = load<typeof Session>("./session");
  const { readVerification } = load<typeof Evidence>("../delivery/releaseEvidence");
  const opened = await session.openSession(options);
  const { clients, target } = opened;
  const planned = join(artifactFolder(artifacts.plan) ?? "", planFiles.evidence);
  const request = {
    release: await session.readRelease(options.folder, options.release),
    verification: await readVerification(session.verificationFile(options.verification)),
    evidence: await session.readJson<PlanEvidence>(
      options.evidence ?? planned,
      "the evidence of the plan",
      "--evidence",
    ),
    known: async () => {
      const { readBundle } = load<typeof Bundle>("../delivery/plan/bundle");
      return (await readBundle(target.root)).evidence;
    },
    ...session.whoActs(),
  };
  const execution = pipelineExecution(options.pipeline, clients);
  // Pulumi is needed where something is taken back alone.
  const installing = await installation(options, opened, !request.verification.passed);
  const deadline = session.deadlineOf(opened, "conclude");
  const summary = await session.withTargetRegistry(opened, (registry) =>
    load<typeof Confirm>("../delivery/confirm").confirm({
      ...{ target, clients, registry, execution, deadline },
      ...request,
      ...installing,
    }),
  );
  await session.writeFiles(options.output, { summary: `${summary}\n` });
  print(summary);
}
