import {
  CreateAliasCommand,
  CreateKeyCommand,
  DescribeKeyCommand,
  EnableKeyRotationCommand,
  GetKeyRotationStatusCommand,
  paginateListAliases,
  paginateListKeys,
  type KeyMetadata,
  type KMSClient,
} from "@aws-sdk/client-kms";
import type { Clock } from "../../delivery/clock";
import { DeliveryError, isNamed } from "../../delivery/errors";
import { withRight } from "./rights";

/** The key that Pulumi encrypts a stack's secrets with. */
export interface FoundKey {
  readonly arn: string;
  /** As KMS calls it: `Enabled`, `Disabled`, `PendingDeletion` and others. */
  readonly state: string;
  /** Whether Pulumi can use it: a symmetric one. */
  readonly encrypts: boolean;
  readonly rotates: boolean;
}

/** A key by its alias. */
export interface KeyPlace {
  readonly kms: KMSClient;
  /** With `alias/` before it. */
  readonly alias: string;
}

/** What is said of a key that is made. */
export interface NewKey extends KeyPlace {
  /** Tells it from others while it has no alias yet. */
  readonly description: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly clock: Pick<Clock, "sleep">;
}

/** @returns undefined where no key has the alias. */
export async function lookAtKey({ kms, alias }: KeyPlace): Promise<FoundKey | undefined> {
  const key = await described(kms, alias);
  if (key?.Arn === undefined) return undefined;
  const state = key.KeyState ?? "Enabled";
  const encrypts = key.KeySpec === "SYMMETRIC_DEFAULT" && key.KeyUsage === "ENCRYPT_DECRYPT";
  return {
    arn: key.Arn,
    state,
    encrypts,
    rotates: state === "Enabled" && (await rotates(kms, key.Arn)),
  };
}

async function rotates(kms: KMSClient, arn: string): Promise<boolean> {
  const { KeyRotationEnabled = false } = await withRight("kms:GetKeyRotationStatus", arn, () =>
    kms.send(new GetKeyRotationStatusCommand({ KeyId: arn })),
  );
  return KeyRotationEnabled;
}

/**
 * Makes the key, and its alias last: what has the alias is whole. A run that was killed before has left a key without one, which is
 * taken up.
 * @returns its ARN: that of somebody else's key, where two people do this at once.
 */
export async function makeKey(wanted: NewKey): Promise<string> {
  const { kms, alias } = wanted;
  const arn = (await unnamedKey(wanted)) ?? (await newKey(wanted));
  await withRight("kms:EnableKeyRotation", arn, () =>
    kms.send(new EnableKeyRotationCommand({ KeyId: arn })),
  );
  try {
    await withRight("kms:CreateAlias", `${alias} and ${arn}`, () =>
      kms.send(new CreateAliasCommand({ AliasName: alias, TargetKeyId: arn })),
    );
  } catch (error) {
    if (!isNamed(error, "AlreadyExistsException")) throw error;
  }
  return named(wanted);
}

async function newKey({ kms, description, tags }: NewKey): Promise<string> {
  const Tags = Object.entries(tags).map(([TagKey, TagValue]) => ({ TagKey, TagValue }));
  const { KeyMetadata } = await withRight("kms:CreateKey, with kms:TagResource,", "*", () =>
    kms.send(new CreateKeyCommand({ Description: description, Tags })),
  );
  return KeyMetadata?.Arn ?? "";
}

/** A new alias is not known everywhere at once ("Eventual consistency", AWS KMS developer guide). */
async function named({ kms, alias, clock }: NewKey): Promise<string> {
  for (let attempt = 0; attempt < 15; attempt++) {
    const key = await described(kms, alias);
    if (key?.Arn !== undefined) return key.Arn;
    await clock.sleep(2_000);
  }
  throw new DeliveryError(`KMS does not know ${alias} yet: run the same again in a minute`);
}

async function described(kms: KMSClient, key: string): Promise<KeyMetadata | undefined> {
  try {
    const { KeyMetadata } = await withRight("kms:DescribeKey", key, () =>
      kms.send(new DescribeKeyCommand({ KeyId: key })),
    );
    return KeyMetadata;
  } catch (error) {
    if (isNamed(error, "NotFoundException")) return undefined;
    throw error;
  }
}

/** A key of this description that has no alias. */
async function unnamedKey({ kms, description }: NewKey): Promise<string | undefined> {
  const aliased = new Set<string>();
  await withRight("kms:ListAliases", "*", async () => {
    for await (const { Aliases = [] } of paginateListAliases({ client: kms }, {})) {
      for (const { TargetKeyId } of Aliases) if (TargetKeyId) aliased.add(TargetKeyId);
    }
  });
  const unnamed: string[] = [];
  await withRight("kms:ListKeys", "*", async () => {
    for await (const { Keys = [] } of paginateListKeys({ client: kms }, {})) {
      for (const { KeyId } of Keys) if (KeyId && !aliased.has(KeyId)) unnamed.push(KeyId);
    }
  });
  for (const id of unnamed) {
    // One whose policy lets only others look is no key of ours.
    const key = await described(kms, id).catch(() => undefined);
    if (key?.Description === description && key.KeyState === "Enabled") return key.Arn;
  }
  return undefined;
}
