import { InvalidArgumentError, Option, type Command } from "commander";
import { releaseFiles } from "../contract/artifacts";
import { variables } from "../contract/variables";
import type * as Assembly from "../delivery/releaseAssembly";
import type * as Results from "../delivery/buildResults";
import type * as Clock from "../delivery/clock";
import type * as CommitModule from "../delivery/commit";
import type * as Containers from "../stacks/config/containers";
import { DeliveryError } from "../delivery/errors";
import type * as Keep from "../delivery/installation/keep";
import type * as Store from "../delivery/installation/store";
import type { ReleaseEvidence } from "../delivery/releaseEvidence";
import type * as Inputs from "../delivery/releaseInputs";
import {
  command,
  examples,
  load,
  option,
  print,
  tell,
  type CommonOptions,
  required,
} from "./command";
import { pipelineExecution } from "./execution";
import type * as Session from "./session";
import { wholeNumber } from "./values";

interface Options extends CommonOptions {
  readonly images?: string;
  readonly tests?: string;
  readonly results?: string;
  readonly number: number;
  readonly pipeline?: string;
  readonly output: string;
}

export function releaseCommand(): Command {
  return command(
    "release",
    "make a release of the images that were built",
    "Checks that the registry has what the builds said, for every service of the environment, and writes release.json " +
      "and evidence.json. Prints the id of the release.",
  )
    .addOption(
      option(
        "--results <url>",
        "s3://<bucket>/<prefix>, where the builds of the execution left what they made",
        variables.results,
      ),
    )
    .addOption(
      new Option(
        "--images <images>",
        "web=<tag>@<digest>,...: what each build printed, in place of --results",
      ).argParser(checkImages),
    )
    .option("--tests <results>", "web=passed in 12 s;...: what came of the tests, beside --images")
    .addOption(
      required(
        "--number <number>",
        "tells two releases of one commit apart",
        "CODEBUILD_BUILD_NUMBER",
      ).argParser(wholeNumber),
    )
    .addOption(
      option("--pipeline <name>", "whose execution knows the commit's message", variables.pipeline),
    )
    .addOption(required("--output <folder>", "where to write the files"))
    .addHelpText(
      "after",
      examples(
        "gantry release --stack staging --number 17 --output .gantry/release --images web=3f9c2a1b@sha256:...",
      ),
    )
    .action(release);
}

async function release(options: Options, called: Command): Promise<void> {
  if (!options.images && !options.results) {
    called.error(
      `error: this is missing:\n  --results <url>, or ${variables.results}, or --images <images>`,
    );
  }
  const { asJson, openSession, writeFiles } = load<typeof Session>("./session");
  const { findCommit } = load<typeof CommitModule>("../delivery/commit");
  const { systemClock } = load<typeof Clock>("../delivery/clock");
  const session = await openSession(options);
  const { target, clients, ledger } = session;
  const commit = await findCommit(target.root);
  const made = await load<typeof Assembly>("../delivery/releaseAssembly").assembleRelease({
    ...{ target, clients, ledger, commit, clock: systemClock, progress: tell },
    number: options.number,
    images: await imagesOf(options, session, commit.id),
    committedAt: process.env[variables.committedAt],
    execution: pipelineExecution(options.pipeline, clients),
  });
  const kept = await keep(session, commit.id);
  await writeFiles(options.output, {
    [releaseFiles.release]: asJson(made.release),
    [releaseFiles.evidence]: asJson({ ...made.evidence, ...kept }),
    id: `${made.release.id}\n`,
  });
  print(made.release.id);
}

/** What later actions need to run Pulumi, where the pipeline has a place for it. */
async function keep(
  { target, clients }: Session.Session,
  commit: string,
): Promise<Pick<ReleaseEvidence, "installation">> {
  const url = process.env[variables.installations];
  if (!url) return {};
  const { keepInstallation } = load<typeof Keep>("../delivery/installation/keep");
  const { InstallationStore } = load<typeof Store>("../delivery/installation/store");
  const store = new InstallationStore(clients.s3, url);
  const { folder, root } = target;
  return { installation: await keepInstallation({ folder, root, commit, store, progress: tell }) };
}

/** What a person gives counts, else what the builds left. */
async function imagesOf(
  { images, tests, results = "" }: Options,
  { target, clients }: Session.Session,
  commit: string,
): Promise<ReadonlyMap<string, Inputs.GivenImage>> {
  if (images) return load<typeof Inputs>("../delivery/releaseInputs").givenImages(images, tests);
  const { readBuildResults, resultsPlace } = load<typeof Results>("../delivery/buildResults");
  const place = resultsPlace(results, process.env[variables.execution]);
  const { releasedContainers } = load<typeof Containers>("../stacks/config/containers");
  const services = Object.keys(releasedContainers(target.config.services));
  return readBuildResults(clients.s3, place, { services, commit });
}

/** Nothing but the form, which needs no AWS. */
function checkImages(text: string): string {
  try {
    load<typeof Inputs>("../delivery/releaseInputs").parseImages(text);
    return text;
  } catch (error) {
    if (!(error instanceof DeliveryError)) throw error;
    throw new InvalidArgumentError(
      [
        "Give each as web=<tag>@sha256:<64 digits>, with commas between; at fault:",
        ...error.details,
      ].join("\n  "),
    );
  }
}
