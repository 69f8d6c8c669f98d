import type { EnvironmentConfig } from "../../stacks/config";
import { shortPath } from "../../stacks/config/path";
import { mask, maskedValue, settingsOf } from "../config/settings";

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
  const [ofA, ofB] = [a, b].map(
    (config) => new Map(settingsOf(config).map((one) => [shortPath(one.path), one])),
  );
  const textIn = (one: typeof ofA, path: string) => {
    const value = one.get(path)?.value;
    return value === undefined ? undefined : JSON.stringify(value);
  };
  const shown = (one: typeof ofA, path: string) => {
    const setting = one.get(path);
    if (setting === undefined) return undefined;
    const masked = maskedValue(setting.value, setting.path);
    return masked === mask ? mask : JSON.stringify(masked);
  };
  const paths = [...new Set([...ofA.keys(), ...ofB.keys()])].sort();
  return paths
    .filter((path) => path !== "stack" && !ofSecrets.test(path))
    .flatMap((path) => {
      const [inA, inB] = [textIn(ofA, path), textIn(ofB, path)];
      if (inA === inB) return [];
      const renamed = path !== "kind" && inA?.replaceAll(a.stack, b.stack) === inB;
      return [
        {
          path,
          ...(inA === undefined ? {} : { a: shown(ofA, path) }),
          ...(inB === undefined ? {} : { b: shown(ofB, path) }),
          isName: renamed || ofNames.test(path),
        },
      ];
    });
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
