import type * as pulumi from "@pulumi/pulumi";
import {
  ExistingLoadBalancer,
  LoadBalancer,
  WebAcl,
  type AccessLogsTarget,
  type FoundLoadBalancer,
  type LoadBalancerArgs,
  type Network,
  type ServingLoadBalancer,
} from "../components";
import type { Tags } from "../components/shared/tags";
import type { EnvironmentConfig } from "./config";
import { domainsOf, isSecure, servicesOf, sides, type Side } from "./config/sides";
import { verifiesByNat } from "./config/verification";

/** Absent where no service is behind one. */
export type LoadBalancers = Readonly<Partial<Record<Side, ServingLoadBalancer>>>;

interface Parts {
  readonly config: EnvironmentConfig;
  /** The load balancer that is there already. Absent where one is made. */
  readonly found?: FoundLoadBalancer;
  readonly network: Network;
  /** Where their requests are logged. Absent where they are not. */
  readonly accessLogs?: AccessLogsTarget;
  readonly prefix: string;
  readonly tags: Tags;
  readonly options: pulumi.ComponentResourceOptions;
  /** Options of what is protected where config says so. */
  readonly kept: pulumi.ComponentResourceOptions;
}

/** The load balancers that the services of an environment need. */
export function createLoadBalancers(parts: Parts): LoadBalancers {
  const { config, network, prefix, tags, kept } = parts;
  const { loadBalancer, protection } = config;
  const internalName = `${prefix}-internal`;
  const has = (side: Side) => servicesOf(side, config).length > 0;
  if (!sides.some(has)) return {};
  if (parts.found && !has("internal")) return { main: existing(parts, parts.found) };
  const common = {
    ...{ network, tags, deletionProtection: protection },
    sslPolicy: loadBalancer.sslPolicy,
    idleTimeoutSeconds: loadBalancer.idleTimeoutSeconds,
    accessLogs: parts.accessLogs,
  };
  const main = {
    ...{
      ...common,
      ...namesOf("main", config),
      internal: loadBalancer.internal,
      ipv6: loadBalancer.ipv6,
    },
    allowedCidrs: loadBalancer.allowedCidrs,
    allowedPrefixListIds: loadBalancer.allowedPrefixLists.map(({ id }) => id),
    allowedAddresses: verifiesByNat(config) ? verifiersAddresses(config, network) : [],
    sibling: internalName,
    webAclArn: has("main") ? webAclArn(parts) : undefined,
  };
  const internal = { ...common, ...namesOf("internal", config), internal: true };
  return {
    ...(parts.found
      ? { main: existing(parts, parts.found) }
      : has("main")
        ? { main: new LoadBalancer(prefix, main, kept) }
        : {}),
    ...(has("internal")
      ? { internal: new LoadBalancer(internalName, { ...internal, sibling: prefix }, kept) }
      : {}),
  };
}

function existing({ config, prefix, tags, options }: Parts, found: FoundLoadBalancer) {
  const { domain, furtherDomains, certificateArns } = namesOf("main", config);
  const names = { domain, furtherDomains, certificateArns, sibling: `${prefix}-internal` };
  return new ExistingLoadBalancer(prefix, { ...names, found, tags }, options);
}

/** What a load balancer is called, and proves it by. */
function namesOf(side: Side, config: EnvironmentConfig): Names {
  const { certificateArn, certificateArns } = config.loadBalancer;
  const [domain, ...furtherDomains] = domainsOf(side, config);
  if (!isSecure(side, config)) return {};
  return {
    ...{ domain, furtherDomains, certificateArn },
    // By ids, so that each stays where others come and go.
    certificateArns: Object.fromEntries(certificateArns.map((arn) => [arn.split("/")[1], arn])),
  };
}

type Names = Pick<
  LoadBalancerArgs,
  "domain" | "furtherDomains" | "certificateArn" | "certificateArns"
>;

function webAclArn({ config, prefix, tags, options }: Parts): pulumi.Input<string> | undefined {
  const { waf } = config.loadBalancer;
  if (waf === undefined || "webAclArn" in waf) return waf?.webAclArn;
  const args = { ...waf, logRetentionDays: config.logs.retentionDays, tags };
  return new WebAcl(prefix, args, options).webAclArn;
}

/** AWS refuses a rule that is there already, as for an address that people let in by themselves. */
function verifiersAddresses({ network: given, loadBalancer }: EnvironmentConfig, made: Network) {
  if (given.mode === "create") return made.natAddresses;
  const others = new Set(given.natAddresses);
  return [...others].filter((address) => !loadBalancer.allowedCidrs.includes(`${address}/32`));
}

/** What Verify must be let in by, beside those whom a load balancer lets in anyway. */
export function internalOnes({ main, internal }: LoadBalancers) {
  const all = Object.entries({ main, internal }).flatMap(([side, balancer]) =>
    balancer?.isInternal ? [[side, balancer] as const] : [],
  );
  return Object.fromEntries(
    all.map(([side, { securityGroupId, protocol }]) => [
      side,
      { securityGroupId, port: protocol === "https" ? 443 : 80 },
    ]),
  );
}
