/** Networks that no host of the internet is in: RFC 1918, and RFC 6598 (carrier NAT), which VPCs may have as well. */
export const privateRanges = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10"];

/** Unique local addresses, RFC 4193. */
const privateIpv6Range = "fc00::/7";

export const everyIpv4 = "0.0.0.0/0";
export const everyIpv6 = "::/0";

/** What is known of a load balancer whose clients nobody names. */
export interface ClientDefaults {
  readonly internal?: boolean;
  readonly ipv6?: boolean;
  /** Whether prefix lists name some: nobody beside them, then. */
  readonly hasPrefixLists: boolean;
}

/** The networks that may connect where none are named: everybody, and private addresses alone where it is internal. */
export function defaultClients({
  internal = false,
  ipv6 = false,
  hasPrefixLists,
}: ClientDefaults): string[] {
  if (hasPrefixLists) return [];
  return internal
    ? [...privateRanges, ...(ipv6 ? [privateIpv6Range] : [])]
    : [everyIpv4, ...(ipv6 ? [everyIpv6] : [])];
}

export function isIpv6Network(cidr: string): boolean {
  return cidr.includes(":");
}
