import type { ConnectProtocol } from "../../components";
import type { ServicesConfig } from "./types";

/** Names of the services that call another one by Service Connect, in config's order: jobs have none of it. */
export function callersOf(name: string, services: ServicesConfig): string[] {
  return Object.keys(services).filter(
    (caller) => services[caller].kind !== "job" && services[caller].calls.includes(name),
  );
}

/**
 * What a service speaks to services that call it; undefined where none can: a private one can be called always, one on the web
 * when somebody does.
 */
export function spokenProtocol(
  name: string,
  services: ServicesConfig,
): ConnectProtocol | undefined {
  const service = services[name];
  switch (service.kind) {
    case "private":
      return service.protocol;
    case "web":
      return callersOf(name, services).length > 0 ? service.route.protocol : undefined;
    case "worker":
    case "job":
      return undefined;
  }
}
