import type { ServiceConfig, ServicesConfig } from "./types";
import { variableOf } from "./uses";

/** Whether tasks are started of it that no ECS service has, and that know no names of Service Connect therefore. */
function startsOthers({ kind, releaseCommand }: ServiceConfig): boolean {
  return kind === "job" || releaseCommand !== undefined;
}

/** Names of the jobs, and of the services with a release command, that call another service. */
export function directCallersOf(name: string, services: ServicesConfig): string[] {
  return Object.keys(services).filter(
    (caller) => services[caller].calls.includes(name) && startsOthers(services[caller]),
  );
}

/** The services that need a name in the VPC's DNS, in config's order. */
export function addressed(services: ServicesConfig): string[] {
  return Object.keys(services).filter((name) => directCallersOf(name, services).length > 0);
}

/**
 * Where what a caller calls is, as variables: `API_HOST` and `API_PORT` of `api`. What config sets itself is left out.
 * @param domain what the names of services end with in DNS. Without it, they are those of Service Connect.
 */
export function callVariables(
  caller: string,
  services: ServicesConfig,
  domain?: string,
): Record<string, string> {
  const { calls, environment, secrets } = services[caller];
  const given = calls.flatMap((called) => {
    const service = services[called];
    const port = service.kind === "web" || service.kind === "private" ? service.port : 0;
    return [
      [variableOf(called, "HOST"), domain === undefined ? called : `${called}.${domain}`],
      [variableOf(called, "PORT"), String(port)],
    ] as const;
  });
  return Object.fromEntries(
    given.filter(([name]) => !Object.hasOwn(environment, name) && !Object.hasOwn(secrets, name)),
  );
}
