import * as pulumi from "@pulumi/pulumi";
import type { ContainerOrder, SidecarArgs } from "../components";
import { appContainer, imageKey } from "../contract/containers";
import { containerCheck } from "./config/containerCheck";
import type { SidecarConfig } from "./config/sidecars";
import { takenVariables } from "./resources/taken";
import { releasedImage, type ServiceContext } from "./service";

/**
 * The sidecars of a service and the order in which its containers start. A sidecar is there from the first release on that has its
 * image; what starts the task has its rights before, since a deployment changes services and their task definitions alone.
 */
export function containers(
  name: string,
  context: ServiceContext,
): ContainerOrder & { readonly sidecars: Readonly<Record<string, SidecarArgs>> } {
  const { config, own } = context;
  const service = config.services[name];
  return {
    dependsOn: service.dependsOn,
    containerHealthCheck: containerCheck(service),
    sidecars: Object.fromEntries(
      Object.entries(service.sidecars).map(([sidecar, given]) => {
        const { kind, port, essential, dependsOn, healthCheck, user } = given;
        const { readonlyRootFilesystem, cpu, memoryMiB, options, configFile } = given;
        const { volumes, writablePaths, capabilities } = given;
        const place = ["services", name, "sidecars", sidecar];
        return [
          sidecar,
          {
            ...{ kind, port, essential, dependsOn, healthCheck, user },
            ...{
              readonlyRootFilesystem,
              cpu,
              memoryMiB,
              options,
              configFile,
              volumes,
              writablePaths,
              capabilities,
            },
            ...takenVariables(place, given, own, config),
            ...sidecarImage(name, sidecar, given, context),
          },
        ];
      }),
    ),
  };
}

function sidecarImage(
  service: string,
  sidecar: string,
  { build, image, entrypoint: entryPoint, command }: SidecarConfig,
  context: ServiceContext,
): Pick<SidecarArgs, "image" | "repositoryArn"> {
  const { registry } = context;
  const isOwn = build !== undefined || image !== undefined;
  const key = imageKey({ service, container: isOwn ? sidecar : appContainer });
  const released = releasedImage(key, context);
  const repositoryUrl = registry.repositoryUrls[key];
  return {
    image: released && {
      uri: pulumi.interpolate`${repositoryUrl}@${released.digest}`,
      ...{ entryPoint, command },
    },
    // The service's own is pulled from anyway.
    ...(isOwn ? { repositoryArn: registry.repositoryArns[key] } : {}),
  };
}
