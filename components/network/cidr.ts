/** An IPv4 network: its first address as an unsigned 32-bit number, and its prefix length. */
export interface Cidr {
  readonly base: number;
  readonly prefix: number;
}

/** The blocks that one zone owns inside a VPC. What is left of the zone's slot stays free for later tiers. */
export interface ZoneBlocks {
  readonly public: string;
  readonly private: string;
}

/** Zones that a VPC can ever have. No AWS region has more than six. */
export const maximumZones = 6;

/** AWS allows VPCs of /16 to /28. */
export const largestVpcPrefix = 16;

/**
 * Below /21 the public block of a zone would be smaller than /27, the least that a load balancer takes
 * ("Application Load Balancers: subnets for your load balancer", Elastic Load Balancing user guide).
 */
export const smallestVpcPrefix = 21;

// Eight slots, because blocks split in powers of two and six zones must fit.
const slotBits = 3;
const privateBits = slotBits + 1;
const publicBits = slotBits + 3;

/**
 * Parses `a.b.c.d/n`.
 * @throws Error when the text is not a CIDR, or when it is an address inside a network and not the network itself.
 */
export function parseCidr(text: string): Cidr {
  const match = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})\/(\d{1,2})$/.exec(text);
  const octets = match ? match.slice(1, 5).map(Number) : [];
  const prefix = match ? Number(match[5]) : 0;
  if (!match || prefix > 32 || octets.some((octet) => octet > 255)) {
    throw new Error(`"${text}" is not a CIDR; write it as 10.10.0.0/16`);
  }
  const address = octets.reduce((value, octet) => value * 256 + octet, 0);
  const base = address - (address % size(prefix));
  if (base !== address) {
    throw new Error(
      `"${text}" is an address inside a network; the network is ${format(base, prefix)}`,
    );
  }
  return { base, prefix };
}

export function formatCidr({ base, prefix }: Cidr): string {
  return format(base, prefix);
}

export function contains(outer: Cidr, inner: Cidr): boolean {
  return outer.base <= inner.base && end(inner) <= end(outer);
}

export function overlaps(a: Cidr, b: Cidr): boolean {
  return a.base < end(b) && b.base < end(a);
}

/**
 * The blocks of zone `index` (0 to 5) in a VPC: a function of the two alone, so that a zone keeps its blocks
 * whatever other zones come and go. A VPC of /16 gives each zone a private /20 (4,091 usable addresses) and a public
 * /22 (1,019); one of /21 gives it a /25 (123) and a /27 (27).
 * @throws RangeError when the zone or the size of the VPC is out of range.
 */
export function zoneBlocks(vpcCidr: string, index: number): ZoneBlocks {
  const vpc = parseCidr(vpcCidr);
  if (!Number.isInteger(index) || index < 0 || index >= maximumZones) {
    throw new RangeError(`zone ${index} is out of range; allowed: 0 to ${maximumZones - 1}`);
  }
  if (vpc.prefix < largestVpcPrefix || vpc.prefix > smallestVpcPrefix) {
    throw new RangeError(
      `a VPC of /${vpc.prefix} is out of range; allowed: /${largestVpcPrefix} to /${smallestVpcPrefix}`,
    );
  }
  const slot = vpc.base + index * size(vpc.prefix + slotBits);
  const privatePrefix = vpc.prefix + privateBits;
  return {
    private: format(slot, privatePrefix),
    public: format(slot + size(privatePrefix), vpc.prefix + publicBits),
  };
}

function size(prefix: number): number {
  return 2 ** (32 - prefix);
}

function end({ base, prefix }: Cidr): number {
  return base + size(prefix);
}

function format(base: number, prefix: number): string {
  const octets = [24, 16, 8, 0].map((shift) => Math.floor(base / 2 ** shift) % 256);
  return `${octets.join(".")}/${prefix}`;
}
