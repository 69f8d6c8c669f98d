import type { STSClient } from "@aws-sdk/client-sts";
import { callersAccount } from "../../delivery/account";
import { DeliveryError } from "../../delivery/errors";
import type { Target } from "../../delivery/target";
import { secretMeant, secretText, type MeantOptions, type MeantSecret } from "./meant";
import { isSamePlace, referencedSecrets } from "./references";
import { lookAt, readSecret, type SecretClients } from "./store";
import { jsonOf } from "./value";

/**
 * Which secret of another stack a copy is for: what its config calls so; for one under the first stack's own name, the same under
 * the other's.
 * @param as what it is to be called there. Default: as here.
 */
export function copyMeant(
  source: MeantSecret,
  given: string,
  { from, to, as, ...options }: { from: Target; to: Target; as?: string } & MeantOptions,
): MeantSecret {
  const own = from.names.secret("");
  const slash = source.name.startsWith("/") ? "/" : "";
  const isOwn = source.name.startsWith(slash + own);
  const isTheirs = referencedSecrets(to).some(({ use: { variable, service, path } }) =>
    [variable, `${service}.${variable}`, path].includes(given),
  );
  const name =
    as ??
    (isOwn && !isTheirs ? slash + to.names.secret(source.name.slice((slash + own).length)) : given);
  const meant = secretMeant(to, name, as === undefined ? options : {});
  if (isSamePlace(source, meant) && source.key === meant.key) {
    throw new DeliveryError(
      `${from.stack} and ${to.stack} have one in common, ${secretText(source)}: there is nothing to copy. To give ${to.stack} one of its own: --as <name>`,
    );
  }
  return meant;
}

/** The value to copy. @throws DeliveryError where there is none; no message has a part of it. */
export async function valueToCopy(clients: SecretClients, source: MeantSecret): Promise<string> {
  const found = await lookAt(clients, source);
  if (found === undefined || found.deletedUntil !== undefined) {
    throw new DeliveryError(`there is nothing to copy: ${secretText(source)} is not there`);
  }
  const whole = await readSecret(clients, { ...source, id: found.id });
  if (whole === undefined) throw new DeliveryError(`${source.name} holds bytes, and no text`);
  const { key } = source;
  if (key === undefined) return whole;
  const value = jsonOf(whole)?.[key];
  if (typeof value === "string" || typeof value === "number") return String(value);
  throw new DeliveryError(`${source.name} holds no JSON with a text ${key}. Nothing was copied.`);
}

/** @throws DeliveryError where config says that one of two environments is in another account than the credentials. */
export async function requireOneAccount(
  sts: Pick<STSClient, "send">,
  from: Target,
  to: Target,
): Promise<void> {
  const { promoteTo } = from.config.pipeline ?? {};
  const { promoteFrom } = to.config.pipeline ?? {};
  const known = [
    { stack: to.stack, account: promoteTo?.stack === to.stack ? promoteTo.account : undefined },
    {
      stack: from.stack,
      account: promoteFrom?.stack === from.stack ? promoteFrom.account : undefined,
    },
  ].filter(({ account }) => account !== undefined);
  if (known.length === 0) return;
  const { accountId } = await callersAccount(sts);
  for (const { stack, account } of known) {
    if (account === accountId) continue;
    throw new DeliveryError(
      `${stack} is in the account ${account}, and these credentials are of ${accountId}: a copy takes both in one. Nothing was copied.`,
      [`Set it by itself, with credentials of ${to.stack}: gantry secret set --stack ${to.stack}`],
    );
  }
}
