import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { Tags } from "../shared/tags";
import { takingOver } from "../shared/takingOver";
import { refuse, type Fault } from "../shared/validation";
import {
  aliasRecords,
  certificates,
  foundDomains,
  furtherCertificates,
  recordOwner,
} from "./certificate";
import type { LoadBalancerArgs } from "./loadBalancerArgs";
import type { ServingLoadBalancer } from "./servingLoadBalancer";

/** A load balancer as it is in AWS, with the listener that requests come by. */
export interface FoundLoadBalancer {
  readonly arn: string;
  /** As `app/shared/50dc6c495c0c9188`. */
  readonly arnSuffix: string;
  readonly dnsName: string;
  /** The zone of its name, for alias records. */
  readonly zoneId: string;
  readonly vpcId: string;
  readonly isInternal: boolean;
  /** Whether it has IPv6 addresses too: each name gets an AAAA record as well. Without it, it has none. */
  readonly hasIpv6?: boolean;
  /** In the order of their ids. */
  readonly securityGroupIds: readonly string[];
  readonly listener: {
    readonly arn: string;
    readonly port: number;
    /** In capitals: `HTTPS`, `HTTP`. */
    readonly protocol: string;
  };
}

export interface ExistingLoadBalancerArgs extends Pick<
  LoadBalancerArgs,
  "domain" | "furtherDomains" | "certificateArns" | "sibling"
> {
  /** What `ExistingLoadBalancer.find` has found. */
  readonly found: FoundLoadBalancer;
  readonly tags?: Tags;
}

/**
 * An Application Load Balancer that somebody else has made: the organisation's shared one, or that of another tool. Services
 * get target groups and rules on its listener, and a rule of its security group to their tasks each; domains get records, and
 * certificates on its listener for clients that ask for their names (SNI). The load balancer, its listener and everybody else's
 * rules stay as they are.
 *
 * `ExistingLoadBalancer.find` looks it up. Its rules need hosts: without them they would take requests of others. It costs what
 * is used of it, which its owner pays.
 *
 * @example
 * new ExistingLoadBalancer("shop", { found });
 * @example
 * new ExistingLoadBalancer("shop", { found, domain: { name: "shop.example.com", zone: "example.com" },
 *   certificateArns: { partner: "arn:aws:acm:eu-west-1:123456789012:certificate/0a1b2c3d-0a1b-0a1b-0a1b-0a1b2c3d4e5f" },
 *   tags: { team: "shop" } });
 */
export class ExistingLoadBalancer extends pulumi.ComponentResource implements ServingLoadBalancer {
  readonly ruleName: string;
  readonly suffix: string;
  readonly groupSuffix: string;
  readonly arnSuffix: pulumi.Output<string>;
  readonly dnsName: pulumi.Output<string>;
  readonly securityGroupId: pulumi.Output<string>;
  readonly listenerArn: pulumi.Output<string>;
  readonly protocol: "https" | "http";
  readonly isInternal: boolean;
  readonly host: pulumi.Output<string>;

  constructor(
    name: string,
    args: ExistingLoadBalancerArgs,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    // Certificates and records stay where the environment had a load balancer of its own.
    const unprotected = takingOver("gantry:index:LoadBalancer", { ...opts, protect: false });
    super("gantry:index:ExistingLoadBalancer", name, {}, unprotected);
    const { found, domain } = args;
    refuse(this, "ExistingLoadBalancer", existingFaults(args));
    const [securityGroupId] = found.securityGroupIds;
    this.suffix = `-${found.arn.split("/").at(-1)}`;
    this.ruleName = `${name}${this.suffix}`;
    this.groupSuffix = `-${securityGroupId}`;
    this.arnSuffix = pulumi.output(found.arnSuffix);
    this.dnsName = pulumi.output(found.dnsName);
    this.securityGroupId = pulumi.output(securityGroupId);
    this.listenerArn = pulumi.output(found.listener.arn);
    this.protocol = found.listener.protocol === "HTTPS" ? "https" : "http";
    this.isInternal = found.isInternal;
    this.host = pulumi.output(domain?.name ?? found.dnsName);

    const records = recordOwner(this, args.sibling, opts?.parent);
    const domains = foundDomains(args, this);
    const all = certificates(name, args, domains, records);
    furtherCertificates(name, this.listenerArn, all, this);
    const owner = { ...records, ipv6: found.hasIpv6 };
    for (const each of domains) aliasRecords(name, each, found, owner);
    this.registerOutputs({ dnsName: this.dnsName, listenerArn: this.listenerArn });
  }

  /**
   * Looks a load balancer up, and its listener on 443 where none is named.
   * @throws Error of AWS where there is none.
   */
  static async find(
    { arn, listenerArn }: { readonly arn: string; readonly listenerArn?: string },
    opts?: pulumi.InvokeOptions,
  ): Promise<FoundLoadBalancer> {
    const found = await aws.lb.getLoadBalancer({ arn }, opts);
    const wanted = listenerArn ? { arn: listenerArn } : { loadBalancerArn: arn, port: 443 };
    const { arn: servingArn, port, protocol } = await aws.lb.getListener(wanted, opts);
    const { arnSuffix, dnsName, zoneId, vpcId, internal, ipAddressType, securityGroups } = found;
    return {
      ...{ arn, arnSuffix, dnsName, zoneId, vpcId },
      isInternal: internal,
      hasIpv6: dualStack.includes(ipAddressType),
      securityGroupIds: [...securityGroups].sort(),
      listener: { arn: servingArn, port, protocol },
    };
  }
}

/** Types of addresses that IPv6 is among ("LoadBalancer", ELB API reference). */
const dualStack = ["dualstack", "dualstack-without-public-ipv4"];

/** Everything that keeps services from being behind a load balancer that was found. */
export function existingFaults(args: ExistingLoadBalancerArgs): Fault[] {
  const { arn, arnSuffix, listener, securityGroupIds } = args.found;
  const { certificateArns = {}, domain, furtherDomains = [] } = args;
  const named = [domain, ...furtherDomains, ...Object.keys(certificateArns)].filter(Boolean);
  const faults: Fault[] = [];
  const report = (path: string, given: string, allowed: string, fix: string) =>
    faults.push({ path, given, allowed, fix });
  if (!arnSuffix.startsWith("app/") || securityGroupIds.length === 0) {
    const allowed = "an Application Load Balancer, which has security groups";
    report("arn", arn, allowed, "name one whose ARN has loadbalancer/app/ in it");
  }
  if (!listener.arn.startsWith(`${arn.replace(":loadbalancer/", ":listener/")}/`)) {
    report("listenerArn", listener.arn, "a listener of the load balancer", "name one of its own");
  }
  const { port, protocol } = listener;
  if ({ HTTPS: 443, HTTP: 80 }[protocol] !== port) {
    const fix = "name a listener on which browsers ask without a port";
    report("listenerArn", `${protocol} on ${port}`, "HTTPS on 443 or HTTP on 80", fix);
  }
  if (protocol !== "HTTPS" && named.length > 0) {
    const fix = "name a listener of HTTPS, or no domains and certificates";
    report("listenerArn", protocol, "HTTPS where domains or certificates are named", fix);
  }
  return faults;
}
