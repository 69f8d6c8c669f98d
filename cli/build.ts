import type { Command } from "commander";
import type * as Build from "../delivery/build";
import type * as Builder from "../delivery/images/builder";
import type * as Clock from "../delivery/clock";
import type * as CommitModule from "../delivery/commit";
import type * as Login from "../delivery/images/login";
import {
  command,
  examples,
  load,
  required,
  passOn,
  print,
  tell,
  type CommonOptions,
} from "./command";
import type * as Session from "./session";

interface Options extends CommonOptions {
  readonly service: string;
  readonly output?: string;
}

export function buildCommand(): Command {
  return command(
    "build",
    "test a service, build its image, push it and judge its scan",
    "Runs the service's tests, builds its image unless the registry has it, pushes it, and waits for the scan. " +
      "Where anything fails, nothing is released. Prints <tag>@<digest>.",
  )
    .addOption(required("--service <service>", "which service", "GANTRY_SERVICE"))
    .option("--output <folder>", "where to write the files image and tests, for a buildspec")
    .addHelpText(
      "after",
      examples(
        "gantry build --stack staging --service web",
        "GANTRY_BUILDER=buildah gantry build --stack staging --service web",
      ),
    )
    .action(build);
}

async function build(options: Options): Promise<void> {
  const { openSession, writeFiles } = load<typeof Session>("./session");
  const { findCommit } = load<typeof CommitModule>("../delivery/commit");
  const { withRegistryLogin } = load<typeof Login>("../delivery/images/login");
  const { findBuilder } = load<typeof Builder>("../delivery/images/builder");
  const { systemClock } = load<typeof Clock>("../delivery/clock");

  const { target, clients } = await openSession(options);
  const image = await load<typeof Build>("../delivery/build").build({
    target,
    clients,
    service: options.service,
    commit: await findCommit(target.folder),
    clock: systemClock,
    progress: tell,
    onOutput: passOn,
    withBuilder: (uri, work) =>
      withRegistryLogin([{ ecr: clients.ecr, repositories: [uri] }], async (env) =>
        work(await findBuilder({ env, onOutput: passOn })),
      ),
  });
  const result = `${image.tag}@${image.digest}`;
  if (options.output !== undefined) {
    await writeFiles(options.output, { image: `${result}\n`, tests: `${image.tests}\n` });
  }
  print(result);
}
