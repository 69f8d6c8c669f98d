import type { Target } from "../target";

const taskDefinitionType = "aws:ecs/taskDefinition:TaskDefinition";
const serviceType = "aws:ecs/service:Service";

/** Addresses of what a release changes of a service. */
export interface ServiceTargets {
  readonly taskDefinition: string;
  /** Undefined of a job, which has none. */
  readonly service?: string;
}

/** By service: the URNs of its task definition and of its ECS service. */
export function serviceTargets(
  target: Pick<Target, "project" | "stack" | "names" | "config">,
): Readonly<Record<string, ServiceTargets>> {
  const { project, stack, names, config } = target;
  const urn = (parent: string, type: string, name: string) =>
    `urn:pulumi:${stack}::${project}::gantry:index:${parent}$${type}::${name}`;
  return Object.fromEntries(
    Object.entries(config.services).map(([service, { kind }]) => {
      const base = names.service(service);
      const task = `${base}-task`;
      return [
        service,
        kind === "job"
          ? { taskDefinition: urn("Job", taskDefinitionType, task) }
          : {
              taskDefinition: urn("Service", taskDefinitionType, task),
              service: urn("Service", serviceType, `${base}-service`),
            },
      ];
    }),
  );
}

/** Everything that a release may change. */
export function targetUrns(
  target: Pick<Target, "project" | "stack" | "names" | "config">,
): string[] {
  return Object.values(serviceTargets(target)).flatMap(({ taskDefinition, service }) =>
    service === undefined ? [taskDefinition] : [taskDefinition, service],
  );
}
