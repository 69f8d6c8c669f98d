import {
  DeleteParameterCommand,
  GetParametersByPathCommand,
  PutParameterCommand,
  type SSMClient,
} from "@aws-sdk/client-ssm";
import { counted } from "../contract/counted";
import type { Release } from "../contract/manifest";
import type { EnvironmentNames } from "../contract/names";
import { parsePointer, pointerBytes, pointerSize, pointerText } from "../contract/pointer";
import { DeliveryError } from "./errors";

type PointerNames = Pick<EnvironmentNames, "releasePointer" | "releasePointerPath">;

/**
 * The release that the environment shall run.
 * @returns undefined before the first release. It is read by path: an absent parameter is then an answer.
 * @throws ReleaseError where the pointer is malformed.
 */
export async function readPointer(
  ssm: SSMClient,
  names: PointerNames,
): Promise<Release | undefined> {
  let next: string | undefined;
  do {
    const { Parameters = [], NextToken } = await ssm.send(
      new GetParametersByPathCommand({ Path: names.releasePointerPath, NextToken: next }),
    );
    const found = Parameters.find(({ Name }) => Name === names.releasePointer);
    if (found) {
      return parsePointer(found.Value ?? "", `the release pointer ${names.releasePointer} in SSM`);
    }
    next = NextToken;
  } while (next);
  return undefined;
}

/** What the pointer says beside the release. */
export interface PointerOptions {
  /**
   * Whether users shall not meet it yet. A `pulumi up` by a person, which verifies nothing, then refuses to put it where
   * requests are shifted. Default: they may.
   */
  readonly awaitsVerification?: boolean;
}

/**
 * Says which release the environment shall run from now on.
 * @throws DeliveryError where the manifest is too long; the pointer is as it was then.
 */
export async function writePointer(
  ssm: SSMClient,
  names: PointerNames,
  release: Release,
  { awaitsVerification = false }: PointerOptions = {},
): Promise<void> {
  checkPointerSize(release);
  await ssm.send(
    new PutParameterCommand({
      Name: names.releasePointer,
      Value: pointerText(awaitsVerification ? { ...release, awaitsVerification } : release),
      Type: "String",
      Overwrite: true,
      // Standard, which is free, up to 4 KB, and advanced past it.
      Tier: "Intelligent-Tiering",
    }),
  );
}

/** Takes the pointer back to where it is before the first release. An absent one is nothing to do. */
export async function deletePointer(ssm: SSMClient, names: PointerNames): Promise<void> {
  try {
    await ssm.send(new DeleteParameterCommand({ Name: names.releasePointer }));
  } catch (error) {
    if ((error as Error).name !== "ParameterNotFound") throw error;
  }
}

/** @throws DeliveryError where the manifest is longer than a parameter may be. */
export function checkPointerSize(release: Release): void {
  const size = pointerSize(release);
  if (size <= pointerBytes.advanced) return;
  throw new DeliveryError(
    `the manifest of release ${release.id} has ${size} bytes for ${counted(Object.keys(release.images).length, "service")}, and ` +
      `an SSM parameter holds ${pointerBytes.advanced}; nothing was changed. Spread the services over two products (gantry:name).`,
  );
}
