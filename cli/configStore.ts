import { resolve } from "node:path";
import { Option, type Command } from "commander";
import type * as Clients from "../delivery/clients";
import type * as Times from "../delivery/facts/times";
import type * as Place from "../operations/configStore/place";
import type * as Pull from "../operations/configStore/pull";
import type * as Push from "../operations/configStore/push";
import type * as Remembered from "../operations/configStore/remembered";
import { agree, yesOption } from "./agree";
import { command, examples, load, print, tell, withoutFile, type CommonOptions } from "./command";

interface Options extends CommonOptions {
  readonly bucket?: string;
  readonly yes?: boolean;
}

const whichBucket =
  "The bucket is what gantry:pipeline.config.bucket of the file names, else that of Pulumi's state.";

function bucketOption(): Option {
  return new Option("--bucket <bucket>", "the bucket, where neither of both says it");
}

export function pushCommand(): Command {
  return command(
    "push",
    "put a stack's file into its bucket, for a team that keeps it out of git",
    "Puts Pulumi.<stack>.yaml into the environment's bucket, once its config is in order: says what differs from what is there, and asks. " +
      "Where somebody else has pushed since you pulled, it says who and when, and nothing is overwritten. It starts no release: the next " +
      `execution of the pipeline takes it. ${whichBucket}`,
  )
    .addOption(bucketOption())
    .addOption(yesOption())
    .addHelpText("after", examples("gantry config push --stack production"))
    .action(push);
}

async function push(options: Options): Promise<void> {
  const module = load<typeof Push>("../operations/configStore/push");
  const { addressOf } = load<typeof Place>("../operations/configStore/place");
  const { place, clients, reader } = await openPlace(options);
  const planned = await module.planPush(clients, place, reader);
  const { newest, acts } = planned;
  if (newest && acts.length === 0) {
    const version = `version ${newest.version}, which ${module.writtenText(newest, reader)}`;
    const { remember } = load<typeof Remembered>("../operations/configStore/remembered");
    remember(place, newest.version, newest.content);
    return print(`${addressOf(place)} has this very file: ${version}. Nothing was pushed`);
  }
  await agree(acts, options);
  const { version } = await module.push(clients, place, planned, reader);
  print(`${addressOf(place)} has it as version ${version}`);
  for (const line of module.afterPush(place)) tell(line);
}

interface PullOptions extends Options {
  readonly versionId?: string;
}

export function pullCommand(): Command {
  return withoutFile(
    command(
      "pull",
      "fetch a stack's file from its bucket, for a team that keeps it out of git",
      "Fetches Pulumi.<stack>.yaml from the environment's bucket: the newest version, or another one. Says what changes in the file. Where the file " +
        `has changes that were not pushed, it asks before they are lost. ${whichBucket}`,
    )
      .addOption(bucketOption())
      .option("--version-id <id>", "an earlier version, as S3 calls it (default: the newest)")
      .addOption(yesOption())
      .addHelpText(
        "after",
        examples(
          "gantry config pull --stack production",
          "gantry config pull --stack production --bucket shop--state-123456789012-eu-west-1",
        ),
      )
      .action(pull),
  );
}

async function pull(options: PullOptions): Promise<void> {
  const module = load<typeof Pull>("../operations/configStore/pull");
  const { writtenText } = load<typeof Push>("../operations/configStore/push");
  const { place, clients, reader } = await openPlace(options);
  const planned = await module.planPull(clients.s3, place, reader, options.versionId);
  const { changes, losesChanges, stored, newest } = planned;
  if (losesChanges) await agree(changes, options);
  else for (const line of changes) tell(line);
  const isChanged = module.pull(place, planned);
  const what = `version ${stored.version}, which ${writtenText(stored, reader)}`;
  print(isChanged ? `${place.file} is ${what}` : `${place.file} is ${what}, already`);
  if (stored.version !== newest.version) {
    tell(
      `The newest is ${newest.version}. To have the pipeline take this one again: gantry config push --stack ${place.stack}`,
    );
  }
}

async function openPlace({ folder, stack, bucket }: Options) {
  const { placeOfConfig } = load<typeof Place>("../operations/configStore/place");
  const { interactiveClients } = load<typeof Clients>("../delivery/clients");
  const { readerHere } = load<typeof Times>("../delivery/facts/times");
  const place = await placeOfConfig({ folder: resolve(folder), stack, bucket });
  return { place, clients: interactiveClients(place.region), reader: readerHere() };
}
