import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { boundedName } from "../shared/naming";
import { named, type Tags } from "../shared/tags";
import { refuse, type Fault } from "../shared/validation";
import { aliasRecords, hostedZoneId, issuedCertificate } from "./certificate";
import type { DomainArgs } from "./domain";
import { defaultSslPolicy } from "./sslPolicy";

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
  /** Logical name of the load balancer beside it, with whose services its own exchange hosts. Without it, none does. */
  readonly sibling?: string;
  /** A domain in Route 53: certificate, proof and alias records are made. Without it, see `certificateArn`. */
  readonly domain?: DomainArgs;
  /** A certificate of the same region. Without it and without a domain, plain HTTP. */
  readonly certificateArn?: pulumi.Input<string>;
  /** TLS policy. Without it, `ELBSecurityPolicy-TLS13-1-2-2021-06`. */
  readonly sslPolicy?: string;
  /** Who may connect. Without it, everybody. */
  readonly allowedCidrs?: readonly string[];
  /** Addresses that may connect beside them, such as those of NAT gateways, which are known only later. Without it, none. */
  readonly allowedAddresses?: readonly pulumi.Input<string>[];
  /** Seconds without data after which a connection closes, 1 to 4000. Without it, 60. */
  readonly idleTimeoutSeconds?: number;
  /** Whether AWS refuses to delete it. Without it, no. */
  readonly deletionProtection?: boolean;
  readonly tags?: Tags;
}

/**
 * An Application Load Balancer that the web services of an environment share, facing the internet or internal. It answers
 * 404 until a service has a rule on it; with a certificate, HTTP redirects to HTTPS.
 *
 * It costs about 18 USD a month, and what it carries.
 *
 * @example
 * new LoadBalancer("shop", { network });
 * @example
 * new LoadBalancer("shop", { network, domain: { name: "shop.example.com", zone: "example.com" },
 *   allowedCidrs: ["203.0.113.0/24"], idleTimeoutSeconds: 120, deletionProtection: true, tags: { team: "shop" } });
 * @example
 * new LoadBalancer("shop-internal", { network, internal: true });
 */
export class LoadBalancer extends pulumi.ComponentResource {
  /** Logical name, with which the names of its rules begin. */
  readonly name: string;
  readonly arnSuffix: pulumi.Output<string>;
  readonly dnsName: pulumi.Output<string>;
  readonly securityGroupId: pulumi.Output<string>;
  /** The listener that serves: HTTPS where there is a certificate, else HTTP. */
  readonly listenerArn: pulumi.Output<string>;
  readonly protocol: "https" | "http";
  readonly isInternal: boolean;
  /** Where people find it: the domain where there is one. */
  readonly host: pulumi.Output<string>;

  constructor(name: string, args: LoadBalancerArgs, opts?: pulumi.ComponentResourceOptions) {
    // What is protected says so itself: listeners, certificates and records change with config.
    super("gantry:index:LoadBalancer", name, {}, { ...opts, protect: false });
    this.name = name;
    this.isInternal = args.internal ?? false;
    const { domain } = args;
    refuse(this, "LoadBalancer", loadBalancerFaults(args));
    const records = {
      parent: this,
      formerly: formerRecords(args.sibling, opts?.parent),
    };
    const zoneId = domain ? hostedZoneId(domain, this) : undefined;
    const certificateArn =
      domain && zoneId
        ? issuedCertificate(name, domain, zoneId, args.tags, records)
        : args.certificateArn;
    this.protocol = certificateArn === undefined ? "http" : "https";

    const securityGroup = this.securityGroup(name, args);
    const kept = { parent: this, protect: opts?.protect };
    const loadBalancer = this.loadBalancer(name, args, securityGroup, kept);
    if (domain && zoneId) {
      aliasRecords(name, domain, zoneId, loadBalancer, records);
    }
    this.listenerArn = this.listeners(name, args, loadBalancer, certificateArn);
    this.arnSuffix = loadBalancer.arnSuffix;
    this.dnsName = loadBalancer.dnsName;
    this.securityGroupId = securityGroup.id;
    this.host = domain ? pulumi.output(domain.name) : loadBalancer.dnsName;
    this.registerOutputs({
      dnsName: this.dnsName,
      securityGroupId: this.securityGroupId,
      listenerArn: this.listenerArn,
    });
  }

  private securityGroup(name: string, args: LoadBalancerArgs): aws.ec2.SecurityGroup {
    const securityGroup = new aws.ec2.SecurityGroup(
      `${name}-lb`,
      {
        vpcId: args.network.vpcId,
        description: "Load balancer: from its clients, to the tasks behind it",
        tags: named(`${name}-lb`, args.tags),
      },
      { parent: this },
    );
    const ports = this.protocol === "https" ? [80, 443] : [80];
    const from = [
      ...(args.allowedCidrs ?? ["0.0.0.0/0"]).map((cidr) => ({ label: cidr, cidr })),
      ...(args.allowedAddresses ?? []).map((address, index) => ({
        label: `address${index + 1}`,
        cidr: pulumi.interpolate`${address}/32`,
      })),
    ];
    for (const { label, cidr } of from) {
      for (const port of ports) {
        new aws.vpc.SecurityGroupIngressRule(
          `${name}-from-${label}-${port}`,
          {
            securityGroupId: securityGroup.id,
            description: port === 443 ? "HTTPS" : "HTTP",
            ipProtocol: "tcp",
            fromPort: port,
            toPort: port,
            cidrIpv4: cidr,
            tags: args.tags,
          },
          { parent: this },
        );
      }
    }
    return securityGroup;
  }

  private loadBalancer(
    name: string,
    args: LoadBalancerArgs,
    securityGroup: aws.ec2.SecurityGroup,
    kept: pulumi.CustomResourceOptions,
  ): aws.lb.LoadBalancer {
    return new aws.lb.LoadBalancer(
      boundedName(name, 32),
      {
        loadBalancerType: "application",
        ...(args.internal
          ? { internal: true, subnets: args.network.privateSubnetIds }
          : { subnets: args.network.publicSubnetIds }),
        securityGroups: [securityGroup.id],
        idleTimeout: args.idleTimeoutSeconds ?? 60,
        dropInvalidHeaderFields: true,
        enableDeletionProtection: args.deletionProtection ?? false,
        tags: args.tags,
      },
      kept,
    );
  }

  /** Creates the listeners and answers with the one that serves. */
  private listeners(
    name: string,
    args: LoadBalancerArgs,
    loadBalancer: aws.lb.LoadBalancer,
    certificateArn: pulumi.Input<string> | undefined,
  ): pulumi.Output<string> {
    const opts = { parent: this };
    const common = { loadBalancerArn: loadBalancer.arn, tags: args.tags };
    const notFound = {
      type: "fixed-response",
      fixedResponse: { contentType: "text/plain", messageBody: "Not found", statusCode: "404" },
    };
    if (certificateArn === undefined) {
      return new aws.lb.Listener(
        `${name}-http`,
        { ...common, port: 80, protocol: "HTTP", defaultActions: [notFound] },
        opts,
      ).arn;
    }
    const redirect = {
      type: "redirect",
      redirect: { protocol: "HTTPS", port: "443", statusCode: "HTTP_301" },
    };
    new aws.lb.Listener(
      `${name}-http`,
      { ...common, port: 80, protocol: "HTTP", defaultActions: [redirect] },
      opts,
    );
    return new aws.lb.Listener(
      `${name}-https`,
      {
        ...common,
        port: 443,
        protocol: "HTTPS",
        certificateArn,
        sslPolicy: args.sslPolicy ?? defaultSslPolicy,
        defaultActions: [notFound],
      },
      opts,
    ).arn;
  }
}

function loadBalancerFaults({
  certificateArn,
  domain,
  internal,
  network,
}: LoadBalancerArgs): Fault[] {
  return [
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

/** What records of a host are called that was the sibling's: they turn to this load balancer, and are not made beside themselves. */
function formerRecords(sibling: string | undefined, parent: pulumi.Resource | undefined) {
  if (sibling === undefined) return () => [];
  const urn = pulumi.createUrn(sibling, "gantry:index:LoadBalancer", parent);
  return (record: string) => [{ name: `${sibling}-${record}`, parent: urn }];
}
