import { artifactFolder, artifacts } from "../contract/artifacts";
import { causeOf } from "../delivery/errors";
import type * as Times from "../delivery/facts/times";
import { stackFileName } from "../delivery/projectFolder";
import type * as Behind from "../operations/configStore/behind";
import type * as Place from "../operations/configStore/place";
import { load } from "./command";
import type { Session } from "./session";

/**
 * What a person is told before a command puts config in place by the file here, where the team's is in a bucket and another one. A build
 * was handed what its execution has taken. That the bucket cannot be asked is told, and stops nothing.
 */
export async function configBehind({
  target,
  clients,
}: Pick<Session, "target" | "clients">): Promise<string[]> {
  const { folder, stack, config } = target;
  const bucket = config.pipeline?.config?.bucket;
  if (bucket === undefined || artifactFolder(artifacts.config)) return [];
  try {
    const { placeOfConfig } = load<typeof Place>("../operations/configStore/place");
    const { behindText } = load<typeof Behind>("../operations/configStore/behind");
    const { readerHere } = load<typeof Times>("../delivery/facts/times");
    return await behindText(clients.s3, await placeOfConfig({ folder, stack }), readerHere());
  } catch (error) {
    return [
      `whether ${stackFileName(stack)} here is the newest is not known, since ${bucket} cannot be asked: ${causeOf(error)}`,
    ];
  }
}
