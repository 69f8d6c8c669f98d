import { isDeepStrictEqual } from "node:util";
import { appContainer } from "../../contract/containers";
import type { PlannedChange } from "../engine";
import { unknownValue } from "../engine/changes";
import { serviceTargets } from "../engine/targets";
import type { Target } from "../target";

/** What a release changes of a service's task definition or of the service itself. */
export interface Difference {
  readonly service: string;
  /** Such as `cpu`, or for a container `app.environment.LOG_LEVEL`. */
  readonly property: string;
  /** Short text; undefined where there is none. Of a variable no value, but `set` or `another value`. */
  readonly from?: string;
  readonly to?: string;
}

/** Where containers that are no JSON stand: variables and all. */
const unreadable = "containerDefinitions";

type Values = Readonly<Record<string, unknown>>;

/**
 * The differences property by property, containers by name. What only the update makes known is left out, but containers:
 * Pulumi knows them as a whole or not at all, and one line says that they change.
 */
export function differences(target: Target, changes: readonly PlannedChange[]): Difference[] {
  return Object.entries(serviceTargets(target)).flatMap(([service, urns]) =>
    changes
      .filter(({ urn }) => urn === urns.taskDefinition || urn === urns.service)
      .flatMap((change) => {
        const isService = change.urn === urns.service;
        const [before, after] = comparable(change).map(flattened);
        const known = [...new Set([...Object.keys(before), ...Object.keys(after)])]
          .filter(
            (key) => !isDeepStrictEqual(before[key], after[key]) && after[key] !== unknownValue,
          )
          .filter((key) => !(isService && key === "taskDefinition"))
          .sort()
          .map((key) => ({
            service,
            property: isService ? `service ${key}` : key,
            ...(isVariable(key)
              ? unseen(before[key], after[key])
              : { from: shown(before[key]), to: shown(after[key]) }),
          }));
        return [...known, ...unknownContainers(service, change)];
      }),
  );
}

/** Both sides; containers that one of them does not know are compared on neither. */
function comparable({ oldInputs, newInputs }: PlannedChange): [Values, Values] {
  if (newInputs[unreadable] !== unknownValue) return [oldInputs, newInputs];
  const without = (inputs: Values): Values => ({ ...inputs, [unreadable]: undefined });
  return [without(oldInputs), without(newInputs)];
}

function unknownContainers(service: string, { newInputs }: PlannedChange): Difference[] {
  if (newInputs[unreadable] !== unknownValue) return [];
  return [{ service, property: "containers", from: "set", to: "known after the update" }];
}

/** Whether it is a variable of a container: its value may be a secret, and evidence is read by many and mailed. */
export function isVariable(key: string): boolean {
  return /^[^.]+\.environment(\.|$)/.test(key) || key === unreadable;
}

/** That a variable comes, changes or goes, without its values. */
export function unseen(before: unknown, after: unknown): Pick<Difference, "from" | "to"> {
  return {
    from: before === undefined ? undefined : "set",
    to: after === undefined ? undefined : before === undefined ? "set" : "another value",
  };
}

/** `web cpu: 256 -> 512` */
export function differenceText({ service, property, from, to }: Difference): string {
  return `${service} ${property}: ${from ?? "none"} -> ${to ?? "none"}`;
}

/** What a release changes beside images. */
export function beyondImages(target: Target, changes: readonly PlannedChange[]): Difference[] {
  return differences(target, changes).filter((difference) => !isImage(target, difference));
}

/** Whether a difference is the image of a container that a release has; one that a `transform` adds is a setting like others. */
export function isImage({ config }: Pick<Target, "config">, difference: Difference): boolean {
  const { service, property } = difference;
  const containers = [appContainer, ...Object.keys(config.services[service].sidecars)];
  return containers.some((container) => property === `${container}.image`);
}

/** The inputs of a resource by their properties, those of a task definition's containers by their names. */
export function flattened(inputs: Values): Values {
  const { containerDefinitions, ...rest } = inputs;
  const plain = Object.entries(rest).filter(([key]) => !key.startsWith("__"));
  return { ...Object.fromEntries(plain), ...containers(containerDefinitions) };
}

function containers(definitions: unknown): Values {
  if (typeof definitions !== "string") {
    return {};
  }
  let parsed: unknown;
  try {
    parsed = JSON.parse(definitions);
  } catch {
    return { [unreadable]: definitions };
  }
  const entries: [string, unknown][] = [];
  for (const container of parsed as readonly Values[]) {
    const { name, ...rest } = container;
    for (const [key, value] of Object.entries(rest)) {
      entries.push(...parts(`${String(name)}.${key}`, key, value));
    }
  }
  return Object.fromEntries(entries);
}

/** ECS has variables and secrets as lists of names with values, and keeps no order among them. */
function parts(path: string, key: string, value: unknown): [string, unknown][] {
  if ((key === "environment" || key === "secrets") && Array.isArray(value)) {
    return (value as readonly Values[]).map(({ name, value: plain, valueFrom }) => [
      `${path}.${String(name)}`,
      plain ?? valueFrom,
    ]);
  }
  const isEmpty = Array.isArray(value) && value.length === 0;
  return isEmpty ? [] : [[path, value]];
}

const longest = 120;

/** Short text of a value: an image without its registry, anything long cut. */
export function shown(value: unknown): string | undefined {
  if (value === undefined) return undefined;
  const text = typeof value === "string" ? shortImage(value) : JSON.stringify(value);
  return text.length > longest ? `${text.slice(0, longest - 3)}...` : text;
}

/** `shop/staging/web@sha256:0123456789ab`, without the registry and most of the digest. */
function shortImage(text: string): string {
  const repository = /^[^\s@]*?((?:[^\s/@]+\/){2}[^\s/@]+@sha256:[0-9a-f]{12})[0-9a-f]{52}$/;
  return text.replace(repository, "$1");
}
