import type { Command } from "commander";
import { ecrRepositoryOf, parseImageReference } from "../contract/imageReference";
import { variables } from "../contract/variables";
import type * as Clients from "../delivery/clients";
import type * as Build from "../delivery/build";
import type * as Results from "../delivery/buildResults";
import type * as Builder from "../delivery/images/builder";
import type * as Clock from "../delivery/clock";
import type * as CommitModule from "../delivery/commit";
import type * as Limits from "../delivery/images/limits";
import type * as Login from "../delivery/images/login";
import type * as Registry from "../delivery/images/registry";
import {
  command,
  examples,
  load,
  option,
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
  readonly results?: string;
}

export function buildCommand(): Command {
  return command(
    "build",
    "test a service, build its image, push it and judge its scan",
    "Runs the service's tests, builds its image unless the registry has it, pushes it, and waits for the scan. Services " +
      "that are built of the same get it into their own repositories. " +
      "Where anything fails, nothing is released. Prints <tag>@<digest>.",
  )
    .addOption(required("--service <service>", "which service", variables.service))
    .option("--output <folder>", "where to write the files image and tests, for a buildspec")
    .addOption(
      option(
        "--results <url>",
        "s3://<bucket>/<prefix>, where the release of the execution finds what was made",
        variables.results,
      ),
    )
    .addHelpText(
      "after",
      examples(
        "gantry build --stack staging --service web",
        `${variables.builder}=buildah gantry build --stack staging --service web`,
      ),
    )
    .action(build);
}

async function build(options: Options): Promise<void> {
  const { deadlineOf, openSession, writeFiles } = load<typeof Session>("./session");
  const { findCommit } = load<typeof CommitModule>("../delivery/commit");
  const { withRegistryLogin } = load<typeof Login>("../delivery/images/login");
  const { findRegistry } = load<typeof Registry>("../delivery/images/registry");
  const { findBuilder } = load<typeof Builder>("../delivery/images/builder");
  const { toolLimits } = load<typeof Limits>("../delivery/images/limits");
  const { systemClock } = load<typeof Clock>("../delivery/clock");

  const { putBuildResult, resultsPlace } = load<typeof Results>("../delivery/buildResults");
  // Before the build, which would be for nothing.
  const place = options.results && resultsPlace(options.results, process.env[variables.execution]);
  const session = await openSession(options);
  const { target, clients } = session;
  const { service } = options;
  const commit = await findCommit(target.root);
  const deadline = deadlineOf(session, "build");
  const leftMs = () => deadline.within(deadline.totalMs);
  const images = await load<typeof Build>("../delivery/build").build({
    target,
    clients,
    service,
    commit,
    clock: systemClock,
    progress: tell,
    onOutput: passOn,
    testTimeoutSeconds: leftMs() / 1000,
    withBuilder: (uri, work) =>
      withRegistryLogin([{ ecr: clients.ecr, repositories: [uri] }], async (env) =>
        work(
          await findBuilder({
            ...{ env, onOutput: passOn },
            limits: { ...toolLimits, buildMs: leftMs() },
          }),
        ),
      ),
    withRegistry: (repositories, work) =>
      withRegistryLogin(
        repositories.map((repository) => ({
          ecr: ecrOf(repository, session),
          repositories: [repository],
        })),
        async (env) => work(await findRegistry(env)),
      ),
  });
  for (const [taker, { tag, digest, tests }] of images) {
    const result = { service: taker, commit: commit.id, tag, digest, tests };
    if (place) await putBuildResult(clients.s3, place, result);
  }
  const [{ tag, digest, tests }] = images.values();
  const result = `${tag}@${digest}`;
  if (options.output !== undefined) {
    await writeFiles(options.output, { image: `${result}\n`, tests: `${tests}\n` });
  }
  print(result);
}

/** A token of ECR is good for the registries of its region. */
function ecrOf(repository: string, { target, clients }: Session.Session): Clients.Clients["ecr"] {
  const reference = parseImageReference(repository);
  const region = reference && ecrRepositoryOf(reference)?.region;
  if (region === undefined || region === target.region) return clients.ecr;
  return load<typeof Clients>("../delivery/clients").makeClients(region).ecr;
}
