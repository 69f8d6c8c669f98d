import type { EgressArgs, Network } from "../components";
import { privateRanges, everyIpv4 } from "../components/service/clients";
import { isKeptIn } from "./config/egress";
import type { EnvironmentConfig } from "./config";

/**
 * Where the tasks of a service may connect; undefined for everywhere. Inside of the VPC it is everything, since there each group says
 * itself whom it lets in: endpoints, databases, file systems and services that are called. Whatever else config says, what a task needs to
 * start is let out: by the VPC's endpoints alone where it has all of them, else by HTTPS, since AWS's addresses are no list.
 */
export function egressOf(
  name: string,
  { config, network }: { readonly config: EnvironmentConfig; readonly network: Network },
): EgressArgs[] | undefined {
  const service = config.services[name];
  const { egress } = service;
  if (egress === "all") return undefined;
  const inside = config.network.mode === "create" ? [config.network.cidr] : privateRanges;
  const rules = [
    ...inside.map((cidrIpv4) => ({
      ...{ label: labelOf(cidrIpv4), cidrIpv4, protocol: "all" as const },
      description: "The VPC, where each group says whom it lets in",
    })),
    aws(isKeptIn(service, config) ? network.s3PrefixListId : undefined),
    ...egress.map(({ to, port, protocol }) => ({
      ...placeOf(to),
      ...{ label: `${labelOf(to)}-${protocol}-${port}`, port, protocol },
      description: `What ${name} may reach, by config`,
    })),
  ];
  // EC2 refuses a rule that is there.
  return rules.filter(({ label }, at) => rules.findIndex((each) => each.label === label) === at);
}

function aws(prefixListId: EgressArgs["prefixListId"]): EgressArgs {
  return prefixListId === undefined
    ? {
        label: `${labelOf(everyIpv4)}-tcp-443`,
        cidrIpv4: everyIpv4,
        description: "HTTPS: images, logs, secrets",
      }
    : { label: "s3", prefixListId, description: "S3: layers of images, and buckets" };
}

function placeOf(to: string): Pick<EgressArgs, "cidrIpv4" | "prefixListId" | "securityGroupId"> {
  if (to.startsWith("pl-")) return { prefixListId: to };
  return to.startsWith("sg-") ? { securityGroupId: to } : { cidrIpv4: to };
}

function labelOf(place: string): string {
  return place.replace("/", "_");
}
