import { InvalidArgumentError, type Command } from "commander";
import type * as CodePipeline from "@aws-sdk/client-codepipeline";
import type * as Assembly from "../delivery/releaseAssembly";
import type * as Clock from "../delivery/clock";
import type * as CommitModule from "../delivery/commit";
import { DeliveryError } from "../delivery/errors";
import type * as Inputs from "../delivery/releaseInputs";
import {
  command,
  examples,
  load,
  option,
  print,
  tell,
  wholeNumber,
  type CommonOptions,
  required,
} from "./command";
import type * as Session from "./session";

interface Options extends CommonOptions {
  readonly images: string;
  readonly tests?: string;
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
      required(
        "--images <images>",
        "web=<tag>@<digest>,...: what each build printed",
        "GANTRY_IMAGES",
      ).argParser(checkImages),
    )
    .addOption(
      option("--tests <results>", "web=passed in 12 s;...: what came of the tests", "GANTRY_TESTS"),
    )
    .addOption(
      required(
        "--number <number>",
        "tells two releases of one commit apart",
        "CODEBUILD_BUILD_NUMBER",
      ).argParser(wholeNumber),
    )
    .addOption(
      option("--pipeline <name>", "whose execution knows the commit's message", "GANTRY_PIPELINE"),
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

async function release(options: Options): Promise<void> {
  const { asJson, openSession, writeFiles } = load<typeof Session>("./session");
  const { findCommit } = load<typeof CommitModule>("../delivery/commit");
  const { systemClock } = load<typeof Clock>("../delivery/clock");
  const { target, clients, ledger } = await openSession(options);
  const made = await load<typeof Assembly>("../delivery/releaseAssembly").assembleRelease({
    ...{ target, clients, ledger, clock: systemClock, progress: tell },
    commit: await findCommit(target.folder),
    number: options.number,
    images: options.images,
    tests: options.tests,
    execution: execution(options, target.region),
  });
  await writeFiles(options.output, {
    "release.json": asJson(made.release),
    "evidence.json": asJson(made.evidence),
    id: `${made.release.id}\n`,
  });
  print(made.release.id);
}

/** Nothing but the form, which needs no AWS. */
function checkImages(text: string): string {
  // An option that is empty counts as missing, like the others.
  if (text === "") return text;
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

function execution({ pipeline }: Options, region: string) {
  const id = process.env.GANTRY_EXECUTION;
  if (!pipeline || !id) return undefined;
  const { CodePipelineClient } = load<typeof CodePipeline>("@aws-sdk/client-codepipeline");
  return { pipeline, id, codepipeline: new CodePipelineClient({ region }) };
}
