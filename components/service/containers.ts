import type * as pulumi from "@pulumi/pulumi";
import { appContainer } from "../../contract/containers";
import type { WebServiceArgs } from "./args";
import type { Account } from "../shared/account";
import type { ResolvedSecret } from "./resolvedSecret";
import { resolveSecrets } from "./secrets";
import type { ContainerDependencies, SidecarArgs } from "./containerArgs";
import type { TaskArgs } from "./taskArgs";
import type { ContainerImage } from "./taskDefinition";

/** By container, the service's own among them. */
export type ContainerSecrets = Readonly<Record<string, pulumi.Output<ResolvedSecret[]>>>;

/** The secrets of every container of a task. */
export function containerSecrets(
  { secrets = {}, sidecars = {} }: TaskArgs,
  account: Account,
  parent: pulumi.Resource,
): ContainerSecrets {
  const references = [
    [appContainer, secrets] as const,
    ...Object.entries(sidecars).map(([name, sidecar]) => [name, sidecar.secrets ?? {}] as const),
  ];
  return Object.fromEntries(
    references.map(([name, given]) => [name, resolveSecrets(given, account, parent)]),
  );
}

/** What a task pulls its images from, as far as they are not public. */
export function repositoriesOf({ repositoryArn, sidecars = {} }: TaskArgs) {
  const all = [repositoryArn, ...Object.values(sidecars).map((sidecar) => sidecar.repositoryArn)];
  return all.filter((arn) => arn !== undefined);
}

/** A sidecar that has an image. */
export type RunningSidecar = SidecarArgs & { readonly image: ContainerImage };

/** The sidecars that have an image, and what the containers wait for among them. */
export function runningContainers({ sidecars = {}, dependsOn }: TaskArgs): {
  readonly dependsOn: ContainerDependencies;
  readonly sidecars: Readonly<Record<string, RunningSidecar>>;
} {
  const running = Object.entries(sidecars).flatMap(([name, { image, ...sidecar }]) =>
    image === undefined ? [] : [[name, { ...sidecar, image }] as const],
  );
  const names = [appContainer, ...running.map(([name]) => name)];
  const among = (given: ContainerDependencies = {}) =>
    Object.fromEntries(Object.entries(given).filter(([name]) => names.includes(name)));
  return {
    dependsOn: among(dependsOn),
    sidecars: Object.fromEntries(
      running.map(([name, sidecar]) => [name, { ...sidecar, dependsOn: among(sidecar.dependsOn) }]),
    ),
  };
}

/** Which container of a web service a load balancer leads requests to, and on which port: a sidecar as soon as it has an image. */
export function routedContainer({ port, route, sidecars = {} }: WebServiceArgs) {
  const name = route?.container;
  const sidecar = name === undefined ? undefined : sidecars[name];
  return name === undefined || sidecar?.image === undefined
    ? { containerName: appContainer, containerPort: port }
    : { containerName: name, containerPort: sidecar.port ?? port };
}
