import type { EnvironmentConfig, Fault, ServiceConfig } from "../config";
import { containersOf } from "../config/containers";
import { nearest } from "../config/nearest";
import { isReference, type OwnReference } from "../config/own";
import { formatPath, type Path } from "../config/path";
import type { Returned } from "./returned";

type Kind = keyof Omit<Returned, "lookups">;

/** Where a kind is named in a service's config. */
const places: Readonly<Record<Kind, string>> = {
  values: "environment",
  secrets: "secrets",
  grants: "permissions",
  securityGroups: "securityGroups",
};

/** A name in config of what the function shall return. */
export interface Name {
  readonly path: Path;
  readonly kind: Kind;
  readonly from: string;
}

/** Every name of own resources in a config. */
export function namedIn({ services }: Pick<EnvironmentConfig, "services">): Name[] {
  return Object.entries(services).flatMap(([service, config]) =>
    namedOfService(config).map(({ path, ...rest }) => ({
      path: ["services", service, ...path],
      ...rest,
    })),
  );
}

function namedOfService(service: ServiceConfig): Name[] {
  const { permissions, securityGroups } = service;
  const found = (
    kind: Kind,
    values: Iterable<[string | number, string | object]>,
    place: Path = [],
  ): Name[] =>
    [...values].flatMap(([key, value]) =>
      isReference(value)
        ? [{ path: [...place, places[kind], key], kind, from: (value as OwnReference).from }]
        : [],
    );
  return [
    ...containersOf(service).flatMap(({ path, environment, secrets }) => [
      ...found("values", Object.entries(environment), path),
      ...found("secrets", Object.entries(secrets), path),
    ]),
    ...found("grants", permissions.entries()),
    ...found("securityGroups", securityGroups.entries()),
  ];
}

/** The names that nothing was returned by. */
export function unknownNames(names: readonly Name[], returned: Returned): Fault[] {
  return names
    .filter(({ kind, from }) => !Object.hasOwn(returned[kind], from))
    .map(({ path, kind, from }) => {
      const known = Object.keys(returned[kind]);
      return {
        path: formatPath(path),
        given: `from: ${from}, which is none of the ${kind} that resources returns`,
        allowed: known.join(", ") || `none: resources returns no ${kind}`,
        fix: fixOf(kind, from, known, returned),
      };
    });
}

function fixOf(kind: Kind, from: string, known: readonly string[], returned: Returned): string {
  const meant = nearest(from, known);
  if (meant !== undefined) return `set from: ${meant}`;
  const other = (Object.keys(places) as Kind[]).find((each) => Object.hasOwn(returned[each], from));
  return other === undefined
    ? `return it: { ${kind}: { ${from}: ... } }, or remove it here`
    : `it is one of the ${other}: take it under ${places[other]}, or return it under ${kind} too`;
}

/** The same, where the program has no function at all: known before anything is registered. */
export function namesOfNothing(names: readonly Name[]): Fault[] {
  return names.map(({ path, from }) => ({
    path: formatPath(path),
    given: `from: ${from}, and environment() was given no function`,
    allowed: "names that the function given to environment() returns",
    fix: "hand it over in index.ts: export = environment({ resources }) (docs/resources.md)",
  }));
}
