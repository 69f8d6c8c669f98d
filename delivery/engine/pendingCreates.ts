import type { Stack } from "@pulumi/pulumi/automation";
import type { Log } from "../progress";
import type { Target } from "../target";
import type { PendingOperation, ResourceState, StackState } from "./state";
import { serviceTargets, targetUrns } from "./targets";

/** The newest revision of a task definition family. */
export interface FoundTaskDefinition {
  readonly arn: string;
  readonly revision: number;
  /** By container: its image. */
  readonly images: Readonly<Record<string, string>>;
}

/** Asks ECS for the newest revision of a family; undefined where there is none. */
export type FindTaskDefinition = (family: string) => Promise<FoundTaskDefinition | undefined>;

/**
 * Fixes what an update left that was killed: Pulumi does not know whether the resource that it was making is there, and
 * the next update would make it again. A task definition that is there is taken into the state, so that no second
 * revision is registered; every other operation on a service is simply made again, which changes nothing twice.
 *
 * Pulumi's own `refresh --import-pending-creates` drops what replaces a resource that the state has under the same URN,
 * which is what every new revision does; hence the state itself is written.
 */
export async function settlePendingCreates(
  stack: Pick<Stack, "exportStack" | "importStack">,
  target: Target,
  find: FindTaskDefinition,
  progress?: Log,
): Promise<void> {
  const exported = await stack.exportStack();
  const state: StackState = exported;
  const pending = state.deployment.pending_operations ?? [];
  if (pending.length === 0) {
    return;
  }
  const own = new Set(targetUrns(target));
  const foreign = pending.filter(({ resource }) => !own.has(resource.urn));
  if (foreign.length > 0) {
    // Importing a state forgets every pending operation, and these are not ours to forget.
    progress?.(
      `an earlier update was killed over ${foreign.map(({ resource }) => resource.urn).join(", ")}: ` +
        `run pulumi refresh --stack ${target.stack}`,
    );
    return;
  }
  const adopted = new Map<string, ResourceState>();
  for (const [service, { taskDefinition }] of Object.entries(serviceTargets(target))) {
    const operation = pending.find(
      ({ resource, type }) => resource.urn === taskDefinition && type === "creating",
    );
    const known = state.deployment.resources?.find(({ urn }) => urn === taskDefinition);
    const found = operation && (await find(target.names.taskFamily(service)));
    const resource = known && found && adoptedResource(known, operation, found);
    if (resource) {
      progress?.(`taking in ${found.arn}, which a killed update had registered`);
      adopted.set(taskDefinition, resource);
    }
  }
  const resources = (state.deployment.resources ?? []).map(
    (resource) => (resource.delete === true ? undefined : adopted.get(resource.urn)) ?? resource,
  );
  await stack.importStack({
    ...exported,
    deployment: { ...state.deployment, pending_operations: [], resources },
  });
}

/** The resource of the state with what the killed operation made of it; undefined where it made nothing. */
export function adoptedResource(
  known: ResourceState,
  { resource: wanted }: PendingOperation,
  found: FoundTaskDefinition,
): ResourceState | undefined {
  const inputs = wanted.inputs ?? {};
  const images = containerImages(inputs.containerDefinitions);
  const same =
    images !== undefined &&
    Object.keys(images).length === Object.keys(found.images).length &&
    Object.entries(images).every(([name, image]) => found.images[name] === image);
  if (!same || known.outputs?.arn === found.arn) {
    return undefined;
  }
  const outputs = known.outputs ?? {};
  const changed = Object.keys(inputs).filter((key) => key in outputs && !key.startsWith("__"));
  return {
    ...known,
    inputs,
    outputs: {
      ...outputs,
      ...Object.fromEntries(changed.map((key) => [key, inputs[key]])),
      arn: found.arn,
      revision: found.revision,
    },
  };
}

interface Container {
  readonly name: string;
  readonly image: string;
}

function containerImages(definitions: unknown): Readonly<Record<string, string>> | undefined {
  if (typeof definitions !== "string") {
    return undefined;
  }
  const containers = JSON.parse(definitions) as readonly Container[];
  return Object.fromEntries(containers.map(({ name, image }) => [name, image]));
}
