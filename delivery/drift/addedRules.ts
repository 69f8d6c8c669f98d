import { isRecord } from "../../contract/record";
import type { ReadResource } from "../engine/readBack";
import type { Addition, Stated } from "./findings";

const group = "aws:ec2/securityGroup:SecurityGroup";
const separate: Readonly<Record<string, Direction>> = {
  "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": "ingress",
  "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule": "egress",
};
/** The older kind of rule, which own resources and other packages may have. */
const older = "aws:ec2/securityGroupRule:SecurityGroupRule";

const directions = ["ingress", "egress"] as const;
type Direction = (typeof directions)[number];

/**
 * Rules of the environment's security groups that no resource of the stack is. A group that has its rules in itself is compared
 * by the provider, and is none of these.
 */
export function addedRules(
  resources: readonly ReadResource[],
  stated: readonly Stated[],
): Addition[] {
  const known = new Set(stated.flatMap(statedRules));
  return resources.flatMap((resource) => {
    if (resource.type !== group || resource.found === "gone") return [];
    return directions
      .filter((direction) => resource.inputs[direction] === undefined)
      .flatMap((direction) =>
        blocks(resource.outputs[direction])
          .flatMap((block) => rulesOf(block, resource.id))
          .filter((rule) => !known.has(keyOf(resource.id, direction, rule)))
          .filter((rule) => !isOfSharing(resource, direction, rule))
          .map((rule) => ({ of: resource, property: `${direction} rule`, found: textOf(rule) })),
      );
  });
}

interface Rule {
  /** `tcp`, or `-1` for all. */
  readonly protocol: string;
  readonly from: number;
  readonly to: number;
  /** A CIDR block, a prefix list or a security group. */
  readonly peer: string;
}

/** Environments that share a load balancer each let it connect to their tasks. That it may opens nothing by itself. */
function isOfSharing({ urn }: ReadResource, direction: Direction, { peer }: Rule): boolean {
  return (
    direction === "egress" && urn.includes("gantry:index:LoadBalancer$") && peer.startsWith("sg-")
  );
}

/** What a resource of the stack makes, by its inputs: what it should be is told of itself. */
function statedRules({ type, inputs, outputs }: Stated): string[] {
  const direction = Object.hasOwn(separate, type) ? separate[type] : undefined;
  const groupId = String(inputs.securityGroupId);
  if (direction) {
    // As it is as well as it should be: one that was changed is told as a change.
    return [inputs, outputs].flatMap((values) => {
      const peers = [values.cidrIpv4, values.cidrIpv6, values.prefixListId].filter(isText);
      const other = values.referencedSecurityGroupId;
      return [...peers, ...(isText(other) ? [other.split("/").at(-1) ?? other] : [])].map((peer) =>
        keyOf(groupId, direction, {
          ...ports(values.ipProtocol, values.fromPort, values.toPort),
          peer,
        }),
      );
    });
  }
  if (type !== older) return [];
  const given = inputs.type === "egress" ? "egress" : "ingress";
  const block = {
    ...inputs,
    securityGroups: isText(inputs.sourceSecurityGroupId) ? [inputs.sourceSecurityGroupId] : [],
  };
  return rulesOf(block, groupId).map((rule) => keyOf(groupId, given, rule));
}

/** A group's block of rules has several peers. */
function rulesOf(block: Readonly<Record<string, unknown>>, groupId: string): Rule[] {
  const peers = [
    ...texts(block.cidrBlocks),
    ...texts(block.ipv6CidrBlocks),
    ...texts(block.prefixListIds),
    // Of another account as `<account>/<group>`.
    ...texts(block.securityGroups).map((id) => id.split("/").at(-1) ?? id),
    ...(block.self === true ? [groupId] : []),
  ];
  const range = ports(block.protocol, block.fromPort, block.toPort);
  return peers.map((peer) => ({ ...range, peer }));
}

const numbered: Readonly<Record<string, string>> = { "1": "icmp", "6": "tcp", "17": "udp" };

/** All protocols have all ports, however that is written. */
function ports(protocol: unknown, from: unknown, to: unknown): Omit<Rule, "peer"> {
  const given = String(protocol).toLowerCase();
  if (given === "-1" || given === "all") return { protocol: "-1", from: 0, to: 0 };
  const called = Object.hasOwn(numbered, given) ? numbered[given] : given;
  return { protocol: called, from: Number(from ?? 0), to: Number(to ?? 0) };
}

function keyOf(groupId: string, direction: Direction, { protocol, from, to, peer }: Rule): string {
  return [groupId, direction, protocol, from, to, peer].join(" ");
}

function textOf({ protocol, from, to, peer }: Rule): string {
  if (protocol === "-1") return `everything, ${peer}`;
  return `${protocol} ${from === to ? from : `${from}-${to}`}, ${peer}`;
}

function blocks(value: unknown): Readonly<Record<string, unknown>>[] {
  return Array.isArray(value) ? value.filter(isRecord) : [];
}

function texts(value: unknown): string[] {
  return Array.isArray(value) ? value.filter(isText) : [];
}

function isText(value: unknown): value is string {
  return typeof value === "string" && value !== "";
}
