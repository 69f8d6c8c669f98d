import { counted } from "../../contract/counted";
import { isRecord } from "../../contract/record";
import { DeliveryError } from "../../delivery/errors";
import type { SecretStore } from "./references";

/** Bytes that a secret may have: "CreateSecret" (Secrets Manager API reference), "PutParameter" (SSM: of the advanced tier). */
export const largestSecret: Readonly<Record<SecretStore, number>> = {
  secretsManager: 65_536,
  parameterStore: 8_192,
};

/** Above this a parameter is one of the advanced tier, for 0.05 USD a month ("AWS Systems Manager pricing", 2026). */
export const largestStandardParameter = 4_096;

const nothingSet = "Nothing was set.";

/**
 * The value that came by the standard input: a text without the newline at its end, of which one is taken off, since most programs
 * print one and no secret has it.
 * @throws DeliveryError where there is none, or bytes that are no text. No message has a part of it.
 */
export function valueOfInput(bytes: Uint8Array): string {
  let text: string;
  try {
    text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new DeliveryError(
      `what came is no text in UTF-8: encode it, as in base64. ${nothingSet}`,
    );
  }
  return usable(text.replace(/\r?\n$/, ""));
}

/** @throws DeliveryError where no container could have it in a variable. */
export function usable(value: string): string {
  if (value === "") {
    throw new DeliveryError(
      `no value came: pipe it in (gantry secret set ... < file), or type it where it is asked for. ${nothingSet}`,
    );
  }
  if (value.includes("\0")) {
    throw new DeliveryError(
      `the value has a byte 0, which no variable can hold: encode it, as in base64. ${nothingSet}`,
    );
  }
  return value;
}

/** @throws DeliveryError where a store takes no value of that size. */
export function requireSize(value: string, store: SecretStore): void {
  const size = Buffer.byteLength(value);
  const most = largestSecret[store];
  if (size <= most) return;
  const fix =
    store === "parameterStore"
      ? `keep it in Secrets Manager, which takes ${largestSecret.secretsManager}`
      : "keep it in a bucket, and let the service read it there";
  throw new DeliveryError(
    `the value has ${counted(size, "byte")}, of which ${most} can be kept: ${fix}. ${nothingSet}`,
  );
}

/** The JSON that a secret holds, or undefined where it holds none. No error has a part of it. */
export function jsonOf(text: string): Record<string, unknown> | undefined {
  try {
    const content: unknown = JSON.parse(text);
    return isRecord(content) ? content : undefined;
  } catch {
    return undefined;
  }
}

/**
 * The secret with one key of its JSON changed, and all others as they are.
 * @param current absent where there is no secret yet.
 * @throws DeliveryError where it holds no JSON, or what would not be the same afterwards.
 */
export function withKey(current: string | undefined, key: string, value: string): string {
  if (current === undefined) return JSON.stringify({ [key]: value });
  const content = jsonOf(current);
  if (content === undefined) {
    throw new DeliveryError(
      `the secret holds no JSON object, so it has no keys: leave the key out to replace all of it. ${nothingSet}`,
    );
  }
  if (hasLargeNumber(current)) {
    throw new DeliveryError(
      `the secret holds a number of more than 15 digits, which would not stay as it is: write it in quotes, or set all of it. ${nothingSet}`,
    );
  }
  return JSON.stringify({ ...content, [key]: value });
}

function hasLargeNumber(text: string): boolean {
  let found = false;
  JSON.parse(text, (_, value: unknown) => {
    if (typeof value === "number" && Number.isInteger(value) && !Number.isSafeInteger(value)) {
      found = true;
    }
    return value;
  });
  return found;
}

/** The keys that a value lacks of those that are read of it. */
export function keysLacking(value: string, keys: readonly string[]): string[] {
  const content = jsonOf(value) ?? {};
  return [...new Set(keys)].filter((key) => !Object.hasOwn(content, key));
}
