import {
  GetHostedZoneCommand,
  ListHostedZonesByNameCommand,
  type Route53Client,
} from "@aws-sdk/client-route-53";
import { counted } from "../../../contract/counted";
import { domainsOfConfig } from "../../../stacks/config/sides";
import type { Check, Diagnosis, Finding, Unchecked } from "../check";
import type { DoctorContext } from "../context";
import { uncheckedBy } from "../failure";
import { wantedNames } from "./certificates";

/** Whether the names of config lead to a load balancer, and the zones that they are in to Route 53. */
export const dnsCheck: Check = {
  name: "dns",
  title: "the DNS",
  rights: ["route53:ListHostedZonesByName", "route53:GetHostedZone"],
  run: async (context): Promise<Diagnosis> => {
    const { target } = context;
    // A wildcard is no name that somebody asks for.
    const names = wantedNames(context).filter((name) => !name.includes("*"));
    const zones = [...new Set(domainsOfConfig(target.config.loadBalancer).map(({ zone }) => zone))];
    if (zones.length === 0) return { well: "no domain is configured" };
    const findings: Finding[] = [];
    const unchecked: Unchecked[] = [];
    for (const zone of zones) {
      try {
        findings.push(...(await zoneFindings(context, zone)));
      } catch (error) {
        unchecked.push(uncheckedBy(error, `the zone ${zone}`, dnsCheck.rights ?? []));
      }
    }
    for (const name of names) {
      try {
        findings.push(...(await nameFindings(context, name)));
      } catch (error) {
        unchecked.push(uncheckedBy(error, name, ["elasticloadbalancing:DescribeLoadBalancers"]));
      }
    }
    return { well: `${counted(names.length, "name")} to the load balancer`, findings, unchecked };
  },
};

/** Whether the world is sent to the zone that records are made in. */
async function zoneFindings(
  { clients, resolver }: DoctorContext,
  zone: string,
): Promise<Finding[]> {
  const own = await nameServersOf(clients.route53, zone);
  if (own === undefined) {
    return [
      {
        severity: "error",
        where: zone,
        what: `Route 53 of this account has no public zone ${zone}`,
        fix: "make it, or name the zone that there is as loadBalancer.domain.zone",
        command: `aws route53 create-hosted-zone --name ${zone} --caller-reference ${zone}`,
      },
    ];
  }
  const asked = (await resolver.nameServers(zone)).map(plainHost);
  if (asked.some((server) => own.includes(server))) return [];
  return [
    {
      severity: "error",
      where: zone,
      what:
        asked.length === 0
          ? "nothing leads to the zone: its parent, or the registrar, names no name servers of it"
          : `the world is sent to ${asked.join(", ")}, which are not the zone's: records that are made in it are seen by nobody`,
      fix: `name these servers at the registrar, or as NS records of ${zone} in its parent zone: ${own.join(", ")}`,
    },
  ];
}

/** The name servers of a public zone; undefined where the account has none of that name. */
async function nameServersOf(
  client: Pick<Route53Client, "send">,
  zone: string,
): Promise<string[] | undefined> {
  const { HostedZones = [] } = await client.send(
    new ListHostedZonesByNameCommand({ DNSName: zone, MaxItems: 10 }),
  );
  const found = HostedZones.find(
    ({ Name = "", Config }) => plainHost(Name) === zone && Config?.PrivateZone !== true,
  );
  if (!found) return undefined;
  const { DelegationSet } = await client.send(new GetHostedZoneCommand({ Id: found.Id }));
  return (DelegationSet?.NameServers ?? []).map(plainHost);
}

/** A host's name without the point of the root. */
function plainHost(name: string): string {
  return name.toLowerCase().replace(/\.$/, "");
}

async function nameFindings(
  { loadBalancers, resolver, target }: DoctorContext,
  name: string,
): Promise<Finding[]> {
  const hosts = (await loadBalancers()).flatMap(({ DNSName }) => DNSName ?? []);
  const addresses = await resolver.addresses(name);
  if (addresses.length === 0) {
    return [
      {
        severity: "error",
        where: name,
        what: "the DNS does not know this name",
        fix: "see that the zone is delegated; then make its record",
        command: `pulumi refresh --stack ${target.stack} && pulumi up --stack ${target.stack}`,
      },
    ];
  }
  if (hosts.length === 0) return [];
  const own = (await Promise.all(hosts.map((host) => resolver.addresses(host)))).flat();
  if (addresses.some((address) => own.includes(address))) return [];
  return [
    {
      severity: "warning",
      where: name,
      what: `it leads to ${addresses.join(", ")}, and the load balancer is ${hosts.join(", ")} (${own.join(", ") || "without an address"})`,
      fix: "nothing, where something stands before it, as CloudFront; else put the record back",
      command: `pulumi refresh --stack ${target.stack} && pulumi up --stack ${target.stack}`,
    },
  ];
}
