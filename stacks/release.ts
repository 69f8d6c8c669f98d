import { readFile } from "node:fs/promises";
import * as aws from "@pulumi/aws";
import { parseRelease, ReleaseError, type Release } from "./manifest";
import type { EnvironmentNames } from "./names";

/** The variable with which plan and deploy hand over their candidate: the path of a release manifest. */
export const candidateVariable = "GANTRY_RELEASE";

/**
 * The release that the environment shall run: the candidate that `GANTRY_RELEASE` names, else what the pointer says.
 * Undefined before the first release.
 * @throws ReleaseError when the manifest or the pointer is malformed.
 */
export async function readRelease(names: EnvironmentNames): Promise<Release | undefined> {
  const candidate = process.env[candidateVariable];
  if (candidate) {
    return parseRelease(await readCandidate(candidate), `the release manifest ${candidate}`);
  }
  const found = await aws.ssm.getParametersByPath({ path: names.releasePointerPath });
  const index = found.names.indexOf(names.releasePointer);
  return index < 0
    ? undefined
    : parseRelease(found.values[index], `the release pointer ${names.releasePointer} in SSM`);
}

async function readCandidate(path: string): Promise<string> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new ReleaseError(
      `${candidateVariable} names a release manifest that cannot be read: ${reason}\n` +
        `Name an existing file, or unset ${candidateVariable} to keep the running release.`,
    );
  }
}
