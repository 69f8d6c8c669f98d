import type { KMSClient } from "@aws-sdk/client-kms";
import { DeliveryError } from "../../delivery/errors";
import type { Target } from "../../delivery/target";
import { environmentTags } from "../../stacks/config/tags";
import { variableOf } from "../../stacks/config/uses";
import { environmentKeyArn } from "./encryptionKey";
import { secretText, type MeantSecret } from "./meant";
import { useText, type SecretUse } from "./references";
import {
  changeSecret,
  createSecret,
  lookAt,
  readSecret,
  type FoundSecret,
  type SecretClients,
} from "./store";
import { keysLacking, requireSize, withKey } from "./value";

export interface SetPorts {
  readonly clients: SecretClients;
  readonly kms: () => Pick<KMSClient, "send">;
  readonly target: Target;
}

/** What setting a secret will do; nothing is done yet. */
export interface PlannedSecret {
  readonly meant: MeantSecret;
  /** Absent where it will be made. */
  readonly found?: FoundSecret;
  /** ARN of the key that encrypts a new one. Default: AWS's own. */
  readonly keyArn?: string;
  /** For people, one a line. */
  readonly acts: readonly string[];
}

/** @throws DeliveryError where it cannot be set, before anybody is asked for its value. */
export async function planSecret(ports: SetPorts, meant: MeantSecret): Promise<PlannedSecret> {
  const { clients, kms, target } = ports;
  const what = secretText(meant);
  const found = await lookAt(clients, meant);
  if (found !== undefined) {
    requireChangeable(target, meant, found);
    return { meant, found, acts: [`${what} gets a new value`, ...actsOfUse(meant, found)] };
  }
  if (meant.id.startsWith("arn:")) {
    throw new DeliveryError(
      `there is no ${meant.name} in ${meant.region} whose ARN is the one in config. Nothing was set.`,
      [`Have config name it ${meant.name}; then this command makes it, and its ARN is looked up.`],
    );
  }
  const keyArn = await environmentKeyArn(kms, target);
  const acts = [
    `${what} is created: there is none of that name yet`,
    keyArn === undefined
      ? "it is encrypted with AWS's own key, since the environment has none of its own (yet)"
      : `it is encrypted with the environment's key ${keyArn}`,
    ...actsOfUse(meant),
  ];
  return { meant, acts, ...(keyArn === undefined ? {} : { keyArn }) };
}

function actsOfUse({ uses }: MeantSecret, found?: FoundSecret): string[] {
  const acts = uses.map((use) => `${useText(use)} reads it ${when[use.at]}`);
  const { everyDays, nextAt } = found?.rotation ?? {};
  if (found?.rotation) {
    const often = everyDays === undefined ? "" : ` every ${everyDays} days`;
    acts.push(
      `it is rotated${often}${nextAt === undefined ? "" : `, next at ${nextAt}`}: what is set holds until then`,
    );
  }
  return acts;
}

const when: Readonly<Record<SecretUse["at"], string>> = {
  start: "when a task starts",
  build: "when its image is built",
  pipeline: "when it runs",
};

function requireChangeable({ region }: Target, meant: MeantSecret, found: FoundSecret): void {
  const refuse = (why: string, fix: string) => {
    throw new DeliveryError(`${meant.name} ${why}. Nothing was set.`, [fix]);
  };
  if (found.deletedUntil !== undefined) {
    refuse(
      `is deleted, and gone for good on ${found.deletedUntil}`,
      `Restore it first: aws secretsmanager restore-secret --region ${region} --secret-id ${found.id}`,
    );
  }
  if (found.owner !== undefined) {
    refuse(
      `is managed by ${found.owner}, which alone sets it`,
      "Have it rotated: aws secretsmanager rotate-secret --region " +
        `${region} --secret-id ${found.id}`,
    );
  }
  const type = found.parameter?.type;
  if (type !== undefined && type !== "SecureString") {
    refuse(
      `is a parameter of the type ${type}, which is not encrypted`,
      `Delete it (gantry secret rm, once config names it no more), then set it under this name: it is a SecureString then`,
    );
  }
  const pinned = meant.uses.filter(({ isPinned }) => isPinned);
  if (pinned.length > 0 && pinned.length === meant.uses.length) {
    refuse(
      "is named with a version, and nobody would read a new one",
      `Take the version off: ${pinned.map(({ path }) => `gantry:${path}`).join(", ")}`,
    );
  }
}

/**
 * Sets what was planned.
 * @throws DeliveryError where the value is none for its readers. No message has a part of it.
 */
export async function setSecret(
  { clients, target }: SetPorts,
  { meant, found, keyArn }: PlannedSecret,
  value: string,
): Promise<void> {
  const { store, key, name } = meant;
  let whole = value;
  if (key === undefined) {
    requireKeys(meant, value);
  } else {
    // As late as can be: what somebody else sets meanwhile would be lost.
    const current = found && (await readSecret(clients, { ...meant, id: found.id }));
    if (found !== undefined && current === undefined) {
      throw new DeliveryError(`${name} holds bytes, so it has no keys. Nothing was set.`);
    }
    whole = withKey(current, key, value);
  }
  requireSize(whole, store);
  if (found !== undefined) return changeSecret(clients, meant, found, whole);
  const description = `Read by ${target.config.name} ${target.stack}`;
  const tags = environmentTags(target.config);
  return createSecret(clients, meant, whole, { tags, keyArn, description });
}

function requireKeys({ name, uses }: MeantSecret, value: string): void {
  const lacking = keysLacking(
    value,
    uses.flatMap(({ key }) => key ?? []),
  );
  if (lacking.length === 0) return;
  throw new DeliveryError(
    `${name} is read by its keys, and what came is no JSON that has ${lacking.join(", ")}: tasks could not start. Nothing was set.`,
    [
      `To change one key and keep the others: --key ${lacking[0]}`,
      `To set all of it, give an object: {"${lacking[0]}": "...", ...}`,
    ],
  );
}

/** What is left to do, one a line. */
export function nextSteps(
  { stack }: Pick<Target, "stack">,
  given: string,
  meant: MeantSecret,
): string[] {
  const { uses, name, key } = meant;
  const started = [...new Set(uses.filter(({ at }) => at === "start").map((use) => use.service))];
  const others = [...new Set(uses.map(({ at }) => at))].filter((at) => at !== "start");
  const steps: string[] = others.map((at) =>
    at === "build"
      ? "The next build of an image reads it; an image that is built already does not change."
      : "The next run of the pipeline reads it.",
  );
  if (started.length > 0) {
    steps.unshift(
      `Tasks that run keep the value that they started with. They are replaced by the next release, or at once: gantry restart --stack ${stack} ${started.join(" ")}`,
    );
  }
  if (uses.length > 0) return steps;
  const last = given.split(/[/:]/).filter(Boolean).at(-1) ?? given;
  const variable = key === undefined ? last : `${name.split("/").at(-1)}_${key}`;
  const reference = key === undefined ? name : `${name}:${key}`;
  return [
    `Nothing of ${stack} reads it yet. Below a service of gantry:services in Pulumi.${stack}.yaml:`,
    `  secrets: { ${variableOf(variable.replace(/[.@+=!]/g, "-"), "").replace(/_$/, "")}: "${reference}" }`,
  ];
}
