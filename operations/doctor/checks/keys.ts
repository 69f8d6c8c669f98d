import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { DescribeKeyCommand, type KeyMetadata } from "@aws-sdk/client-kms";
import { parse } from "yaml";
import { counted } from "../../../contract/counted";
import { isNamed } from "../../../delivery/errors";
import type { Target } from "../../../delivery/target";
import { awsKeys } from "../../../stacks/config/encryptionKey";
import type { Check, Finding, Unchecked } from "../check";
import { uncheckedBy } from "../failure";

/** A key that an environment cannot do without. */
interface UsedKey {
  /** ARN, id, or `alias/...`. */
  readonly id: string;
  readonly where: string;
  /** What is lost with it. */
  readonly holds: string;
}

/** Whether the KMS keys of data and state are there and enabled: what they encrypt cannot be read otherwise. */
export const keysCheck: Check = {
  name: "keys",
  title: "the KMS keys",
  rights: ["kms:DescribeKey"],
  run: async ({ target, clients }) => {
    const used = usedKeys(target, await secretsProvider(target));
    const findings: Finding[] = [];
    const unchecked: Unchecked[] = [];
    for (const key of used) {
      try {
        const { KeyMetadata } = await clients.kms.send(new DescribeKeyCommand({ KeyId: key.id }));
        if (KeyMetadata) findings.push(...keyFindings(key, KeyMetadata, target.region));
      } catch (error) {
        if (isNamed(error, "NotFoundException")) findings.push(missing(key, target));
        else unchecked.push(uncheckedBy(error, `the key of ${key.where}`, ["kms:DescribeKey"]));
      }
    }
    const well = used.length === 0 ? "AWS's own alone" : `${counted(used.length, "key")}, enabled`;
    return { well, findings, unchecked };
  },
};

/** @param provider the stack's `secretsprovider`, as Pulumi writes it: `awskms://<key>?region=...`. */
export function usedKeys({ config, names }: Target, provider: string | undefined): UsedKey[] {
  const own = config.encryptionKeyArn ?? `alias/${names.prefix}`;
  const state = config.pipeline?.state.keyArn;
  // An alias stands behind three slashes, or two.
  const secrets = /^awskms:\/\/\/?([^?]+)/.exec(provider ?? "")?.[1];
  const holds = "the secrets in Pulumi's state";
  return [
    ...(own === awsKeys
      ? []
      : [{ id: own, where: "encryptionKeyArn", holds: "logs, images, messages and data" }]),
    ...(secrets === undefined ? [] : [{ id: secrets, where: "secretsprovider", holds }]),
    ...(state === undefined || state === secrets
      ? []
      : [{ id: state, where: "pipeline.state.keyArn", holds: "Pulumi's state" }]),
  ];
}

async function secretsProvider({ folder, stack }: Target): Promise<string | undefined> {
  const file = join(folder, `Pulumi.${stack}.yaml`);
  const text = await readFile(file, "utf8").catch(() => "");
  const content = parse(text) as { readonly secretsprovider?: unknown } | null;
  const provider = content?.secretsprovider;
  return typeof provider === "string" ? provider : undefined;
}

/** What is wrong with a key. */
export function keyFindings(
  { where, holds }: Pick<UsedKey, "where" | "holds">,
  { KeyId: id, KeyState: state, DeletionDate: deleted }: KeyMetadata,
  region: string,
): Finding[] {
  const found = { severity: "error", where } as const;
  const enable = `aws kms enable-key --region ${region} --key-id ${id}`;
  if (state === "PendingDeletion" || state === "PendingReplicaDeletion") {
    const on = deleted ? ` on ${deleted.toISOString().slice(0, 10)}` : "";
    return [
      {
        ...found,
        what: `the key ${id} is deleted${on}, and with it ${holds}: nothing can read them then, nor now`,
        fix: "take the deletion back, and enable it",
        command: `aws kms cancel-key-deletion --region ${region} --key-id ${id} && ${enable}`,
      },
    ];
  }
  if (state === "Disabled") {
    const what = `the key ${id} is disabled: ${holds} cannot be read or written`;
    return [{ ...found, what, fix: "enable it", command: enable }];
  }
  if (state === "Unavailable" || state === "PendingImport") {
    const what = `the key ${id} is ${state}: ${holds} cannot be read or written`;
    return [{ ...found, what, fix: "give it its key material, or connect its key store" }];
  }
  return [];
}

function missing({ id, where, holds }: UsedKey, { stack }: Target): Finding {
  const isMade = id.startsWith("alias/") && where === "encryptionKeyArn";
  return {
    severity: "error",
    where,
    what: `there is no key ${id}, which encrypts ${holds}`,
    ...(isMade
      ? {
          fix: "make it, where the environment is not made yet; else it lost its alias: see CloudTrail (DeleteAlias)",
          command: `pulumi refresh --stack ${stack} && pulumi up --stack ${stack}`,
        }
      : { fix: "name a key that is there, in the stack's account and region" }),
  };
}
