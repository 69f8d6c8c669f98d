import type { Finding } from "./issues";
import { nearest } from "./nearest";

export const namespace = "gantry";

/** The top-level keys, for a key of theirs that stands in another namespace. */
const topLevelKeys = [
  "kind",
  "name",
  "network",
  "cluster",
  "loadBalancer",
  "logs",
  "registry",
  "protection",
  "services",
  "quotas",
  "pipeline",
  "posture",
];

/** A key of another namespace that was meant for this one; its path is its whole name. */
export interface Stray {
  readonly key: string;
  readonly meant: string;
}

export interface Document {
  /** The values below `gantry:`. */
  readonly root: Record<string, unknown>;
  readonly secret: readonly Finding[];
  readonly stray: readonly Stray[];
}

/** Reads what Pulumi hands to a program: text by full key, objects as JSON. */
export function readDocument(
  project: string,
  values: Readonly<Record<string, string>>,
  secretKeys: ReadonlySet<string>,
): Document {
  const own: [key: string, value: unknown][] = [];
  const secret: Finding[] = [];
  const stray: Stray[] = [];
  for (const [fullKey, text] of Object.entries(values)) {
    const separator = fullKey.indexOf(":");
    const [space, key] = [fullKey.slice(0, separator), fullKey.slice(separator + 1)];
    if (space !== namespace) {
      const near = space === project || nearest(space, [namespace]) !== undefined;
      if (near && topLevelKeys.includes(key)) {
        stray.push({ key: fullKey, meant: `${namespace}:${key}` });
      }
    } else if (secretKeys.has(fullKey)) {
      secret.push({
        path: [key],
        given: "a secret",
        allowed: "plain config: it ends as plain text in a task definition",
        fix: "keep the value in Secrets Manager or SSM and name it under a service's secrets",
      });
    } else {
      own.push([key, key === "name" ? text : fromJson(text)]);
    }
  }
  return { root: Object.fromEntries(own), secret, stray };
}

/** A text that is not JSON stays a text, which the schema refuses where it wants something else. */
function fromJson(text: string): unknown {
  // The engine hands over an empty text where nothing follows a key.
  if (text === "") return null;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}
