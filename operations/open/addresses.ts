import type { Service } from "@aws-sdk/client-ecs";
import {
  DescribeListenersCommand,
  DescribeLoadBalancersCommand,
  DescribeTargetGroupsCommand,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import {
  dashboardPage,
  logGroupsPage,
  pipelinePage,
  servicePage,
} from "../../contract/consolePages";
import { hasWildcard, routeHost, routePath } from "../../contract/routeAddress";
import type { Clients } from "../../delivery/clients";
import { describeServices } from "../../delivery/deploy/ecs";
import { DeliveryError } from "../../delivery/errors";
import type { Target } from "../../delivery/target";
import { meantHint } from "../../stacks/config/nearest";
import { sideOf } from "../../stacks/config/sides";
import type { WebServiceConfig } from "../../stacks/config/types";

/** Pages of AWS's console that every environment may have. */
export const pages = ["pipeline", "dashboard", "logs"] as const;

/** Where something is that a person can open. */
export interface Address {
  /** As it was asked for: a page, or a service as config calls it. */
  readonly what: string;
  /** `console`: AWS's console shows it, to whoever is signed in there. `service`: it answers there itself. */
  readonly kind: "console" | "service";
  readonly url: string;
  /** Whether it is reached from inside of the network alone. */
  readonly isInternal: boolean;
}

export interface AddressOptions {
  readonly clients: Pick<Clients, "ecs" | "elb">;
  readonly target: Target;
  /** A page or a service. Default: the web service, where there is one alone. */
  readonly what?: string;
}

/**
 * The address of a page or a service: of a service by config, and where that names no host by its load balancer, which is asked.
 * @throws DeliveryError where there is none of the name, with the nearest, or it has no address.
 */
export async function addressOf(options: AddressOptions): Promise<Address> {
  const { target } = options;
  const what = options.what ?? onlyWebService(target);
  const page = pageOf(target, what);
  if (page !== undefined) return { what, kind: "console", url: page, isInternal: false };
  const { services } = target.config;
  if (!Object.hasOwn(services, what)) throw unknown(target, what);
  const config = services[what];
  if (config.kind === "web") return webAddress(options, what, config);
  const { region, names } = target;
  if (config.kind === "job") {
    const url = logGroupsPage(region, names.logGroup(what));
    return { what, kind: "console", url, isInternal: false };
  }
  const url = servicePage(region, names.cluster, names.service(what));
  return { what, kind: "console", url, isInternal: false };
}

function pageOf({ config, names, region, stack }: Target, what: string): string | undefined {
  switch (what) {
    case "pipeline":
      if (config.pipeline) return pipelinePage(region, names.pipeline);
      throw new DeliveryError(`${stack} has no pipeline: gantry:pipeline is not in its config`);
    case "dashboard":
      if (config.dashboard) return dashboardPage(region, names.prefix);
      throw new DeliveryError(
        `${stack} has no dashboard: set gantry:dashboard to true, then pulumi up --stack ${stack}`,
      );
    case "logs":
      return logGroupsPage(region, names.logGroup(""));
    default:
      return undefined;
  }
}

function onlyWebService({ config, stack }: Target): string {
  const web = Object.entries(config.services).filter(([, { kind }]) => kind === "web");
  if (web.length === 1) return web[0][0];
  const has = web.length > 0 ? "several web services" : "no web service";
  throw new DeliveryError(
    `${stack} has ${has}. Say which is meant, or a page: ${choices(config).join(", ")}`,
  );
}

function choices({ services }: Target["config"]): string[] {
  return [...Object.keys(services), ...pages];
}

function unknown({ config, stack }: Target, what: string): DeliveryError {
  const known = choices(config);
  return new DeliveryError(
    `${stack} has nothing called ${what} to open: ${known.join(", ")}.${meantHint(what, known, " ")}`,
  );
}

async function webAddress(
  { clients, target }: AddressOptions,
  what: string,
  config: WebServiceConfig,
): Promise<Address> {
  const { loadBalancer } = target.config;
  const isBeside = sideOf(config, target.config) === "internal";
  const { route } = config;
  const isInternal = isBeside || loadBalancer.internal;
  const named = isBeside ? undefined : loadBalancer.domain?.name;
  const { host, protocol } =
    named === undefined ? await askedOf(clients, target, what) : { host: named, protocol: "https" };
  const name = routeHost(route, host);
  if (hasWildcard(name)) {
    throw new DeliveryError(
      `${what} answers ${route.hosts.join(", ")} and no name that is known here: open one of those by yourself`,
    );
  }
  return { what, kind: "service", url: `${protocol}://${name}${routePath(route)}`, isInternal };
}

interface Asked {
  readonly host: string;
  readonly protocol: string;
}

/** The load balancer that leads to a service, as ECS and ELB know it. */
async function askedOf(
  { ecs, elb }: AddressOptions["clients"],
  target: Target,
  service: string,
): Promise<Asked> {
  const described = await describeServices(ecs, target);
  const TargetGroupArns = groupsOf(described[service]).slice(0, 1);
  const missing = new DeliveryError(
    `no load balancer leads to ${service} of ${target.stack}: gantry status --stack ${target.stack} says what there is`,
  );
  if (TargetGroupArns.length === 0) throw missing;
  const { TargetGroups = [] } = await elb.send(
    new DescribeTargetGroupsCommand({ TargetGroupArns }),
  );
  const LoadBalancerArns = TargetGroups.flatMap(({ LoadBalancerArns: arns = [] }) => arns);
  if (LoadBalancerArns.length === 0) throw missing;
  const [{ LoadBalancers = [] }, { Listeners = [] }] = await Promise.all([
    elb.send(new DescribeLoadBalancersCommand({ LoadBalancerArns })),
    elb.send(new DescribeListenersCommand({ LoadBalancerArn: LoadBalancerArns[0] })),
  ]);
  const host = LoadBalancers.at(0)?.DNSName;
  if (host === undefined) throw missing;
  const isSecure = Listeners.some(({ Protocol }) => Protocol === "HTTPS");
  return { host, protocol: isSecure ? "https" : "http" };
}

function groupsOf({ loadBalancers = [] }: Service = {}): string[] {
  return loadBalancers.flatMap(({ targetGroupArn }) => targetGroupArn ?? []);
}
