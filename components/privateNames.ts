import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { named, type Tags } from "./shared/tags";

export interface PrivateNamesArgs {
  /** What the names end with, such as `staging.shop.internal`: no other one of the VPC, whose DNS must be on. */
  readonly domain: string;
  readonly vpcId: pulumi.Input<string>;
  /** Services that get a name: `api` is `api.<domain>`. */
  readonly services: readonly string[];
  readonly tags?: Tags;
}

/** Seconds for which a client may keep the addresses of tasks: those that have gone are asked that long at most. */
const ttlSeconds = 10;

/**
 * Names in a VPC's DNS for the tasks of services, for whoever Service Connect does not serve: it is for tasks of ECS services
 * alone. ECS keeps the addresses of running tasks there, of each service that is given the ARN as `registryArn`.
 *
 * It costs 0.50 USD a month, for the hosted zone that Cloud Map makes, and 0.40 USD for a million queries ("Amazon Route 53
 * pricing"); what ECS registers is free ("AWS Cloud Map pricing").
 *
 * @example
 * new PrivateNames("shop", { domain: "shop.internal", vpcId: network.vpcId, services: ["api"] });
 * @example
 * new PrivateNames("shop", { domain: "staging.shop.internal", vpcId: network.vpcId, services: ["api", "ledger"],
 *   tags: { team: "shop" } });
 */
export class PrivateNames extends pulumi.ComponentResource {
  /** By service: the registry that ECS keeps its addresses in. */
  readonly registryArns: Readonly<Record<string, pulumi.Output<string>>>;

  constructor(name: string, args: PrivateNamesArgs, opts?: pulumi.ComponentResourceOptions) {
    super("gantry:index:PrivateNames", name, {}, opts);
    const { domain, vpcId, services, tags } = args;
    const namespace = new aws.servicediscovery.PrivateDnsNamespace(
      `${name}-names`,
      { name: domain, vpc: vpcId, tags: named(`${name}-names`, tags) },
      { parent: this },
    );
    this.registryArns = Object.fromEntries(
      services.map((service) => {
        const registry = new aws.servicediscovery.Service(
          `${name}-names-${service}`,
          {
            name: service,
            // Addresses of all tasks, of which a client takes one: ECS removes those that stop.
            dnsConfig: {
              namespaceId: namespace.id,
              routingPolicy: "MULTIVALUE",
              dnsRecords: [{ type: "A", ttl: ttlSeconds }],
            },
            // What ECS has registered and not yet removed would keep it from being deleted.
            forceDestroy: true,
            tags,
          },
          { parent: this },
        );
        return [service, registry.arn];
      }),
    );
    this.registerOutputs({ registryArns: this.registryArns });
  }
}
