import { isDeepStrictEqual } from "node:util";
import { appContainer } from "../../components/service/taskDefinition";
import type { PlannedChange } from "../engine";
import { serviceTargets } from "../engine/targets";
import type { Target } from "../target";

/** What a release changes of a service's task definition or of the service itself. */
export interface Difference {
  readonly service: string;
  /** Such as `cpu`, or for a container `app.environment.LOG_LEVEL`. */
  readonly property: string;
  /** Short text; undefined where there is none. */
  readonly from?: string;
  readonly to?: string;
}

/** What Pulumi's events have for a value that only the update makes known. */
const unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

type Values = Readonly<Record<string, unknown>>;

/** The differences property by property, containers by name; what only the update makes known is left out. */
export function differences(target: Target, changes: readonly PlannedChange[]): Difference[] {
  return Object.entries(serviceTargets(target)).flatMap(([service, urns]) =>
    changes
      .filter(({ urn }) => urn === urns.taskDefinition || urn === urns.service)
      .flatMap((change) => {
        const isService = change.urn === urns.service;
        const before = flattened(change.oldInputs);
        const after = flattened(change.newInputs);
        return [...new Set([...Object.keys(before), ...Object.keys(after)])]
          .filter((key) => !isDeepStrictEqual(before[key], after[key]) && after[key] !== unknown)
          .filter((key) => !(isService && key === "taskDefinition"))
          .sort()
          .map((key) => ({
            service,
            property: isService ? `service ${key}` : key,
            from: shown(before[key]),
            to: shown(after[key]),
          }));
      }),
  );
}

/** Whether a difference is the image that every release changes; a sidecar's is a setting like others. */
export function isImage({ property }: Difference): boolean {
  return property === `${appContainer}.image`;
}

function flattened(inputs: Values): Values {
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
    return { containerDefinitions: definitions };
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

function shown(value: unknown): string | undefined {
  if (value === undefined) return undefined;
  const text = typeof value === "string" ? shortImage(value) : JSON.stringify(value);
  return text.length > longest ? `${text.slice(0, longest - 3)}...` : text;
}

/** `.../shop-staging/web@sha256:0123456789ab`, without the registry and most of the digest. */
function shortImage(text: string): string {
  return text.replace(/^[^\s@]*?\/?([^\s/@]+\/[^\s/@]+@sha256:[0-9a-f]{12})[0-9a-f]{52}$/, "$1");
}
