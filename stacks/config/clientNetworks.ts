import { isIPv6 } from "node:net";
import { isIpv6Network } from "../../components/service/clients";
import { cidrFault, readCidr } from "./cidrText";

const ipv6Bits = 128;

/** How to fix a text that is no network of IPv4 or IPv6; undefined where it is one. */
export function clientNetworkFault(given: string): string | undefined {
  if (!isIpv6Network(given)) return cidrFault(given);
  // One address is a network of its own.
  const network = ipv6Network(given) ?? ipv6Network(`${given}/${ipv6Bits}`);
  if (network === undefined) return "write it as 2001:db8::/32";
  return network.text === given ? undefined : `write ${network.text}`;
}

/**
 * The bits that all addresses of a network begin with, behind its family: one network contains those whose bits begin with
 * its own.
 * @returns undefined for what is no network.
 */
export function networkBits(given: string): string | undefined {
  if (isIpv6Network(given)) {
    const network = ipv6Network(given);
    return network && `6${network.bits}`;
  }
  const network = readCidr(given);
  return network && `4${network.base.toString(2).padStart(32, "0").slice(0, network.prefix)}`;
}

/** The network in which an address lies, as AWS writes it: in lower case, and as short as can be. */
function ipv6Network(given: string): { readonly text: string; readonly bits: string } | undefined {
  const [, address = "", length = ""] = /^([\da-f:.]+)\/(\d{1,3})$/i.exec(given) ?? [];
  const prefix = Number(length);
  if (!isIPv6(address) || prefix > ipv6Bits) return undefined;
  const bits = groupsOf(shortest(address))
    .map((group) => parseInt(group, 16).toString(2).padStart(16, "0"))
    .join("")
    .slice(0, prefix);
  const groups = bits.padEnd(ipv6Bits, "0").match(/.{16}/g) ?? [];
  const network = groups.map((group) => parseInt(group, 2).toString(16)).join(":");
  return { text: `${shortest(network)}/${prefix}`, bits };
}

/** As RFC 5952 writes it, which is how URLs do. */
function shortest(address: string): string {
  return new URL(`http://[${address}]/`).hostname.slice(1, -1);
}

/** All eight groups of an address whose zeros are left out. */
function groupsOf(address: string): string[] {
  const [before, after] = address.split("::").map((part) => part.split(":").filter(Boolean));
  if (after === undefined) return before;
  const zeros = Array<string>(8 - before.length - after.length).fill("0");
  return [...before, ...zeros, ...after];
}
