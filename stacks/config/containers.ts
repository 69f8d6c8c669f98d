import {
  appContainer,
  containerOf,
  imageKey,
  type ContainerPlace,
} from "../../contract/containers";
import type { BuildConfig } from "./build";
import { literals } from "./own";
import type { Path } from "./path";
import type { SidecarConfig } from "./sidecars";
import type { ServiceConfig, ServicesConfig } from "./types";

/** What every container of a service has, its own one and sidecars. */
export interface ContainerConfig extends Pick<
  SidecarConfig,
  "build" | "image" | "environment" | "secrets"
> {
  readonly healthCheck?: { readonly command?: string | readonly string[] };
  readonly entrypoint?: readonly string[];
  readonly command?: readonly string[];
  readonly name: string;
  /** Where its keys stand below the service's: nowhere for its own container. */
  readonly path: Path;
}

/** The containers of a service's tasks: its own is the first. */
export function containersOf(service: ServiceConfig): ContainerConfig[] {
  return [
    { ...service, name: appContainer, path: [] },
    ...Object.entries(service.sidecars).map(([name, sidecar]) => ({
      ...sidecar,
      ...{ name, path: ["sidecars", name] },
    })),
  ];
}

/** References to the secrets of all containers, by variable, a sidecar's as `nginx.TOKEN`; none of own resources. */
export function literalSecrets(service: ServiceConfig): Readonly<Record<string, string>> {
  return Object.fromEntries(
    containersOf(service).flatMap(({ name, secrets }) =>
      Object.entries(literals(secrets)).map(([variable, reference]) => [
        name === appContainer ? variable : `${name}.${variable}`,
        reference,
      ]),
    ),
  );
}

/** An image of a release. */
export interface ReleasedContainer extends ContainerPlace {
  readonly build: BuildConfig | undefined;
  readonly image: string | undefined;
  readonly architecture: ServiceConfig["architecture"];
}

/** Every image that a release of an environment has, by the key that it has there: sidecars without one run their service's. */
export function releasedContainers(
  services: ServicesConfig,
): Readonly<Record<string, ReleasedContainer>> {
  return Object.fromEntries(
    Object.entries(services).flatMap(([service, config]) =>
      containersOf(config)
        .filter(({ name, build, image }) => name === appContainer || (build ?? image) !== undefined)
        .map(({ name: container, build, image }) => {
          const { architecture } = config;
          const place = { service, container };
          return [imageKey(place), { ...place, build, image, architecture }] as const;
        }),
    ),
  );
}

/** The keys of the images that a service's sidecars have of their own. */
export function sidecarImages(services: ServicesConfig, service: string): string[] {
  return Object.keys(releasedContainers(services)).filter((key) => {
    const place = containerOf(key);
    return place.service === service && place.container !== appContainer;
  });
}
