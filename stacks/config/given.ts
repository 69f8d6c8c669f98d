import { lastKey, type Path } from "./path";
import { writtenDay } from "./writtenDay";

const longest = 80;

export const nothing = "nothing";

/** What was given, for a person to find it again; of what may be a secret, only what kind of thing. */
export function describeGiven(path: Path, value: unknown): string {
  if (value === undefined) return nothing;
  if (value === null) return "nothing (null)";
  if (Array.isArray(value)) return value.length === 0 ? "an empty list" : "a list";
  if (typeof value === "object") {
    return Object.keys(value).length === 0 ? "an empty object" : "an object";
  }
  if (isHidden(path)) return hidden(path, value);
  return typeof value === "string" ? quote(writtenDay(value) ?? value) : JSON.stringify(value);
}

/** Whether the text at a path may be a secret, or hold one. */
export function isHidden(given: Path): boolean {
  const path = ofContainer(given);
  const [top, second, field] = path;
  if (top === "posture") return path.at(-1) !== "until";
  if (top === "pipeline") return second === "state" && String(field).endsWith("Secret");
  return (
    top === "services" &&
    (field === undefined ||
      ["environment", "secrets", "options"].includes(String(field)) ||
      isOfBuild(path))
  );
}

/** A path within a sidecar as that of its service: their keys are the same. */
function ofContainer(path: Path): Path {
  const [top, , field] = path;
  return top === "services" && field === "sidecars"
    ? [...path.slice(0, 2), ...path.slice(4)]
    : path;
}

/** Whether what is right at a path is where a secret is, and not the secret. */
export function isSecretReference(given: Path): boolean {
  const path = ofContainer(given);
  const [top, second, field] = path;
  if (top === "pipeline") return second === "state" && String(field).endsWith("Secret");
  if (top !== "services") return false;
  return isOfBuild(path) ? path.length > 4 : field === "secrets" && path.length > 3;
}

/** Whether a path is that of the secrets of a build, or of one of them. */
function isOfBuild([, , field, part]: Path): boolean {
  return field === "build" && part === "secrets";
}

function hidden(given: Path, value: unknown): string {
  if (typeof value === "string" && given[0] === "services" && isSecretReference(given)) {
    return "a value that is neither an ARN nor a name";
  }
  return typeof value === "string" ? "a text" : `a ${typeof value}`;
}

/** A text as it is; in quotes where it would read as something else. */
export function quote(text: string): string {
  const short = text.length > longest ? `${text.slice(0, longest)}...` : text;
  return /^[^\s"'\p{C}]+( [^\s"'\p{C}]+)*$/u.test(short) &&
    !/^(-?[\d.]+|true|false|null)$/.test(short)
    ? short
    : JSON.stringify(short);
}

/** `set cidr: x`, or `set cidr` to what a list's element belongs to. */
export function set(path: Path, value: string | number | boolean): string {
  return typeof path[path.length - 1] === "number"
    ? `write ${value} in ${lastKey(path)}`
    : `set ${lastKey(path)}: ${value}`;
}
