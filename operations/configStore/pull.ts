import { realpathSync, rmSync } from "node:fs";
import type { S3Client } from "@aws-sdk/client-s3";
import { DeliveryError } from "../../delivery/errors";
import type { Reader } from "../../delivery/facts/times";
import { stackFileName } from "../../delivery/projectFolder";
import { meantHint } from "../../stacks/config/nearest";
import { copyBeside, readIfThere, replaceBy } from "../config/replace";
import { changesText } from "./changes";
import { addressOf, type ConfigPlace } from "./place";
import { writtenText } from "./push";
import { remember, remembered, sha256Of } from "./remembered";
import { readStored, storedStacks, type StoredConfig } from "./store";

/** What is about to be pulled. */
export interface PlannedPull {
  readonly stored: StoredConfig;
  /** The newest version: what the next push takes the place of. */
  readonly newest: StoredConfig;
  /** What stands in the file; undefined where there is none. */
  readonly before: Buffer | undefined;
  /** What a person is told of it. */
  readonly changes: readonly string[];
  /** Whether the file has what was never pushed, and is lost. */
  readonly losesChanges: boolean;
}

/**
 * Looks at the bucket and at the file, and changes nothing.
 * @param version default: the newest.
 * @throws DeliveryError where the bucket has none of the stack.
 */
export async function planPull(
  s3: Pick<S3Client, "send">,
  place: ConfigPlace,
  reader: Reader,
  version?: string,
): Promise<PlannedPull> {
  const { stack, file } = place;
  const newest = await readStored(s3, place);
  if (!newest) {
    const others = await storedStacks(s3, place);
    const has = others.length > 0 ? ` The bucket has ${others.join(", ")}.` : "";
    throw new DeliveryError(
      `${addressOf(place)} is not there: nobody has pushed ${stackFileName(stack)} yet, or it is of another project or bucket.${has}` +
        `${meantHint(stack, others, " ")} Who has the file: gantry config push --stack ${stack}. Nothing was done`,
    );
  }
  const stored =
    version === undefined || version === newest.version
      ? newest
      : ((await readStored(s3, place, version)) ?? newest);
  const before = readIfThere(file);
  const isSame = before?.equals(stored.content) ?? false;
  const isPushed = before && remembered(place)?.sha256 === sha256Of(before);
  const losesChanges = before !== undefined && !isSame && !isPushed;
  const name = stackFileName(stack);
  const what = `what ${writtenText(stored, reader)} (version ${stored.version})`;
  return {
    ...{ stored, newest, before, losesChanges },
    changes:
      before === undefined || isSame
        ? []
        : [
            losesChanges
              ? `${name} here was changed and not pushed. That is lost, and ${what} takes its place:`
              : `In the place of ${name} comes ${what}:`,
            ...changesText(place, stored.content, before),
          ],
  };
}

/**
 * Puts it in the file's place, whose mode it keeps, in one step.
 * @returns whether something was changed.
 * @throws DeliveryError where the file was changed since it was looked at, or cannot be written.
 */
export function pull(
  place: ConfigPlace,
  { stored, newest, before }: Pick<PlannedPull, "stored" | "newest" | "before">,
): boolean {
  const isSame = before?.equals(stored.content) ?? false;
  if (!isSame) {
    // Where it is a link, what it leads to is replaced.
    const file = before === undefined ? place.file : realpathSync(place.file);
    const copy = copyBeside(file, stored.content, "pull");
    const fault = replaceBy(copy, stored.content, { file, before });
    if (fault !== undefined) {
      rmSync(copy, { force: true });
      throw new DeliveryError(`${fault}: ${place.file} is as it was`);
    }
  }
  remember(place, newest.version, stored.content);
  return !isSame;
}
