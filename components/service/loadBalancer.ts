import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { boundedName } from "../shared/naming";
import { takingOver } from "../shared/takingOver";
import { refuse } from "../shared/validation";
import {
  aliasRecords,
  certificates,
  foundDomains,
  furtherCertificates,
  recordOwner,
} from "./certificate";
import { clientsGroup } from "./clientsGroup";
import { loadBalancerFaults, type LoadBalancerArgs } from "./loadBalancerArgs";
import type { ServingLoadBalancer } from "./servingLoadBalancer";
import { defaultSslPolicy } from "./sslPolicy";

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
 *   allowedCidrs: ["203.0.113.0/24"], idleTimeoutSeconds: 120, deletionProtection: true, tags: { team: "shop" },
 *   accessLogs: new AccessLogs("shop", { accountId: "123456789012" }),
 *   webAclArn: new WebAcl("shop", {}).webAclArn, ipv6: true });
 * @example
 * new LoadBalancer("shop-internal", { network, internal: true });
 */
export class LoadBalancer extends pulumi.ComponentResource implements ServingLoadBalancer {
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

  constructor(name: string, args: LoadBalancerArgs, opts?: pulumi.ComponentResourceOptions) {
    // What is protected says so itself: listeners, certificates and records change with config.
    const unprotected = takingOver("gantry:index:ExistingLoadBalancer", {
      ...opts,
      protect: false,
    });
    super("gantry:index:LoadBalancer", name, {}, unprotected);
    this.ruleName = name;
    this.isInternal = args.internal ?? false;
    this.suffix = this.isInternal ? "-internal" : "";
    this.groupSuffix = this.suffix;
    const { domain } = args;
    refuse(this, "LoadBalancer", loadBalancerFaults(args));
    const records = recordOwner(this, args.sibling, opts?.parent);
    const domains = foundDomains(args, this);
    const all = certificates(name, args, domains, records);
    const first = all.at(0);
    this.protocol = first ? "https" : "http";

    const securityGroup = clientsGroup(name, args, this.protocol, this);
    const kept = { parent: this, protect: opts?.protect };
    const loadBalancer = this.loadBalancer(name, args, securityGroup, kept);
    for (const each of domains)
      aliasRecords(name, each, loadBalancer, { ...records, ipv6: args.ipv6 });
    if (args.webAclArn !== undefined) protect(name, loadBalancer, args.webAclArn, this);
    this.listenerArn = this.listeners(name, args, loadBalancer, first?.arn);
    furtherCertificates(name, this.listenerArn, all.slice(1), this);
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
        // Said where it has none, too: AWS keeps what is not.
        ipAddressType: args.ipv6 ? "dualstack" : "ipv4",
        securityGroups: [securityGroup.id],
        idleTimeout: args.idleTimeoutSeconds ?? 60,
        dropInvalidHeaderFields: true,
        enableDeletionProtection: args.deletionProtection ?? false,
        accessLogs: accessLogs(args),
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

/** Requests pass a web ACL first. */
function protect(
  name: string,
  loadBalancer: aws.lb.LoadBalancer,
  webAclArn: pulumi.Input<string>,
  parent: pulumi.Resource,
): void {
  new aws.wafv2.WebAclAssociation(
    `${name}-firewall`,
    { resourceArn: loadBalancer.arn, webAclArn },
    // To end the one of before would end whichever the load balancer has.
    { parent, deleteBeforeReplace: true },
  );
}

/** Said where there are none, too: AWS keeps what is not. */
function accessLogs({ accessLogs: target }: LoadBalancerArgs) {
  if (target === undefined) return { bucket: "", enabled: false };
  return { bucket: target.bucketName, prefix: target.prefix, enabled: true };
}
