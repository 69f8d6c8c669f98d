import type * as pulumi from "@pulumi/pulumi";
import { PrivateNames, type Network } from "../components";
import type { EnvironmentNames } from "../contract/names";
import type { EnvironmentConfig } from "./config";
import { addressed } from "./config/addresses";

/** By service: the registry of its addresses in the VPC's DNS; of those that need one. */
export type Registries = Readonly<Record<string, pulumi.Output<string>>>;

export interface AddressesContext {
  readonly config: EnvironmentConfig;
  readonly names: EnvironmentNames;
  readonly network: Pick<Network, "vpcId">;
  readonly tags: Readonly<Record<string, string>>;
  readonly options: pulumi.ComponentResourceOptions;
}

/** Names in DNS for the services that jobs and release commands call; nothing where none does. */
export function createAddresses(context: AddressesContext): Registries {
  const { config, names, network, tags, options } = context;
  const services = addressed(config.services);
  if (services.length === 0) return {};
  const args = { domain: names.domain, vpcId: network.vpcId, services, tags };
  return new PrivateNames(names.prefix, args, options).registryArns;
}
