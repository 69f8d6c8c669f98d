import type { Action, RedirectActionConfig, Rule } from "@aws-sdk/client-elastic-load-balancing-v2";
import { holds, type RoutedRequest } from "./conditions";

/** What a load balancer does with a request. */
export type Decision =
  | { readonly kind: "forward"; readonly targetGroupArn: string }
  | { readonly kind: "redirect"; readonly status: number; readonly location: string }
  | {
      readonly kind: "answer";
      readonly status: number;
      readonly contentType: string;
      readonly body: string;
    };

/** Where a request came in: redirects may keep what they do not name. */
export interface Entrance {
  readonly protocol: "HTTP" | "HTTPS";
  readonly port: number;
}

/**
 * Decides by a listener's rules: the one of the lowest priority whose conditions all hold, else the default.
 * @param random between 0 and 1: which of several weighted target groups it is.
 * @throws Error where the rule has an action that the rehearsal does not know.
 */
export function decide(
  rules: readonly Rule[],
  request: RoutedRequest & { readonly rawQuery: string },
  entrance: Entrance,
  random: () => number = Math.random,
): Decision {
  const rule = [...rules]
    .sort((one, other) => order(one) - order(other))
    .find(({ Conditions = [] }) => Conditions.every((condition) => holds(condition, request)));
  const actions = [...(rule?.Actions ?? [])].sort(
    (one, other) => (one.Order ?? 0) - (other.Order ?? 0),
  );
  const action = actions.at(-1);
  if (action?.Type === "forward") return forward(action, random);
  if (action?.Type === "redirect") {
    const { StatusCode } = action.RedirectConfig ?? {};
    return {
      kind: "redirect",
      status: StatusCode === "HTTP_301" ? 301 : 302,
      location: location(action.RedirectConfig, request, entrance),
    };
  }
  if (action?.Type === "fixed-response") {
    const { StatusCode, ContentType, MessageBody } = action.FixedResponseConfig ?? {};
    return {
      kind: "answer",
      status: Number(StatusCode),
      contentType: ContentType ?? "text/plain",
      body: MessageBody ?? "",
    };
  }
  throw new Error(
    `a listener rule has an action that the rehearsal does not know: ${action?.Type}`,
  );
}

function order({ Priority = "default" }: Rule): number {
  return Priority === "default" ? Infinity : Number(Priority);
}

/** A group of weight 0 gets nothing; where all have it, nobody answers. */
function forward(action: Action, random: () => number): Decision {
  const groups = action.ForwardConfig?.TargetGroups ?? [];
  const all = groups.length > 0 ? groups : [{ TargetGroupArn: action.TargetGroupArn, Weight: 1 }];
  const weighted = all.map(({ TargetGroupArn: arn = "", Weight: weight = 1 }) => ({ arn, weight }));
  const total = weighted.reduce((sum, { weight }) => sum + weight, 0);
  if (total === 0) return unavailable;
  let left = random() * total;
  const chosen = weighted.find(({ weight }) => (left -= weight) < 0);
  return { kind: "forward", targetGroupArn: (chosen ?? weighted[0]).arn };
}

/** What load balancers answer where no target can. */
export const unavailable: Decision = page(503, "Service Temporarily Unavailable");

/** The page of an error that is the load balancer's own. */
export function page(status: number, reason: string): Decision {
  const title = `${status} ${reason}`;
  return {
    kind: "answer",
    status,
    contentType: "text/html",
    body: `<html><head><title>${title}</title></head><body><h1>${title}</h1></body></html>`,
  };
}

function location(
  config: Partial<RedirectActionConfig> = {},
  request: RoutedRequest & { readonly rawQuery: string },
  entrance: Entrance,
): string {
  const known: Readonly<Record<string, string>> = {
    "#{protocol}": entrance.protocol.toLowerCase(),
    "#{host}": request.host,
    "#{port}": String(entrance.port),
    // Paths are named without their first slash.
    "#{path}": request.path.slice(1),
    "#{query}": request.rawQuery,
  };
  const filled = (text: string) => text.replace(/#\{\w+\}/g, (name) => known[name] ?? name);
  const protocol = filled(config.Protocol ?? "#{protocol}").toLowerCase();
  const host = filled(config.Host ?? "#{host}");
  const port = filled(config.Port ?? "#{port}");
  const path = filled(config.Path ?? "/#{path}");
  const query = filled(config.Query ?? "#{query}");
  return `${protocol}://${host}:${port}${path}${query ? `?${query}` : ""}`;
}
