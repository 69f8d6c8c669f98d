import { isRecord } from "../../contract/record";
import type { EnvironmentConfig } from "../../stacks/config";
import { secretIn, secretInVariable } from "../../stacks/config/secretValues";

/** A setting that two environments have otherwise, after defaults. */
export interface ConfigDifference {
  /** As config writes it: `services.web.cpu`. */
  readonly path: string;
  /** As JSON; what looks like a secret is three stars. Absent where the environment has no such setting. */
  readonly a?: string;
  readonly b?: string;
  /** Whether it is another by construction: a domain, or a name that has the stack's in it. */
  readonly isName: boolean;
}

/** The key of a secret that only one of two environments has. */
export interface SecretDifference {
  readonly service: string;
  /** The variable that the container gets. */
  readonly key: string;
  readonly onlyIn: "a" | "b";
}

/** References to secrets are named by their keys alone. */
const ofSecrets = /^services\.[^.]+\.(?:sidecars\.[^.]+\.)?secrets(?:\.|$)/;
/** Names of one's own, which no two environments share. */
const ofNames = /^loadBalancer\.domain(?:\.|$)/;

/** Settings that differ, by their paths; secrets are `secretDifferences`'s. */
export function configDifferences(a: EnvironmentConfig, b: EnvironmentConfig): ConfigDifference[] {
  const [ofA, ofB] = [settingsOf(a), settingsOf(b)];
  const paths = [...new Set([...ofA.keys(), ...ofB.keys()])].sort();
  return paths
    .filter((path) => path !== "stack" && !ofSecrets.test(path) && ofA.get(path) !== ofB.get(path))
    .map((path) => {
      const [inA, inB] = [ofA.get(path), ofB.get(path)];
      const renamed = path !== "kind" && inA?.replaceAll(a.stack, b.stack) === inB;
      return {
        path,
        ...(inA === undefined ? {} : { a: withoutSecret(path, inA) }),
        ...(inB === undefined ? {} : { b: withoutSecret(path, inB) }),
        isName: renamed || ofNames.test(path),
      };
    });
}

/** Each leaf by its path; a list is one, since what moves in it would change all that follows. */
function settingsOf(
  value: unknown,
  path = "",
  found = new Map<string, string>(),
): Map<string, string> {
  if (isRecord(value) && Object.keys(value).length > 0) {
    for (const [key, inner] of Object.entries(value)) {
      settingsOf(inner, path === "" ? key : `${path}.${key}`, found);
    }
  } else if (value !== undefined) {
    found.set(path, JSON.stringify(value));
  }
  return found;
}

function withoutSecret(path: string, json: string): string {
  const name = path.slice(path.lastIndexOf(".") + 1);
  const isSecret = secretIn(json) !== undefined || secretInVariable(name, json) !== undefined;
  return isSecret ? "***" : json;
}

/** Keys of secrets that one has and the other has not, of services that both have. */
export function secretDifferences(a: EnvironmentConfig, b: EnvironmentConfig): SecretDifference[] {
  return Object.keys(a.services)
    .filter((service) => Object.hasOwn(b.services, service))
    .flatMap((service) => {
      const [inA, inB] = [a, b].map(({ services }) => Object.keys(services[service].secrets));
      return [
        ...inA
          .filter((key) => !inB.includes(key))
          .map((key) => ({ service, key, onlyIn: "a" as const })),
        ...inB
          .filter((key) => !inA.includes(key))
          .map((key) => ({ service, key, onlyIn: "b" as const })),
      ];
    });
}
