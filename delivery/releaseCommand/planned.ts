import type { ContainerDefinition, TaskDefinition } from "@aws-sdk/client-ecs";
import { DeliveryError } from "../errors";

/** What Pulumi would hand AWS for a task definition: the inputs of a preview. */
export type PlannedInputs = Readonly<Record<string, unknown>>;

/**
 * The task definition that the service will have with the release: what runs, with all that the update would change of it.
 * A migration must see the variables and secrets of the release that it belongs to, and run on what its image was built for.
 * @param planned undefined where the update would change nothing.
 * @throws DeliveryError where a part of it is known only once other resources are there.
 */
export function plannedTaskDefinition(
  current: TaskDefinition,
  planned: PlannedInputs | undefined,
  service: string,
): TaskDefinition {
  if (!planned) return current;
  const { cpu, memory, executionRoleArn, taskRoleArn, runtimePlatform, volumes } =
    withoutMarks(planned);
  return {
    ...current,
    containerDefinitions: containers(planned.containerDefinitions, service),
    ...given({ cpu, memory, executionRoleArn, taskRoleArn, runtimePlatform, volumes }),
  };
}

function containers(text: unknown, service: string): ContainerDefinition[] {
  try {
    return JSON.parse(String(text)) as ContainerDefinition[];
  } catch (error) {
    throw new DeliveryError(
      `the release command of ${service} cannot run yet: its task definition depends on resources that are not there. ` +
        "The service is unchanged. Apply the infrastructure first: pulumi up",
      [],
      { cause: error },
    );
  }
}

/** The engine marks in objects which properties the provider filled in; they are no inputs of AWS. */
function withoutMarks(inputs: PlannedInputs): PlannedInputs {
  const text = JSON.stringify(inputs, (key, value: unknown) =>
    key === "__defaults" ? undefined : value,
  );
  return JSON.parse(text) as PlannedInputs;
}

function given(parts: PlannedInputs): Partial<TaskDefinition> {
  return Object.fromEntries(Object.entries(parts).filter(([, value]) => value !== undefined));
}
