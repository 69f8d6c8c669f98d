import { resolve } from "node:path";
import type { Command } from "commander";
import type { Release } from "../contract/manifest";
import type * as Clients from "../delivery/clients";
import type * as Commit from "../delivery/commit";
import { firstLineOf } from "../delivery/errors";
import type * as Times from "../delivery/facts/times";
import type * as Pointer from "../delivery/pointer";
import type * as Folder from "../delivery/projectFolder";
import type * as TargetModule from "../delivery/target";
import type * as Account from "../delivery/account";
import type * as Bundles from "../operations/pipeline/bundles";
import type * as PipelineModule from "../operations/pipeline/pipeline";
import type * as UnderWayModule from "../operations/pipeline/underWay";
import type * as Releases from "../operations/releases/releases";
import type * as Text from "../operations/releases/text";
import { command, examples, load, print, type CommonOptions } from "./command";
import type * as Json from "./json";
import type * as Paint from "./paint";
import type * as Session from "./session";
import { positiveNumber } from "./values";

interface Options extends CommonOptions {
  readonly limit: number;
  readonly json?: boolean;
}

export function releasesCommand(): Command {
  return command(
    "releases",
    "list the releases that an environment knows",
    "Lists each release once: its commit, when it was built and deployed and by whom, its images, what became of it, which other " +
      "stacks of the folder should run it, and which one gantry rollback would go to. What was promoted or is in the pipeline, and was not " +
      "deployed yet, comes first, with where it waits; gantry deploy takes it by its id. Each deployment of it is in gantry history.",
  )
    .option("-n, --limit <number>", "how many", positiveNumber, 20)
    .option("--json", "as JSON, with whole digests")
    .addHelpText("after", examples("gantry releases --stack production --limit 5"))
    .action(releases);
}

async function releases({ limit, json, ...options }: Options): Promise<void> {
  const { openQuestion } = load<typeof Session>("./session");
  const { commitDetails } = load<typeof Commit>("../delivery/commit");
  const { readerHere } = load<typeof Times>("../delivery/facts/times");
  const { readPointer } = load<typeof Pointer>("../delivery/pointer");
  const { knownReleases } = load<typeof Releases>("../operations/releases/releases");
  const { releasesText } = load<typeof Text>("../operations/releases/text");
  const { target, clients, ledger } = await openQuestion(options);
  const [view, desired, others, waiting] = await Promise.all([
    // A release that is far back may have run, and been gone back from.
    ledger.recent(Infinity),
    readPointer(clients.ssm, target.names),
    pointersBeside(resolve(options.folder), target.stack),
    notDeployed({ target, clients }),
  ]);
  const details = (commit: string) => commitDetails(target.root, commit);
  const { stack } = target;
  const found = await knownReleases({
    ...{ stack, view, desired, limit, details, others },
    ...waiting,
  });
  if (json) load<typeof Json>("./json").printJson(found);
  else print(releasesText(found, readerHere(), load<typeof Paint>("./paint").painter()));
}

/** What is in the pipeline, and what was promoted last; what cannot be read says why in its place. */
async function notDeployed({
  target,
  clients,
}: Pick<Session.Session, "target" | "clients">): Promise<
  Pick<Releases.ReleasesOptions, "underWay" | "promoted" | "gaps">
> {
  const { config, names, region, stack } = target;
  if (!config.pipeline) return {};
  const { callersAccount } = load<typeof Account>("../delivery/account");
  const { promotedBundles } = load<typeof Bundles>("../operations/pipeline/bundles");
  const { pipelineOf } = load<typeof PipelineModule>("../operations/pipeline/pipeline");
  const { underWay } = load<typeof UnderWayModule>("../operations/pipeline/underWay");
  const gaps: string[] = [];
  const unlessUnknown = async <T>(what: string, ask: () => Promise<T>) => {
    try {
      return await ask();
    } catch (error) {
      gaps.push(`${what} is not known: ${firstLineOf(error)}`);
      return undefined;
    }
  };
  const newest = async () => {
    const { accountId } = await callersAccount(clients.sts);
    const bucket = names.releaseBucket(accountId, region);
    return promotedBundles({ s3: clients.s3, bucket, stack }, (found) => found.length > 0);
  };
  const [open, bundles] = await Promise.all([
    unlessUnknown("what the pipeline is at", () =>
      underWay(pipelineOf(target, clients.codepipeline)),
    ),
    config.pipeline.source ? [] : unlessUnknown("what was promoted last", newest),
  ]);
  const promoted = bundles?.at(0);
  return { gaps, ...(open ? { underWay: open } : {}), ...(promoted ? { promoted } : {}) };
}

/** What the other stacks of the folder should run; one that cannot be read says why in its place. */
async function pointersBeside(
  folder: string,
  own: string,
): Promise<Releases.ReleasesOptions["others"]> {
  const { interactiveClients } = load<typeof Clients>("../delivery/clients");
  const { readPointer } = load<typeof Pointer>("../delivery/pointer");
  const { stacksOf } = load<typeof Folder>("../delivery/projectFolder");
  const { readTarget } = load<typeof TargetModule>("../delivery/target");
  const others = stacksOf(folder).filter((stack) => stack !== own);
  const found = await Promise.all(
    others.map(async (stack): Promise<[string, Release | undefined | string]> => {
      try {
        const { region, names } = await readTarget(folder, stack);
        return [stack, await readPointer(interactiveClients(region).ssm, names)];
      } catch (error) {
        return [stack, firstLineOf(error)];
      }
    }),
  );
  return Object.fromEntries(found);
}
