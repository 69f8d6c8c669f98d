import type { Target } from "../target";

const taskDefinitionType = "aws:ecs/taskDefinition:TaskDefinition";
const serviceType = "aws:ecs/service:Service";

/** Addresses of what a release changes of a service. */
export interface ServiceTargets {
  readonly taskDefinition: string;
  readonly service: string;
}

/** By service: the URNs of its task definition and of its ECS service. */
export function serviceTargets(
  target: Pick<Target, "project" | "stack" | "names" | "config">,
): Readonly<Record<string, ServiceTargets>> {
  const { project, stack, names, config } = target;
  const urn = (type: string, name: string) =>
    `urn:pulumi:${stack}::${project}::gantry:index:Service$${type}::${name}`;
  return Object.fromEntries(
    Object.keys(config.services).map((service) => [
      service,
      {
        taskDefinition: urn(taskDefinitionType, `${names.service(service)}-task`),
        service: urn(serviceType, `${names.service(service)}-service`),
      },
    ]),
  );
}

/** Everything that a release may change. */
export function targetUrns(
  target: Pick<Target, "project" | "stack" | "names" | "config">,
): string[] {
  return Object.values(serviceTargets(target)).flatMap(({ taskDefinition, service }) => [
    taskDefinition,
    service,
  ]);
}
