import {
  contains,
  formatCidr,
  largestVpcPrefix,
  parseCidr,
  smallestVpcPrefix,
  type Cidr,
} from "../../components/network/cidr";
import { privateRanges } from "../../components/service/clients";

export const allowedVpcCidr = `a private network of /${largestVpcPrefix} to /${smallestVpcPrefix}`;

/** How to fix a text that is not a network; undefined where it is one. */
export function cidrFault(given: string): string | undefined {
  if (readCidr(given) !== undefined) return undefined;
  // One address is a network of its own.
  const network = networkOf(given) ?? networkOf(`${given}/32`);
  return network === undefined ? "write it as 203.0.113.0/24" : `write ${formatCidr(network)}`;
}

/** How to fix a text that cannot be the VPC's network; undefined where it can. */
export function vpcCidrFault(given: string): string | undefined {
  const network = networkOf(given);
  if (network === undefined) return "write it as 10.10.0.0/16";
  const prefix = Math.min(Math.max(network.prefix, largestVpcPrefix), smallestVpcPrefix);
  const fitting = networkOf(`${formatCidr(network).split("/")[0]}/${prefix}`) ?? network;
  if (!privateRanges.some((range) => contains(parseCidr(range), fitting))) {
    return `choose one inside ${privateRanges.join(", ")}`;
  }
  return formatCidr(fitting) === given ? undefined : `set cidr: ${formatCidr(fitting)}`;
}

/** The network that a text names, or undefined where it names none. */
export function readCidr(given: string): Cidr | undefined {
  try {
    return parseCidr(given);
  } catch {
    return undefined;
  }
}

/** The network in which an address lies: 10.10.0.7/16 gives 10.10.0.0/16. */
function networkOf(given: string): Cidr | undefined {
  const match = /^\s*([\d.]+)\/(\d+)\s*$/.exec(given);
  const host = match ? readCidr(`${match[1]}/32`) : undefined;
  const prefix = Number(match?.[2]);
  if (host === undefined || prefix > 32) return undefined;
  const size = 2 ** (32 - prefix);
  return { base: host.base - (host.base % size), prefix };
}
