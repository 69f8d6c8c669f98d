import { Addresses } from "./addresses";
import { ServiceContainers, type ServiceContainersOptions } from "./serviceContainers";

/** The containers of services, and where they answer. */
export interface Served {
  readonly services: ServiceContainers;
  readonly addresses: Addresses;
  /** Ends them all. */
  close(): Promise<void>;
}

/** Begins without any: they start as deployments, builds or requests want them. */
export function serve(options: ServiceContainersOptions): Served {
  const services = new ServiceContainers(options);
  const addresses = new Addresses(services);
  return {
    services,
    addresses,
    close: async () => {
      await services.close();
      addresses.close();
    },
  };
}
