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
import type * as Releases from "../operations/releases";
import { command, examples, load, positiveNumber, print, type CommonOptions } from "./command";
import type * as Json from "./json";
import type * as Paint from "./paint";
import type * as Session from "./session";

interface Options extends CommonOptions {
  readonly limit: number;
  readonly json?: boolean;
}

export function releasesCommand(): Command {
  return command(
    "releases",
    "list the releases that an environment knows",
    "Lists each release once: its commit, when it was built and deployed and by whom, its images, what became of it, which other " +
      "stacks of the folder should run it, and which one gantry rollback would go to. Each deployment of it is in gantry history.",
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
  const { knownReleases, releasesText } = load<typeof Releases>("../operations/releases");
  const { target, clients, ledger } = await openQuestion(options);
  const [view, desired, others] = await Promise.all([
    // A release that is far back may have run, and been gone back from.
    ledger.recent(Infinity),
    readPointer(clients.ssm, target.names),
    pointersBeside(resolve(options.folder), target.stack),
  ]);
  const details = (commit: string) => commitDetails(target.root, commit);
  const { stack } = target;
  const found = await knownReleases({ stack, view, desired, limit, details, others });
  if (json) load<typeof Json>("./json").printJson(found);
  else print(releasesText(found, readerHere(), load<typeof Paint>("./paint").painter()));
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
