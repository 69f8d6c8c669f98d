import type { S3Client } from "@aws-sdk/client-s3";
import type { Reader } from "../../delivery/facts/times";
import { stackFileName } from "../../delivery/projectFolder";
import { readIfThere } from "../config/replace";
import { addressOf, type ConfigPlace } from "./place";
import { writtenText } from "./push";
import { remembered, sha256Of } from "./remembered";
import { headStored } from "./store";

/**
 * What is told to whoever is about to put config in place by the file that lies here, where that is not what the bucket has.
 * @returns lines; none where it is the bucket's newest.
 * @throws DeliveryError, or what S3 answers, where it may not be asked.
 */
export async function behindText(
  s3: Pick<S3Client, "send">,
  place: ConfigPlace,
  reader: Reader,
): Promise<string[]> {
  const { stack, file } = place;
  const name = stackFileName(stack);
  const pull = `Its settings are put in place, too. To have those of the bucket: gantry config pull --stack ${stack}, and this again`;
  const newest = await headStored(s3, place);
  if (!newest) {
    return [
      `${name}: ${addressOf(place)} is not there, so nobody knows whether this is the newest`,
    ];
  }
  const known = remembered(place);
  if (known?.version !== newest.version) {
    const what = known ? "is older than the bucket's" : "was never pulled";
    const bucketHas = `what ${writtenText(newest, reader)} (version ${newest.version})`;
    return [`${name} here ${what}: the bucket has ${bucketHas}. ${pull}`];
  }
  const content = readIfThere(file);
  if (content && sha256Of(content) !== known.sha256) {
    return [`${name} here was changed and not pushed. ${pull}`];
  }
  return [];
}
