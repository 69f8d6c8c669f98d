import type { Command } from "commander";
import { releaseFiles } from "../contract/artifacts";
import { variables } from "../contract/variables";
import type * as ClientsModule from "../delivery/clients";
import type * as Login from "../delivery/images/login";
import type * as Registry from "../delivery/images/registry";
import type * as Promote from "../delivery/promote";
import type * as Evidence from "../delivery/releaseEvidence";
import {
  command,
  examples,
  load,
  option,
  print,
  required,
  tell,
  type CommonOptions,
} from "./command";
import type * as Session from "./session";

interface Options extends CommonOptions {
  readonly to: string;
  readonly roleArn: string;
  readonly bucket: string;
  readonly region?: string;
  readonly release?: string;
  readonly evidence?: string;
  readonly verification?: string;
}

export function promoteCommand(): Command {
  return command(
    "promote",
    "hand a verified release to the next environment",
    "Copies each image by digest into the next environment's repositories, proves that the digests are equal there, and " +
      "then puts the release bundle into its bucket, which starts its pipeline. Prints the id of the release.",
  )
    .addOption(required("--to <stack>", "the next environment", variables.promoteTo))
    .addOption(
      required(
        "--role-arn <arn>",
        "the role there that may receive a release",
        variables.receiveRoleArn,
      ),
    )
    .addOption(required("--bucket <bucket>", "its release bucket", variables.promoteBucket))
    .addOption(
      option(
        "--region <region>",
        "its region; default: this environment's",
        variables.promoteRegion,
      ),
    )
    .option("--release <file>", "default: the pipeline's artifact Release, or .release")
    .option("--evidence <file>", "default: beside the release")
    .option("--verification <file>", "default: the pipeline's artifact Verification")
    .addHelpText(
      "after",
      examples(
        "gantry promote --stack staging --to production --release release.json --evidence evidence.json \\",
        "  --verification verification.json --bucket shop--production--releases-123456789012-eu-west-1 \\",
        "  --role-arn arn:aws:iam::123456789012:role/shop--production--receive",
      ),
    )
    .action(promote);
}

async function promote(options: Options): Promise<void> {
  const session = load<typeof Session>("./session");
  const { readVerification } = load<typeof Evidence>("../delivery/releaseEvidence");
  const { makeClients } = load<typeof ClientsModule>("../delivery/clients");
  const { withRegistryLogin } = load<typeof Login>("../delivery/images/login");
  const { findRegistry } = load<typeof Registry>("../delivery/images/registry");
  const { folder, to: stack } = options;

  const { target, clients } = await session.openSession(options);
  const release = await session.readRelease(folder, options.release);
  const promoted = await load<typeof Promote>("../delivery/promote").promote({
    target,
    clients,
    release,
    evidence: await session.readJson<Evidence.ReleaseEvidence>(
      session.releaseFile(folder, options.evidence, releaseFiles.evidence),
      "the release's evidence",
      "--evidence",
    ),
    verification: await readVerification(session.verificationFile(options.verification)),
    to: {
      stack,
      region: options.region ?? target.config.pipeline?.promoteTo?.region ?? target.region,
      bucket: options.bucket,
      receiveRoleArn: options.roleArn,
    },
    clientsAs: makeClients,
    installations: process.env[variables.installations],
    withRegistry: (accesses, work) =>
      withRegistryLogin(accesses, async (env) => work(await findRegistry(env))),
    progress: tell,
  });
  print(promoted.id);
}
