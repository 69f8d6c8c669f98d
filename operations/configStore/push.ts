import { GetCallerIdentityCommand, type STSClient } from "@aws-sdk/client-sts";
import type { S3Client } from "@aws-sdk/client-s3";
import { DeliveryError } from "../../delivery/errors";
import { sinceText, type Reader } from "../../delivery/facts/times";
import { git } from "../../delivery/git";
import { stackFileName } from "../../delivery/projectFolder";
import { requireStack } from "../../delivery/target";
import { readIfThere } from "../config/replace";
import { validateStack } from "../config/validate";
import { changesText } from "./changes";
import { addressOf, type ConfigPlace } from "./place";
import { remember, remembered } from "./remembered";
import { readStored, requireVersions, writeStored, type StoredConfig } from "./store";

export interface PushClients {
  readonly s3: Pick<S3Client, "send">;
  readonly sts: Pick<STSClient, "send">;
}

/** What is about to be pushed. */
export interface PlannedPush {
  readonly content: Buffer;
  /** What the bucket has; undefined where it has none. */
  readonly newest: StoredConfig | undefined;
  /** What a person reads before; empty where the bucket has this very file. */
  readonly acts: readonly string[];
}

/**
 * Looks at the file and at the bucket, and changes nothing.
 * @throws DeliveryError where config has a fault, nobody would take what is pushed, or the bucket has what was not pulled.
 */
export async function planPush(
  { s3 }: Pick<PushClients, "s3">,
  place: ConfigPlace,
  reader: Reader,
): Promise<PlannedPush> {
  const { folder, stack, file, pipeline } = place;
  requireStack(folder, stack);
  const { isInOrder, text } = await validateStack(folder, stack, {
    unchanged: "nothing was pushed",
  });
  if (!isInOrder) throw new DeliveryError(text);
  if (pipeline && !pipeline.takesConfig) throw takenFromSource(place);
  const content = readIfThere(file) ?? Buffer.alloc(0);
  await requireVersions(s3, place);
  const newest = await readStored(s3, place);
  if (newest?.content.equals(content)) return { content, newest, acts: [] };
  if (newest && remembered(place)?.version !== newest.version) throw unseen(place, newest, reader);
  const name = stackFileName(stack);
  return {
    ...{ content, newest },
    acts: [
      newest
        ? `${name} goes to ${addressOf(place)}, in place of what ${writtenText(newest, reader)}:`
        : `${name} goes to ${addressOf(place)}, which has none yet.`,
      ...(newest ? changesText(place, newest.content, content) : []),
      ...(pipeline ? [takenText(place, pipeline.name, newest === undefined)] : []),
      ...(await inGitText(place)),
    ],
  };
}

/**
 * Writes it, on the condition that nobody else has since.
 * @throws DeliveryError where somebody has, saying who and when.
 */
export async function push(
  { s3, sts }: PushClients,
  place: ConfigPlace,
  { content, newest }: Pick<PlannedPush, "content" | "newest">,
  reader: Reader,
): Promise<StoredConfig> {
  const { Arn: by = "" } = await sts.send(new GetCallerIdentityCommand({}));
  const written = await writeStored(s3, place, { content, by, after: newest?.etag });
  if (written) {
    remember(place, written.version, content);
    return written;
  }
  const now = await readStored(s3, place);
  // A request that was answered too late is repeated, and finds what it has written itself.
  if (now?.content.equals(content) && now.by === by) {
    remember(place, now.version, content);
    return now;
  }
  if (now) throw unseen(place, now, reader);
  throw new DeliveryError(
    `somebody deleted ${addressOf(place)} meanwhile. Nothing was pushed; the same once more would put it there anew`,
  );
}

/** The pipeline itself looks there from the `pulumi up` on that gives it the action. */
function takenText({ stack }: ConfigPlace, pipeline: string, isFirst: boolean): string {
  return isFirst
    ? `Executions of ${pipeline} take it once pulumi up --stack ${stack} has run.`
    : `The next execution of ${pipeline} takes it. One that has begun keeps what it took, also where it is tried again.`;
}

/** What follows. A release that runs is deployed again only where its commit is built anew. */
export function afterPush({ stack, pipeline }: ConfigPlace): string[] {
  const up = `pulumi up --stack ${stack}`;
  if (!pipeline?.takesCommits) {
    return [
      `What runs gets it by ${up}${pipeline ? "; the next release brings what is of tasks and services" : ""}`,
    ];
  }
  return [
    `To release it now: gantry deploy --stack ${stack} <release> (gantry releases --stack ${stack})`,
    `What is more than tasks and services changes by ${up}`,
  ];
}

/** `arn:… put there 2026-11-30 12:44 (3 min ago)`. */
export function writtenText({ by, at }: Pick<StoredConfig, "by" | "at">, reader: Reader): string {
  const who = by ?? "somebody (it does not say who)";
  return `${who} put there${at === undefined ? "" : ` ${sinceText(at, reader)}`}`;
}

function unseen(place: ConfigPlace, newest: StoredConfig, reader: Reader): DeliveryError {
  const { stack } = place;
  return new DeliveryError(
    `the bucket has a newer ${stackFileName(stack)} than was pulled here: what ${writtenText(newest, reader)} (version ${newest.version}). ` +
      `Nothing was pushed. Keep a copy of yours, gantry config pull --stack ${stack}, make your change again and push that`,
  );
}

function takenFromSource(place: ConfigPlace): DeliveryError {
  const { bucket, stack } = place;
  const name = stackFileName(stack);
  return new DeliveryError(
    `the pipeline of ${stack} takes ${name} from its source: nobody would see what is pushed. Nothing was pushed. To keep it in a bucket:`,
    [
      `1. in ${name}, below gantry:pipeline: config: { bucket: ${bucket} }, or another bucket that keeps versions; commit nothing yet`,
      `2. gantry config push --stack ${stack}`,
      `3. once no execution is under way: pulumi up --stack ${stack}`,
      `4. git rm --cached ${name}, add it to .gitignore, and commit, before any other commit`,
    ],
  );
}

async function inGitText({ folder, stack, pipeline }: ConfigPlace): Promise<string[]> {
  const name = stackFileName(stack);
  const listed = await git(folder, ["ls-files", "--", name]);
  if (!listed?.trim()) return [];
  const why = pipeline?.takesCommits
    ? " The pipeline refuses a commit that has another one than the bucket."
    : "";
  return [`Git has ${name} as well: git rm --cached ${name}, and add it to .gitignore.${why}`];
}
