import type { Command } from "commander";
import type * as Conclude from "../delivery/conclude";
import type * as Evidence from "../delivery/releaseEvidence";
import { command, examples, load, print, type CommonOptions } from "./command";
import { installation, installOption, type InstallOptions } from "./installation";
import type * as Session from "./session";

interface Options extends CommonOptions, InstallOptions {
  readonly release?: string;
  readonly verification?: string;
}

export function concludeCommand(): Command {
  return command(
    "conclude",
    "act on the verification: record it, or roll back",
    "Records a release that passed its verification as verified. Rolls back one that did not, and fails. Where new tasks wait " +
      "for that, they get their requests now, step by step as config says, or never.",
  )
    .option(
      "--release <file>",
      "the release; default: the pipeline's artifact Release, or .release",
    )
    .option("--verification <file>", "default: the pipeline's artifact Verification")
    .addOption(installOption())
    .addHelpText(
      "after",
      examples(
        "gantry conclude --stack staging --release release.json --verification verification.json",
      ),
    )
    .action(conclude);
}

async function conclude(options: Options): Promise<void> {
  const session = load<typeof Session>("./session");
  const { readVerification } = load<typeof Evidence>("../delivery/releaseEvidence");
  const opened = await session.openSession(options);
  const release = await session.readRelease(options.folder, options.release);
  const verification = await readVerification(session.verificationFile(options.verification));
  // A release that passed is recorded, without Pulumi.
  const installing = await installation(options, opened, !verification.passed);
  const { number } = await session.withTargetRegistry(opened, (registry) =>
    load<typeof Conclude>("../delivery/conclude").conclude({
      ...{ target: opened.target, clients: opened.clients, registry, release, verification },
      ...installing,
      ...session.whoActs(),
      deadline: session.deadlineOf(opened, "conclude"),
    }),
  );
  print(String(number));
}
