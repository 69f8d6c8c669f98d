import type * as pulumi from "@pulumi/pulumi";
import type { Tags } from "../shared/tags";
import type { Fault } from "../shared/validation";
import type { DomainArgs } from "./domain";

/** Where a load balancer writes its access logs. */
export interface AccessLogsTarget {
  readonly bucketName: pulumi.Input<string>;
  /** What their keys begin with, without a slash at its ends. Without it, `AWSLogs/<account>`. */
  readonly prefix?: string;
}

export interface LoadBalancerArgs {
  readonly network: {
    readonly vpcId: pulumi.Input<string>;
    /** In at least two zones. */
    readonly publicSubnetIds: pulumi.Input<string[]>;
    /** As well, for one that is internal. */
    readonly privateSubnetIds?: pulumi.Input<string[]>;
  };
  /**
   * Whether it has private addresses alone, and nobody reaches it but whom a route leads into the network: its tasks, peers,
   * a VPN. A change replaces it, and with it its name. Without it, it faces the internet.
   */
  readonly internal?: boolean;
  /**
   * Whether it has IPv6 addresses as well, and each of its names a record of them; its subnets must have IPv6 networks, and public ones a
   * route of `::/0`. It speaks IPv4 to the tasks. AWS keeps the internet from the IPv6 addresses of an internal one. Without
   * it, IPv4 alone.
   */
  readonly ipv6?: boolean;
  /** Logical name of the load balancer beside it, with whose services its own exchange hosts. Without it, none does. */
  readonly sibling?: string;
  /** A domain in Route 53: certificate, proof and alias records are made. Without it, see `certificateArn`. */
  readonly domain?: DomainArgs;
  /** Domains beside it, of other zones, each with a certificate of its own. Without them, none. */
  readonly furtherDomains?: readonly DomainArgs[];
  /** A certificate of the same region. Without it and without a domain, plain HTTP. */
  readonly certificateArn?: pulumi.Input<string>;
  /**
   * Certificates of the same region beside that of the domain or `certificateArn`, for clients that ask for their names (SNI), by
   * what their resources are called. Without them, none.
   */
  readonly certificateArns?: Readonly<Record<string, pulumi.Input<string>>>;
  /** TLS policy. Without it, `ELBSecurityPolicy-TLS13-1-2-2021-06`. */
  readonly sslPolicy?: string;
  /**
   * Networks that may connect, of IPv6 as well where it has such addresses. Without it, everybody, and private addresses alone (10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16,
   * 100.64.0.0/10, with `ipv6` fc00::/7) where it is internal; with `allowedPrefixListIds`, nobody beside them.
   */
  readonly allowedCidrs?: readonly string[];
  /**
   * Managed prefix lists of networks that may connect, as `pl-0a1b2c3d4e5f60718`. For each port, one takes as many rules of
   * the security group as it may have entries, or as its weight says where it is AWS's (55 of CloudFront's), of 60 that there are
   * ("Amazon VPC quotas" and "AWS-managed prefix lists", VPC user guide). Without it, none.
   */
  readonly allowedPrefixListIds?: readonly string[];
  /** Addresses that may connect beside them, such as those of NAT gateways, which are known only later. Without it, none. */
  readonly allowedAddresses?: readonly pulumi.Input<string>[];
  /** Seconds without data after which a connection closes, 1 to 4000. Without it, 60. */
  readonly idleTimeoutSeconds?: number;
  /**
   * Where each request is logged: a bucket of the region, encrypted with S3's own keys, whose policy lets Elastic Load Balancing
   * write, as that of `AccessLogs`. Without it, none is.
   */
  readonly accessLogs?: AccessLogsTarget;
  /** A regional web ACL of AWS WAF that requests pass before it, as that of `WebAcl`. Without it, none. */
  readonly webAclArn?: pulumi.Input<string>;
  /** Whether AWS refuses to delete it. Without it, no. */
  readonly deletionProtection?: boolean;
  readonly tags?: Tags;
}

/** Everything that is wrong with the arguments of a load balancer. */
export function loadBalancerFaults({
  certificateArn,
  certificateArns = {},
  domain,
  furtherDomains = [],
  internal,
  network,
}: LoadBalancerArgs): Fault[] {
  const others = Object.keys(certificateArns).length > 0 ? "certificateArns" : "furtherDomains";
  const hasOthers = others === "certificateArns" || furtherDomains.length > 0;
  return [
    ...(hasOthers && !domain && certificateArn === undefined
      ? [
          {
            path: others,
            given: "no domain and no certificateArn",
            allowed: "certificates beside a first one, for clients that ask for no name",
            fix: "name the first one as certificateArn, or its domain as domain",
          },
        ]
      : []),
    ...(domain && certificateArn !== undefined
      ? [
          {
            path: "certificateArn",
            given: certificateArn,
            allowed: "one of the two",
            fix: "name a domain, for which a certificate is made, or a certificate",
          },
        ]
      : []),
    ...(internal && network.privateSubnetIds === undefined
      ? [
          {
            path: "network.privateSubnetIds",
            given: "nothing",
            allowed: "subnets of at least two zones, where it is internal",
            fix: "name them, or remove internal",
          },
        ]
      : []),
  ];
}
