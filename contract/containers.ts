/** Name of a service's own container: sidecars stand beside it, and delivery knows it by this. */
export const appContainer = "app";

/** A container of a service's tasks. */
export interface ContainerPlace {
  readonly service: string;
  readonly container: string;
}

/**
 * What a release calls the image of a container, and its repository is called by: `web`, and `web.nginx` for the sidecar
 * `nginx`. No name of a service has a dot.
 */
export function imageKey({ service, container }: ContainerPlace): string {
  return container === appContainer ? service : `${service}.${container}`;
}

/** The container whose image a release calls so. */
export function containerOf(key: string): ContainerPlace {
  const [service, container = appContainer] = key.split(".");
  return { service, container };
}

/** Where config has the container whose image a release calls so: `services.web.sidecars.nginx`. */
export function configPathOf(key: string): string {
  const { service, container } = containerOf(key);
  return `services.${service}${container === appContainer ? "" : `.sidecars.${container}`}`;
}
