import { DeliveryError } from "../../delivery/errors";
import { secretText, type MeantSecret } from "./meant";
import { isSamePlace, referencedSecrets, useText } from "./references";
import { deleteSecret, lookAt, type FoundSecret, type SecretClients } from "./store";
import type { Target } from "../../delivery/target";

/** Days in which a deleted secret can be restored ("DeleteSecret", Secrets Manager API reference). */
export const recoveryDays = { least: 7, most: 30 } as const;

export interface PlannedRemoval {
  readonly meant: MeantSecret;
  readonly found: FoundSecret;
  readonly acts: readonly string[];
}

/**
 * What deleting a secret will do.
 * @param others the other stacks of the folder, whose config may name it, too.
 * @throws DeliveryError where config names it, or there is none.
 */
export async function planRemoval(
  clients: SecretClients,
  meant: MeantSecret,
  stacks: readonly Pick<Target, "config" | "names" | "region" | "stack">[],
  days: number,
): Promise<PlannedRemoval> {
  const { key, name, store } = meant;
  if (key !== undefined) {
    throw new DeliveryError(
      `${name} is deleted as a whole: leave its key ${key} out. Nothing was deleted.`,
    );
  }
  const readers = stacks.flatMap((target) =>
    referencedSecrets(target)
      .filter((one) => isSamePlace(one, meant))
      .map(({ use }) => `${target.stack}: ${useText(use)} (gantry:${use.path})`),
  );
  if (readers.length > 0) {
    throw new DeliveryError(
      `config names ${name}: tasks that start could not read it. Nothing was deleted. Take it out of config, and release that, first:`,
      readers,
    );
  }
  const found = await lookAt(clients, meant);
  if (found === undefined) {
    throw new DeliveryError(`there is no such secret: ${secretText(meant)}. Nothing was deleted.`);
  }
  if (found.deletedUntil !== undefined) {
    throw new DeliveryError(
      `${name} is deleted already, and gone for good on ${found.deletedUntil}. Nothing was done.`,
    );
  }
  return {
    ...{ meant, found },
    acts: [
      `${secretText(meant)} is deleted`,
      store === "secretsManager"
        ? `for ${days} days it can be restored, then it is gone for good`
        : "it is gone for good at once: SSM restores none",
      "no config of this folder names it; an earlier release that did could not start again (gantry rollback)",
    ],
  };
}

/** Deletes what was planned. @returns what became of it, for people. */
export async function removeSecret(
  clients: SecretClients,
  { meant, found }: PlannedRemoval,
  days: number,
): Promise<string> {
  const until = await deleteSecret(clients, meant, found, days);
  return until === undefined
    ? `${meant.name} is deleted`
    : `${meant.name} is deleted; until ${until} it can be restored: aws secretsmanager restore-secret --region ${meant.region} --secret-id ${found.id}`;
}
