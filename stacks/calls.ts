import type { ConnectArgs, Job, Service } from "../components";
import type { EnvironmentConfig, ServicesConfig } from "./config";
import { directCallersOf } from "./config/addresses";
import { callersOf, spokenProtocol } from "./config/callers";
import type { EnvironmentNames } from "../contract/names";

/**
 * The services, each after all that it calls: so its tasks know their names from the first. Of a circle one has to come
 * first; without calls it is config's order.
 */
export function callOrder(services: ServicesConfig): string[] {
  const order = new Set<string>();
  const begun = new Set<string>();
  const visit = (name: string) => {
    if (begun.has(name)) return;
    begun.add(name);
    services[name].calls.forEach(visit);
    order.add(name);
  };
  Object.keys(services).forEach(visit);
  return [...order];
}

/** What is known of calls when a service is made. */
export interface CallContext {
  readonly config: EnvironmentConfig;
  readonly names: EnvironmentNames;
  readonly cluster: { readonly namespaceArn: ConnectArgs["namespaceArn"] };
  /** The services that were made before, by name. */
  readonly made: ReadonlyMap<string, Service>;
}

/** How a service calls and is called; undefined where it does neither. */
export function connection(
  name: string,
  { config: { services }, names, cluster, made }: CallContext,
): ConnectArgs | undefined {
  const { calls } = services[name];
  const protocol = spokenProtocol(name, services);
  if (calls.length === 0 && protocol === undefined) return undefined;
  const earlier = callersOf(name, services).filter((caller) => made.has(caller));
  return {
    namespaceArn: cluster.namespaceArn,
    calls: Object.fromEntries(
      calls.map((called) => [called, made.get(called)?.endpoint ?? endpointText(called, services)]),
    ),
    ...(protocol === undefined ? {} : { alias: name, protocol }),
    earlierCallers: earlier.map((caller) => names.service(caller)),
  };
}

/** Of a service that comes later, in a circle: nothing can wait for it. */
function endpointText(name: string, services: ServicesConfig): string {
  const service = services[name];
  return service.kind === "worker" || service.kind === "job" ? name : `${name}:${service.port}`;
}

/** Opens services to those that call them, and to nobody else. */
export function admitCallers(
  services: ReadonlyMap<string, Service>,
  config: EnvironmentConfig,
  tags: Readonly<Record<string, string>>,
): void {
  for (const [name, service] of services) {
    for (const caller of callersOf(name, config.services)) {
      const { securityGroupId } = services.get(caller) as Service;
      service.admit(caller, securityGroupId, tags);
    }
  }
}

/** The same for what comes by DNS: jobs, and release commands, which have the group of their service. */
export function admitDirectCallers(
  made: {
    readonly services: ReadonlyMap<string, Service>;
    readonly jobs: ReadonlyMap<string, Job>;
  },
  { services }: EnvironmentConfig,
  tags: Readonly<Record<string, string>>,
): void {
  for (const [name, service] of made.services) {
    for (const caller of directCallersOf(name, services)) {
      const job = made.jobs.get(caller);
      // A private service takes both at one port, at which its callers are let in already.
      if (!job && services[name].kind === "private") continue;
      const from = job ?? (made.services.get(caller) as Service);
      service.admitDirectly(caller, from.securityGroupId, tags);
    }
  }
}
