import { BlockList, isIPv6 } from "node:net";
import type { RuleCondition } from "@aws-sdk/client-elastic-load-balancing-v2";

/** What the rules of a listener look at. */
export interface RoutedRequest {
  readonly method: string;
  /** The host header, without its port. */
  readonly host: string;
  /** As it was sent, without the query string. */
  readonly path: string;
  /** Keys and values of the query string, in their order. */
  readonly query: readonly (readonly [string, string])[];
  /** The values of each header, by its name in lower case. */
  readonly headers: Readonly<Record<string, readonly string[]>>;
  /** Of the connection: load balancers do not look at X-Forwarded-For. */
  readonly sourceIp: string;
}

/**
 * Whether a request meets a condition, which it does where it meets one of its values.
 * https://docs.aws.amazon.com/elasticloadbalancing/latest/application/rule-condition-types.html
 * @throws Error for a condition of a kind that load balancers do not have.
 */
export function holds(condition: RuleCondition, request: RoutedRequest): boolean {
  const { Field: field, Values: values } = condition;
  switch (field) {
    case "host-header": {
      const { Values: hosts = values, RegexValues: expressions } = condition.HostHeaderConfig ?? {};
      return anyMatches(hosts, expressions, [request.host], "ignoreCase");
    }
    case "path-pattern": {
      const { Values: paths = values, RegexValues: expressions } =
        condition.PathPatternConfig ?? {};
      return anyMatches(paths, expressions, [request.path], "exactCase");
    }
    case "http-header": {
      const { HttpHeaderName = "", Values, RegexValues } = condition.HttpHeaderConfig ?? {};
      const found = request.headers[HttpHeaderName.toLowerCase()] ?? [];
      return anyMatches(Values, RegexValues, found, "ignoreCase");
    }
    case "http-request-method":
      return (condition.HttpRequestMethodConfig?.Values ?? []).includes(request.method);
    case "query-string":
      return (condition.QueryStringConfig?.Values ?? []).some(({ Key, Value = "" }) =>
        request.query.some(
          ([key, value]) =>
            (Key === undefined || wildcard(Key, "ignoreCase").test(key)) &&
            wildcard(Value, "ignoreCase").test(value),
        ),
      );
    case "source-ip":
      return (condition.SourceIpConfig?.Values ?? []).some((cidr) =>
        within(cidr, request.sourceIp),
      );
    default:
      throw new Error(`a listener rule has a condition of an unknown kind: ${String(field)}`);
  }
}

type Case = "ignoreCase" | "exactCase";

function anyMatches(
  patterns: readonly string[] = [],
  expressions: readonly string[] = [],
  texts: readonly string[],
  letters: Case,
): boolean {
  const flags = letters === "ignoreCase" ? "i" : "";
  const all = [
    ...patterns.map((pattern) => wildcard(pattern, letters)),
    ...expressions.map((expression) => new RegExp(expression, flags)),
  ];
  return texts.some((text) => all.some((one) => one.test(text)));
}

/** `*` is any number of characters, `?` one; after a backslash each is itself. */
function wildcard(pattern: string, letters: Case): RegExp {
  const source = pattern.replace(/\\[*?\\]|[*?]|[.+^${}()|[\]\\]/g, (found) => {
    if (found === "*") return ".*";
    if (found === "?") return ".";
    return found.length === 2 ? found : `\\${found}`;
  });
  return new RegExp(`^${source}$`, letters === "ignoreCase" ? "is" : "s");
}

function within(cidr: string, address: string): boolean {
  const [network, bits] = cidr.split("/");
  const family = isIPv6(network) ? "ipv6" : "ipv4";
  const list = new BlockList();
  list.addSubnet(network, Number(bits), family);
  // What comes over both families has IPv4 addresses in IPv6's notation.
  const plain = address.replace(/^::ffff:/, "");
  return list.check(plain, isIPv6(plain) ? "ipv6" : "ipv4");
}
