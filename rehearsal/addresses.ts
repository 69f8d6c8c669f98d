import { environmentNames } from "../contract/names";
import type { Log } from "./progress";
import type { Served } from "./runner/served";

/** Where a service of an environment is to be opened. */
export interface WantedAddress {
  readonly stack: string;
  /** As the stack file names it. */
  readonly service: string;
  /** Its address on AWS. */
  readonly told: string;
  readonly cluster: string;
  /** The ECS service. */
  readonly serviceName: string;
}

/** Where a service of an environment answers, through its load balancer. */
export interface ServiceAddress extends Pick<WantedAddress, "stack" | "service" | "told"> {
  /** On this machine, such as `http://127.0.0.1:40123`. */
  readonly url: string;
}

/** The addresses of environments, as their stacks' outputs tell them: `serviceUrls`. */
export function wantedAddresses(
  product: string,
  environments: readonly {
    readonly stack: string;
    readonly outputs: Readonly<Record<string, unknown>>;
  }[],
): WantedAddress[] {
  return environments.flatMap(({ stack, outputs }) => {
    const names = environmentNames({ name: product, stack });
    const urls = (outputs.serviceUrls ?? {}) as Readonly<Record<string, string>>;
    return Object.entries(urls).map(([service, told]) => ({
      ...{ stack, service, told, cluster: names.cluster },
      serviceName: names.service(service),
    }));
  });
}

/**
 * Opens them on this machine.
 * @param before addresses that an earlier command had: their ports are taken again where they are free.
 */
export async function openAddresses(
  { addresses }: Served,
  wanted: readonly WantedAddress[],
  before: readonly ServiceAddress[] = [],
): Promise<ServiceAddress[]> {
  const opened: ServiceAddress[] = [];
  for (const { stack, service, told, cluster, serviceName } of wanted) {
    const earlier = before.find((one) => one.stack === stack && one.service === service);
    const port = earlier ? Number(new URL(earlier.url).port) : undefined;
    const url = await addresses.open({ cluster, service: serviceName, told }, port);
    opened.push({ stack, service, told, url });
  }
  return opened;
}

/**
 * Of them those whose service runs an image of the product, with its container running: nothing answers for a placeholder.
 * @param log hears of those that do not start.
 */
export async function answering(
  { services }: Served,
  wanted: readonly WantedAddress[],
  opened: readonly ServiceAddress[],
  log: Log,
): Promise<ServiceAddress[]> {
  const found: ServiceAddress[] = [];
  for (const [index, { stack, service, cluster, serviceName }] of wanted.entries()) {
    try {
      const { taskDefinition = "" } = await services.describe(cluster, serviceName);
      if (!(await services.canRun(taskDefinition))) continue;
      await services.run({ cluster, service: serviceName, taskDefinition });
      found.push(opened[index]);
    } catch (error) {
      log(`${stack}: ${service} does not answer: ${String(error)}`);
    }
  }
  return found;
}
