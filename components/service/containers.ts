import type * as pulumi from "@pulumi/pulumi";
import { appContainer } from "../../contract/containers";
import type { WebServiceArgs } from "./args";
import type { Account } from "../shared/account";
import type { ResolvedSecret } from "./resolvedSecret";
import { resolveSecrets } from "./secrets";
import type { TaskArgs } from "./taskArgs";

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

/** Which container of a web service a load balancer leads requests to, and on which port. */
export function routedContainer({ port, route, sidecars = {} }: WebServiceArgs) {
  const name = route?.container;
  const sidecarPort = name === undefined ? undefined : sidecars[name].port;
  return name === undefined || sidecarPort === undefined
    ? { containerName: appContainer, containerPort: port }
    : { containerName: name, containerPort: sidecarPort };
}
