import { nobodysNetwork } from "../../contract/nobodysNetwork";
import { unknownValue, type PlannedChange } from "../engine/changes";
import { say, told, type Phrase } from "./phrase";

/** What becomes reachable, or no longer is. */
export interface ExposureChange {
  readonly kind: "opened" | "closed";
  readonly what: Phrase;
  /** Whether everyone may reach it. */
  readonly isForEveryone: boolean;
}

interface Opening {
  readonly what: Phrase;
  readonly isForEveryone: boolean;
}

type Values = Readonly<Record<string, unknown>>;

/** What a change opens and closes: of resources that come, go, or have other properties. */
export function exposureChanges(change: PlannedChange): ExposureChange[] {
  const { op, oldInputs, newInputs } = change;
  const before = op === "create" ? [] : openings(change, oldInputs);
  const after = op === "delete" ? [] : openings(change, newInputs);
  const text = ({ what }: Opening) => told(what, JSON.stringify);
  const missing = (some: readonly Opening[], others: readonly Opening[]) => {
    const known = new Set(others.map(text));
    return some.filter((opening) => !known.has(text(opening)));
  };
  return [
    ...missing(after, before).map((opening) => ({ kind: "opened" as const, ...opening })),
    ...missing(before, after).map((opening) => ({ kind: "closed" as const, ...opening })),
  ];
}

function openings({ type, name }: PlannedChange, inputs: Values): Opening[] {
  const kind = type.split(":").at(-1) ?? "";
  switch (kind) {
    case "SecurityGroupIngressRule":
      return sourcesOf(inputs).map((from) => connection(from, portsOf(inputs), name));
    case "SecurityGroupEgressRule":
      return sourcesOf(inputs).map((to) => wayOut(to, portsOf(inputs), name));
    case "SecurityGroupRule":
      return sourcesOf(inputs).map((peer) =>
        inputs.type === "egress"
          ? wayOut(peer, portsOf(inputs), name)
          : connection(peer, portsOf(inputs), name),
      );
    case "SecurityGroup":
      return [
        ...rulesOf(inputs.ingress).flatMap((rule) =>
          sourcesOf(rule).map((from) => connection(from, portsOf(rule), name)),
        ),
        ...rulesOf(inputs.egress).flatMap((rule) =>
          sourcesOf(rule).map((to) => wayOut(to, portsOf(rule), name)),
        ),
      ];
    case "LoadBalancer":
      return inputs.internal === true ? [] : publicAddresses(name, inputs.ipAddressType);
    case "Listener":
      return [
        {
          what: say`${name} listens on ${`${textOf(inputs.protocol ?? "HTTP")} ${textOf(inputs.port)}`}`,
          isForEveryone: false,
        },
      ];
    case "ListenerRule":
      return routesOf(inputs).map((route) => ({
        what: say`${name} takes requests for ${route}`,
        isForEveryone: false,
      }));
    default:
      return flags(name, inputs, kind);
  }
}

function publicAddresses(name: string, ipAddressType: unknown): Opening[] {
  const found = [{ what: say`${name} has public addresses`, isForEveryone: false }];
  const ipv6 = { what: say`${name} has public addresses of IPv6`, isForEveryone: false };
  return ipAddressType === "dualstack" ? [...found, ipv6] : found;
}

/** Properties that make something public by themselves. */
function flags(name: string, inputs: Values, kind: string): Opening[] {
  const network = inputs.networkConfiguration as Values | undefined;
  const isPublic =
    network?.assignPublicIp === true ||
    inputs.associatePublicIpAddress === true ||
    inputs.mapPublicIpOnLaunch === true;
  const found: Opening[] = [];
  if (isPublic) found.push({ what: say`${name} gives public addresses`, isForEveryone: false });
  if (inputs.publiclyAccessible === true) {
    found.push({ what: say`${name} is publicly accessible`, isForEveryone: true });
  }
  if (kind === "FunctionUrl" && inputs.authorizationType === "NONE") {
    found.push({ what: say`${name} can be called by its URL`, isForEveryone: true });
  }
  return found;
}

const everyone = new Set(["0.0.0.0/0", "::/0"]);

function connection(from: string, ports: string, name: string): Opening {
  const isForEveryone = everyone.has(from);
  const what = isForEveryone
    ? say`everyone (${from}) may connect on ${ports} (${name})`
    : say`${from} may connect on ${ports} (${name})`;
  return { what, isForEveryone };
}

function wayOut(to: string, ports: string, name: string): Opening {
  return { what: say`${name} may connect to ${to} on ${ports}`, isForEveryone: false };
}

/** Networks, groups and lists of prefixes that a rule is about, in any of its spellings. */
function sourcesOf(rule: Values): string[] {
  const given = [
    ...[rule.cidrIpv4, rule.cidrIpv6, rule.cidrBlocks, rule.ipv6CidrBlocks],
    ...[rule.referencedSecurityGroupId, rule.securityGroups, rule.sourceSecurityGroupId],
    ...[rule.prefixListId, rule.prefixListIds],
  ];
  const named = given
    .flat()
    .filter((source) => source !== undefined && source !== "")
    .map((source) => (source === unknownValue ? "a group that the update makes" : textOf(source)));
  return rule.self === true ? [...named, "members of the group itself"] : named;
}

function portsOf(rule: Values): string {
  const protocol = textOf(rule.ipProtocol ?? rule.protocol ?? "-1");
  if (protocol === "-1" || protocol === "all") return "all ports of all protocols";
  const { fromPort, toPort } = rule;
  if (fromPort === undefined && toPort === undefined) return protocol;
  const [from, to] = [textOf(fromPort), textOf(toPort)];
  return from === to ? `${protocol} ${from}` : `${protocol} ${from} to ${to}`;
}

/** A rule that nobody can meet, by which a target group is only kept on its load balancer, is none. */
function routesOf({ conditions }: Values): string[] {
  const entries = rulesOf(conditions);
  if (entries.some(({ sourceIp }) => valuesOf(sourceIp).includes(nobodysNetwork))) return [];
  const of = (key: string) => entries.flatMap((condition) => valuesOf(condition[key]));
  const hosts = of("hostHeader");
  const paths = of("pathPattern");
  const parts = [
    ...(hosts.length > 0 ? [hosts.join(", ")] : []),
    ...(paths.length > 0 ? [paths.join(", ")] : []),
  ];
  return parts.length > 0 ? [parts.join(" ")] : [];
}

function valuesOf(condition: unknown): string[] {
  const values = (condition as Values | undefined)?.values;
  return Array.isArray(values) ? values.map(textOf) : [];
}

function rulesOf(given: unknown): Values[] {
  return Array.isArray(given) ? (given as Values[]) : [];
}

function textOf(value: unknown): string {
  if (value === unknownValue) return "known after the update";
  return typeof value === "string" ? value : JSON.stringify(value);
}
