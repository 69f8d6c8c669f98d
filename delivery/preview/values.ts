import { isRecord } from "../../contract/record";
import { secretInCommand, secretInVariable } from "../../stacks/config/secretValues";
import { unknownValue } from "../engine/changes";
import { shown, unseen } from "../plan/differences";
import { isVariableAt, optionBefore, structure, type Part } from "./parts";

/** What Pulumi's events have in place of a secret. */
const secret = "[secret]";

/** In place of what is not told within a value. */
const mask = "***";

/** Keys under which resources of any kind have the variables of a program. */
const variables = /^(?:environment|environmentVariables|variables)$/i;

/** Both sides of a part as short texts; of a variable or a secret no value, but `set` or `another value`. */
export function partTexts({ path, before, after }: Part): { from?: string; to?: string } {
  const isHidden = isVariableAt(path) || hasSecret(before) || hasSecret(after);
  const hides = (value: unknown) => isHidden || isSecret(nameOf(path), value);
  if (after === unknownValue) {
    return {
      from: hides(before) ? unseen(before, before).from : text(before),
      to: "known after the update",
    };
  }
  if (isHidden || (hides(before) && hides(after))) return unseen(before, after);
  return {
    from: hides(before) ? "set" : text(before),
    to: hides(after) ? "set" : text(after),
  };
}

/** Whether the engine hides a secret in it. */
export function hasSecret(value: unknown): boolean {
  return (JSON.stringify(value) ?? "").includes(secret);
}

function text(value: unknown): string | undefined {
  if (value === unknownValue) return "known after the update";
  const whole = structure(value);
  const told = typeof whole === "object" ? JSON.stringify(whole, masked) : whole;
  return shown(told)?.replaceAll(unknownValue, "...");
}

/** Replaces what JSON is not to tell: by what it is, and by what it, its option or the entry that it is the value of is called. */
function masked(this: unknown, key: string, value: unknown): unknown {
  const whole = structure(value);
  if (variables.test(key) && typeof whole === "object") return mask;
  const option = Array.isArray(this) ? optionBefore(this, Number(key)) : undefined;
  return isSecret(option ?? entryOf(this, key) ?? key, whole) ? mask : whole;
}

/** What an entry is called whose value stands under `key`: `{ name: "API_TOKEN", value: ... }`. */
function entryOf(holder: unknown, key: string): string | undefined {
  if (!isRecord(holder) || key.toLowerCase() !== "value") return undefined;
  const name = holder.name ?? holder.Name;
  return typeof name === "string" ? name : undefined;
}

function isSecret(name: string, value: unknown): boolean {
  if (typeof value !== "string") return false;
  const plain = name.replace(/^-+/, "").replaceAll("-", "_");
  return (secretInVariable(plain, value) ?? secretInCommand(value)) !== undefined;
}

/** What the value at a path is called: its last key, or the entry or option whose value it is. */
function nameOf(path: string): string {
  const entry = /\[([^\]]*)\](?:\.value)?$/i.exec(path)?.[1];
  return entry ?? path.split(".").at(-1) ?? "";
}
