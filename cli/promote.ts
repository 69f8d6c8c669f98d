import type { Command } from "commander";
import { releaseFiles } from "../contract/artifacts";
import { variables } from "../contract/variables";
import type * as ClientsModule from "../delivery/clients";
import type * as Login from "../delivery/images/login";
import type * as Registry from "../delivery/images/registry";
import type * as Promote from "../delivery/promote";
import type * as Evidence from "../delivery/releaseEvidence";
import { yesOption } from "./agree";
import {
  command,
  examples,
  load,
  option,
  print,
  refuseBeside,
  requiredUnless,
  tell,
  type CommonOptions,
} from "./command";
import type * as Session from "./session";
import { nextStack, startRelease } from "./startRelease";

interface Options extends CommonOptions {
  readonly yes?: boolean;
  readonly to: string;
  readonly roleArn: string;
  readonly bucket: string;
  readonly region?: string;
  readonly release?: string;
  readonly evidence?: string;
  readonly verification?: string;
}

const byId = "a release's id";

export function promoteCommand(): Command {
  return command(
    "promote",
    "hand a verified release to the next environment: there by its id again, else what the pipeline does",
    "With the id of a release that was promoted before it starts the next environment's pipeline with it once more, as gantry deploy does " +
      "there: plan, gates, approval and verification apply as ever. Says what it will do, asks, and prints the execution.\n\n" +
      "Without one it is the pipeline's own: copies each image by digest into the next environment's repositories, proves that the digests are equal there, and " +
      "then puts the release bundle into its bucket, which starts its pipeline. Prints the id of the release.",
  )
    .argument("[release]", "its id, to have the next environment take it again")
    .addOption(requiredUnless(byId, "--to <stack>", "the next environment", variables.promoteTo))
    .addOption(
      requiredUnless(
        byId,
        "--role-arn <arn>",
        "the role there that may receive a release",
        variables.receiveRoleArn,
      ),
    )
    .addOption(
      requiredUnless(byId, "--bucket <bucket>", "its release bucket", variables.promoteBucket),
    )
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
    .addOption(yesOption())
    .addHelpText(
      "after",
      examples(
        "gantry promote --stack staging 3f9c2a1b-17",
        "gantry promote --stack staging --to production --release release.json --evidence evidence.json \\",
        "  --verification verification.json --bucket shop--production--releases-123456789012-eu-west-1 \\",
        "  --role-arn arn:aws:iam::123456789012:role/shop--production--receive",
      ),
    )
    .action(async (id: string | undefined, options: Options, called: Command) => {
      if (id === undefined) return promote(options);
      const files = ["--release", "--evidence", "--verification"];
      refuseBeside(called, byId, ["--to", "--role-arn", "--bucket", "--region", ...files]);
      return startRelease({ ...options, stack: await nextStack(options) }, id);
    });
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
