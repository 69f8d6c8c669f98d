import type * as pulumi from "@pulumi/pulumi";
import type { PipelineArgs, PipelineServiceArgs } from "./args";

/** The services that have a build of their own. */
export function builtServices({ services }: Pick<PipelineArgs, "services">): string[] {
  return Object.keys(services).filter((name) => services[name].imageFrom === undefined);
}

/** The services whose images the build of one makes: itself first. */
export function servicesOfBuild(
  { services }: Pick<PipelineArgs, "services">,
  built: string,
): string[] {
  return [built, ...Object.keys(services).filter((name) => services[name].imageFrom === built)];
}

/** ARNs of the repositories of services, those of their sidecars among them. */
export function repositoryArns(services: readonly PipelineServiceArgs[]): pulumi.Input<string>[] {
  return services.flatMap(({ repositoryArn, sidecars = {} }) => [
    repositoryArn,
    ...Object.values(sidecars).map((sidecar) => sidecar.repositoryArn),
  ]);
}
