import * as aws from "@pulumi/aws";
// The package's root would load its ECS, ECR and Docker parts as well, a tenth of the time that the program takes.
import * as awsx from "@pulumi/awsx/ec2";
import * as pulumi from "@pulumi/pulumi";
import { maximumZones, parseCidr, zoneBlocks } from "./network/cidr";
import { endpoints } from "./network/endpoints";
import { ipv6Routes } from "./network/ipv6";
import { flowLogs } from "./network/flowLogs";
import { transformsOfParts } from "./network/noPublicAddresses";
import { tasksNeedPublicIp } from "./network/taskPlacement";
import type { Tags } from "./shared/tags";
import { refuse, type Fault } from "./shared/validation";

/** How private subnets reach the internet: not at all, through one gateway, or through one in each zone. */
export type NatStrategy = "none" | "single" | "perZone";

export interface CreateNetworkArgs {
  readonly mode: "create";
  /** Address range of the VPC, /16 to /21. It can never be changed without replacing everything in it. */
  readonly cidr: string;
  /** Zones to spread over, 2 to 6: the first of the region's ordered list. */
  readonly zones: number;
  /** A gateway costs about 33 USD a month and zone, and 0.045 USD a GB. */
  readonly nat: NatStrategy;
  /**
   * Whether the VPC and its public subnets have IPv6 networks of AWS's as well, for load balancers. It can be turned on at any time;
   * AWS refuses to take it away while the subnets are there. Tasks in public subnets get IPv6 addresses too. Without it, no.
   */
  readonly ipv6?: boolean;
  /** AWS services to reach without leaving the VPC, such as `ecr.api`. Without it, none but S3. */
  readonly interfaceEndpoints?: readonly string[];
  /** Flow logs into CloudWatch. Without it, they are kept for 14 days. */
  readonly flowLogs?: false | { readonly logGroupName?: string; readonly retentionDays: number };
  readonly tags?: Tags;
}

export interface ExistingNetworkArgs {
  readonly mode: "existing";
  /** Without it, the account's default VPC with the default subnet of each zone. */
  readonly vpcId?: pulumi.Input<string>;
  /** Subnets with a route to an internet gateway, in at least two zones. */
  readonly publicSubnetIds?: pulumi.Input<pulumi.Input<string>[]>;
  /** Subnets for tasks. Without them, tasks run in the public ones, with public addresses. */
  readonly privateSubnetIds?: pulumi.Input<pulumi.Input<string>[]>;
  /** Public addresses of the NAT gateways behind the private subnets. Without them, nobody can be told to let these in. */
  readonly natAddresses?: readonly string[];
}

export type NetworkArgs = CreateNetworkArgs | ExistingNetworkArgs;

/**
 * A VPC with public and private subnets, or one that exists already: the outputs are the same.
 *
 * A created VPC has an S3 gateway endpoint, flow logs and a default security group without rules, and gives nothing a public address that
 * does not ask for one. A zone keeps its subnets when zones are added or removed. An existing VPC is left as it is.
 *
 * It costs what its NAT gateways and interface endpoints cost; the rest is free.
 *
 * @example
 * new Network("shop", { mode: "create", cidr: "10.10.0.0/16", zones: 2, nat: "single" });
 * @example
 * new Network("shop", { mode: "existing" });
 * @example
 * new Network("shop", { mode: "create", cidr: "10.20.0.0/16", zones: 3, nat: "perZone",
 *   interfaceEndpoints: ["ecr.api", "ecr.dkr", "logs"],
 *   flowLogs: { logGroupName: "/gantry/shop/production/flow-logs", retentionDays: 90 }, tags: { team: "shop" } });
 */
export class Network extends pulumi.ComponentResource {
  readonly vpcId: pulumi.Output<string>;
  /** For load balancers. */
  readonly publicSubnetIds: pulumi.Output<string[]>;
  readonly privateSubnetIds: pulumi.Output<string[]>;
  /** For tasks: the private subnets where they can reach AWS from there, else the public ones. */
  readonly taskSubnetIds: pulumi.Output<string[]>;
  /** Whether tasks need a public address, since nothing else leads from their subnets to AWS. */
  readonly assignPublicIp: boolean;
  /** By which the private subnets are seen on the internet: the public address of each NAT gateway. */
  readonly natAddresses: readonly pulumi.Output<string>[];
  /** The prefix list by which S3 is reached inside a VPC that was made. */
  readonly s3PrefixListId?: pulumi.Output<string>;

  constructor(name: string, args: NetworkArgs, opts?: pulumi.ComponentResourceOptions) {
    // The VPC says itself that it is protected: endpoints and flow logs change with config.
    super("gantry:index:Network", name, {}, { ...opts, protect: false });
    refuse(this, "Network", networkFaults(args));
    const kept = { parent: this, protect: opts?.protect };
    const subnets = args.mode === "create" ? this.create(name, args, kept) : this.find(args);

    this.vpcId = subnets.vpcId;
    this.publicSubnetIds = subnets.publicSubnetIds;
    this.privateSubnetIds = subnets.privateSubnetIds;
    this.natAddresses = subnets.natAddresses;
    this.s3PrefixListId = subnets.s3PrefixListId;
    this.assignPublicIp =
      args.mode === "create" ? tasksNeedPublicIp(args) : args.privateSubnetIds === undefined;
    this.taskSubnetIds = this.assignPublicIp ? this.publicSubnetIds : this.privateSubnetIds;
    this.registerOutputs({
      vpcId: this.vpcId,
      publicSubnetIds: this.publicSubnetIds,
      privateSubnetIds: this.privateSubnetIds,
      taskSubnetIds: this.taskSubnetIds,
    });
  }

  private create(
    name: string,
    args: CreateNetworkArgs,
    kept: pulumi.ComponentResourceOptions,
  ): Subnets {
    const { tags } = args;
    const blocks = Array.from({ length: args.zones }, (_, zone) => zoneBlocks(args.cidr, zone));
    const vpc = new awsx.Vpc(
      name,
      {
        cidrBlock: args.cidr,
        numberOfAvailabilityZones: args.zones,
        enableDnsHostnames: true,
        ...(args.ipv6 ? { assignGeneratedIpv6CidrBlock: true } : {}),
        natGateways: { strategy: natStrategies[args.nat] },
        // "Exact" refuses the space that a zone's slot keeps free for later tiers.
        subnetStrategy: awsx.SubnetAllocationStrategy.Auto,
        subnetSpecs: [
          // Private ones have none: awsx numbers IPv6 networks so that theirs would move with each zone that is added.
          {
            ...{ type: awsx.SubnetType.Public, cidrBlocks: blocks.map((block) => block.public) },
            ...assignsIpv6(args, true),
          },
          // Private without a gateway too, where awsx leaves the route out: a gateway that comes or goes later then
          // changes routes alone, where isolated subnets would have to be replaced.
          {
            ...{ type: awsx.SubnetType.Private, cidrBlocks: blocks.map((block) => block.private) },
            ...assignsIpv6(args, false),
          },
        ],
        tags,
      },
      { ...kept, transforms: transformsOfParts() },
    );
    const { vpcId, publicSubnetIds, privateSubnetIds } = vpc;
    new aws.ec2.DefaultSecurityGroup(
      `${name}-default`,
      { vpcId, ingress: [], egress: [], tags },
      { parent: this },
    );
    const s3PrefixListId = endpoints(
      name,
      {
        vpcId,
        vpcArn: vpc.vpc.arn,
        vpcCidr: args.cidr,
        subnetIds: privateSubnetIds,
        routeTableIds: vpc.routeTables.apply((tables) => pulumi.all(tables.map(({ id }) => id))),
        interfaceEndpoints: args.interfaceEndpoints ?? [],
        tags,
      },
      this,
    );
    if (args.flowLogs !== false) {
      const { logGroupName, retentionDays } = args.flowLogs ?? { retentionDays: 14 };
      flowLogs(name, { vpcId, logGroupName, retentionDays, tags }, this);
    }
    const routes = args.ipv6 ? ipv6Routes(name, vpc, args.zones, this) : [];
    const gateways = { none: 0, single: 1, perZone: args.zones }[args.nat];
    const natAddresses = Array.from({ length: gateways }, (_, index) =>
      vpc.natGateways.apply((made) => made[index].publicIp),
    );
    // Known once IPv6 leads out: a load balancer is reached as soon as it is there.
    const ready = pulumi.all(routes.map(({ id }) => id)).apply(() => publicSubnetIds);
    return { vpcId, publicSubnetIds: ready, privateSubnetIds, natAddresses, s3PrefixListId };
  }

  private find(args: ExistingNetworkArgs): Subnets {
    const opts = { parent: this };
    const natAddresses = (args.natAddresses ?? []).map((address) => pulumi.output(address));
    if (args.vpcId !== undefined) {
      const publicSubnetIds = pulumi.output(args.publicSubnetIds ?? []);
      return {
        vpcId: pulumi.output(args.vpcId),
        publicSubnetIds,
        privateSubnetIds: pulumi.output(args.privateSubnetIds ?? publicSubnetIds),
        natAddresses,
      };
    }
    // By listing: looking the VPC up costs five calls in every deployment, and this one.
    const defaults = aws.ec2.getVpcsOutput(
      { filters: [{ name: "is-default", values: ["true"] }] },
      opts,
    );
    const vpcId = defaults.ids.apply((found) => this.theDefault(found));
    const found = aws.ec2.getSubnetsOutput(
      {
        filters: [
          { name: "vpc-id", values: [vpcId] },
          { name: "default-for-az", values: ["true"] },
        ],
      },
      opts,
    ).ids;
    // AWS answers in no fixed order; sorted, the same subnets are no change.
    const ids = found.apply((subnetIds) => [...subnetIds].sort());
    return { vpcId, publicSubnetIds: ids, privateSubnetIds: ids, natAddresses };
  }

  private theDefault(vpcIds: readonly string[]): string {
    if (vpcIds.length === 0) {
      const fault = { path: "vpcId", given: undefined, allowed: "the id of a VPC" };
      const fix = "the region has no default VPC: name one, or set mode: create";
      refuse(this, "Network", [{ ...fault, fix }]);
    }
    return vpcIds[0];
  }
}

/** Nothing where the network has none: what is there already stays as it is. */
function assignsIpv6({ ipv6 }: CreateNetworkArgs, assignIpv6AddressOnCreation: boolean) {
  return ipv6 ? { assignIpv6AddressOnCreation } : {};
}

interface Subnets {
  readonly vpcId: pulumi.Output<string>;
  readonly publicSubnetIds: pulumi.Output<string[]>;
  readonly privateSubnetIds: pulumi.Output<string[]>;
  readonly natAddresses: readonly pulumi.Output<string>[];
  readonly s3PrefixListId?: pulumi.Output<string>;
}

const natStrategies = {
  none: awsx.NatGatewayStrategy.None,
  single: awsx.NatGatewayStrategy.Single,
  perZone: awsx.NatGatewayStrategy.OnePerAz,
} as const satisfies Record<NatStrategy, awsx.NatGatewayStrategy>;

function networkFaults(args: NetworkArgs): Fault[] {
  if (args.mode === "existing") {
    return args.vpcId === undefined || args.publicSubnetIds || args.privateSubnetIds
      ? []
      : [
          {
            path: "publicSubnetIds",
            given: undefined,
            allowed: "the ids of subnets of that VPC",
            fix: "name publicSubnetIds, privateSubnetIds or both, or leave vpcId out for the default VPC",
          },
        ];
  }
  const faults: Fault[] = [];
  if (args.interfaceEndpoints?.includes("s3")) {
    faults.push({
      path: "interfaceEndpoints",
      given: "s3",
      allowed: "services other than s3, which has a gateway endpoint",
      fix: "remove s3",
    });
  }
  if (!Number.isInteger(args.zones) || args.zones < 2 || args.zones > maximumZones) {
    faults.push({
      path: "zones",
      given: args.zones,
      allowed: `2 to ${maximumZones}`,
      fix: "a load balancer needs two zones",
    });
  }
  try {
    parseCidr(args.cidr);
    zoneBlocks(args.cidr, 0);
  } catch (error) {
    faults.push({
      path: "cidr",
      given: args.cidr,
      allowed: "a network of /16 to /21",
      fix: error instanceof Error ? error.message : String(error),
    });
  }
  return faults;
}
