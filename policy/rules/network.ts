import { when, type Resource, type Rule } from "../rule";
import type { Settings } from "../settings";
import { at, isAbsent, isOn, items, notKnown, numberOf, textOf } from "../values";

const groups = ["aws:ec2/securityGroup:SecurityGroup"];
const defaultGroups = ["aws:ec2/defaultSecurityGroup:DefaultSecurityGroup"];
const ingressRules = ["aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"];
const eitherRules = ["aws:ec2/securityGroupRule:SecurityGroupRule"];
const subnets = ["aws:ec2/subnet:Subnet"];
const vpcs = ["aws:ec2/vpc:Vpc"];

export const networkRules: readonly Rule[] = [
  {
    name: "ec2-open-ingress",
    severity: "critical",
    because: "What the whole internet reaches is tried by the whole internet within minutes.",
    fix: "name the security group or the networks that connect; open to everybody is a load balancer on 80 and 443 (setting openPorts)",
    types: [...groups, ...defaultGroups, ...ingressRules, ...eitherRules],
    check: (resource, settings) =>
      ingressOf(resource)
        .filter((rule) => networksOf(rule).some(isEverywhere) && !isOpenPort(rule, settings))
        .map(
          (rule) => `${networksOf(rule).filter(isEverywhere).join(" and ")} reaches ${ports(rule)}`,
        ),
  },
  {
    name: "ec2-described-rules",
    severity: "low",
    because: "Nobody dares to remove a rule of which nobody knows why it is there.",
    fix: "say in description who connects to what",
    types: [...groups, ...ingressRules, ...eitherRules],
    check: (resource) =>
      ingressOf(resource)
        .filter((rule) => isAbsent(at(rule, "description")))
        .map((rule) => `the rule for ${ports(rule)} has no description`),
  },
  {
    name: "ec2-subnet-public-addresses",
    severity: "medium",
    because:
      "In a subnet that gives public addresses, whatever is started there by mistake is on the internet.",
    fix: "set mapPublicIpOnLaunch to false, and let what needs an address ask for one",
    types: subnets,
    check: ({ properties }) =>
      when(isOn(properties.mapPublicIpOnLaunch), "what starts in it gets a public address"),
  },
  {
    name: "ec2-default-security-group",
    severity: "high",
    because:
      "Whatever is made without a security group is in the VPC's default one, and has all that it lets in.",
    fix: "leave ingress and egress out of aws.ec2.DefaultSecurityGroup, which empties it",
    types: defaultGroups,
    check: ({ properties }) =>
      ["ingress", "egress"]
        .filter((key) => items(properties[key]).length > 0)
        .map((key) => `it has ${key} rules`),
  },
  {
    name: "ec2-default-group-kept",
    severity: "medium",
    because:
      "AWS makes the default security group of a VPC open among its members and to the outside.",
    fix: "add an aws.ec2.DefaultSecurityGroup of the VPC without rules",
    types: vpcs,
    checkInStack: (vpc, stack) =>
      when(
        stack.about(vpc, defaultGroups, "vpcId").length === 0 &&
          !stack.mayBeAbout(vpc, defaultGroups, "vpcId"),
        "the default security group is as AWS makes it",
      ),
  },
  {
    name: "ec2-flow-logs",
    severity: "low",
    because: "Without flow logs nobody can tell later what connected to what.",
    fix: "add an aws.ec2.FlowLog of the VPC",
    inProduction: true,
    types: vpcs,
    checkInStack: (vpc, stack) => {
      const logs = ["aws:ec2/flowLog:FlowLog"];
      return when(
        stack.about(vpc, logs, "vpcId").length === 0 && !stack.mayBeAbout(vpc, logs, "vpcId"),
        "no connection in the VPC is logged",
      );
    },
  },
];

/** What a resource lets in: a rule of its own, or those in a group. */
function ingressOf({ type, properties }: Resource): readonly unknown[] {
  if (ingressRules.includes(type)) return [properties];
  if (eitherRules.includes(type)) return properties.type === "ingress" ? [properties] : [];
  return items(properties.ingress);
}

function networksOf(rule: unknown): readonly string[] {
  return ["cidrIpv4", "cidrIpv6", "cidrBlocks", "ipv6CidrBlocks"]
    .flatMap((key) => items(at(rule, key)))
    .flatMap((network) => textOf(network) ?? []);
}

/** Everybody, also in two halves. */
function isEverywhere(network: string): boolean {
  return /\/[01]$/.test(network);
}

function isOpenPort(rule: unknown, { openPorts }: Settings): boolean {
  const given = [at(rule, "fromPort"), at(rule, "toPort")];
  if (given.includes(notKnown)) return true;
  const [from, to] = given.map(numberOf);
  return (
    from !== undefined &&
    from === to &&
    openPorts.includes(from) &&
    ["tcp", "6", "udp", "17"].includes(protocolOf(rule) ?? "")
  );
}

function protocolOf(rule: unknown): string | undefined {
  return textOf(at(rule, "ipProtocol")) ?? textOf(at(rule, "protocol"));
}

function ports(rule: unknown): string {
  const [from, to] = [numberOf(at(rule, "fromPort")), numberOf(at(rule, "toPort"))];
  const protocol = protocolOf(rule);
  if (from === undefined || protocol === "-1" || protocol === "all") return "every port";
  return from === to ? `port ${from}` : `ports ${from} to ${to}`;
}
