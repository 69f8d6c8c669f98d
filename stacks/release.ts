import { readFile } from "node:fs/promises";
import * as aws from "@pulumi/aws";
import { parseRelease, ReleaseError } from "../contract/manifest";
import type { EnvironmentNames } from "../contract/names";
import { parseDesired, type DesiredRelease } from "../contract/pointer";
import { variables } from "../contract/variables";
import { refuseAsleep } from "./asleep";

/**
 * The release that the environment shall run: the candidate that `GANTRY_RELEASE` names, else what the pointer says.
 * Undefined before the first release.
 * @throws ReleaseError when the manifest or the pointer is malformed; RunError where the environment sleeps and is to be changed.
 */
export async function readRelease(names: EnvironmentNames): Promise<DesiredRelease | undefined> {
  const candidate = process.env[variables.release];
  if (candidate) {
    return parseRelease(await readCandidate(candidate), `the release manifest ${candidate}`);
  }
  // What else stands beside the pointer may be a secret: it stays encrypted.
  const found = await aws.ssm.getParametersByPath({
    path: names.releasePointerPath,
    withDecryption: false,
  });
  await refuseAsleep(names, found);
  const index = found.names.indexOf(names.releasePointer);
  return index < 0
    ? undefined
    : parseDesired(found.values[index], `the release pointer ${names.releasePointer} in SSM`);
}

async function readCandidate(path: string): Promise<string> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new ReleaseError(
      `${variables.release} names a release manifest that cannot be read: ${reason}\n` +
        `Name an existing file, or unset ${variables.release} to keep the running release.`,
    );
  }
}
