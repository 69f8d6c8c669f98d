import { lookup, resolveNs } from "node:dns/promises";
import {
  DescribeLoadBalancersCommand,
  DescribeTargetGroupsCommand,
  type LoadBalancer,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import type { Release } from "../../contract/manifest";
import { callersAccount, type OwnAccount } from "../../delivery/account";
import { describeServices, type DescribedServices } from "../../delivery/deploy/ecs";
import type { ImageInspector } from "../../delivery/preflight";
import type { Ledger } from "../../delivery/ledger";
import { once } from "../../delivery/once";
import { readPointer } from "../../delivery/pointer";
import { tryRun } from "../../delivery/run";
import { stacksOf } from "../../delivery/projectFolder";
import { readTarget, type Target } from "../../delivery/target";
import type { DoctorClients } from "./clients";

/** What the DNS of this machine answers, which public names are asked of. */
export interface Resolver {
  /** Addresses of a name, of both kinds; none where there is no such name. @throws where nobody answers. */
  readonly addresses: (name: string) => Promise<readonly string[]>;
  /** The name servers that lead to a zone; none where nothing does. @throws where nobody answers. */
  readonly nameServers: (zone: string) => Promise<readonly string[]>;
}

/** What checks look at. What several of them ask is asked once. */
export interface DoctorContext {
  readonly target: Target;
  readonly clients: DoctorClients;
  readonly ledger: Pick<Ledger, "recent">;
  readonly now: Date;
  /** The other environments of the folder whose files can be read. */
  readonly others: readonly Target[];
  readonly registry: ImageInspector;
  readonly resolver: Resolver;
  readonly env: NodeJS.ProcessEnv;
  /** What a program of this machine says first of its version; undefined where it is not there, or does not run. */
  readonly version: (program: string, args: readonly string[]) => Promise<string | undefined>;
  /** Whose credentials ask. @throws where nobody is signed in. */
  readonly account: () => Promise<OwnAccount>;
  /** The desired release. */
  readonly release: () => Promise<Release | undefined>;
  /** What ECS has of the services. */
  readonly services: () => Promise<DescribedServices>;
  /** The load balancers that lead to them. */
  readonly loadBalancers: () => Promise<readonly LoadBalancer[]>;
}

type Given = Pick<
  DoctorContext,
  "target" | "clients" | "ledger" | "now" | "others" | "registry" | "env"
>;

/** A context that asks AWS, the DNS and this machine. */
export function makeContext(given: Given): DoctorContext {
  const { target, clients, env } = given;
  const services = once(() => describeServices(clients.ecs, target));
  return {
    ...given,
    resolver: systemResolver,
    version: async (program, args) => {
      const { code, stdout } = await tryRun(program, args, { env, timeoutMs: versionMs });
      return code === 0 ? /\d+\.\d+(\.\d+)?/.exec(stdout)?.[0] : undefined;
    },
    account: once(() => callersAccount(clients.sts)),
    release: once(() => readPointer(clients.ssm, target.names)),
    services,
    loadBalancers: once(async () => leadingTo(clients, await services())),
  };
}

/** The environments of a folder but one. A stack whose files are wrong is none: its own commands tell. */
export async function othersOf({ folder, stack }: Target): Promise<Target[]> {
  const stacks = stacksOf(folder).filter((other) => other !== stack);
  const read = await Promise.allSettled(stacks.map((other) => readTarget(folder, other)));
  return read.flatMap((each) => (each.status === "fulfilled" ? [each.value] : []));
}

/** Milliseconds for a program that says its version. */
const versionMs = 10_000;

/** Codes by which the DNS says that there is no such name ("DNS error codes", Node.js documentation). */
const absent = ["ENOTFOUND", "ENODATA"];

const systemResolver: Resolver = {
  addresses: async (name) => {
    const found = await unlessAbsent(() => lookup(name, { all: true }));
    return found.map(({ address }) => address);
  },
  nameServers: (zone) => unlessAbsent(() => resolveNs(zone)),
};

async function unlessAbsent<T>(ask: () => Promise<readonly T[]>): Promise<readonly T[]> {
  try {
    return await ask();
  } catch (error) {
    if (absent.includes((error as NodeJS.ErrnoException).code ?? "")) return [];
    throw error;
  }
}

/** DescribeTargetGroups takes no more at once ("DescribeTargetGroups", ELB API reference). */
const groupsPerCall = 20;

async function leadingTo(
  { elb }: Pick<DoctorClients, "elb">,
  services: DescribedServices,
): Promise<readonly LoadBalancer[]> {
  const groups = Object.values(services).flatMap(({ loadBalancers = [] }) =>
    loadBalancers.flatMap(({ targetGroupArn }) => targetGroupArn ?? []),
  );
  const arns = new Set<string>();
  for (let start = 0; start < groups.length; start += groupsPerCall) {
    const TargetGroupArns = groups.slice(start, start + groupsPerCall);
    const { TargetGroups = [] } = await elb.send(
      new DescribeTargetGroupsCommand({ TargetGroupArns }),
    );
    for (const arn of TargetGroups.flatMap(({ LoadBalancerArns = [] }) => LoadBalancerArns)) {
      arns.add(arn);
    }
  }
  if (arns.size === 0) return [];
  const { LoadBalancers = [] } = await elb.send(
    new DescribeLoadBalancersCommand({ LoadBalancerArns: [...arns] }),
  );
  return LoadBalancers;
}
