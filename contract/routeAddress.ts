/** What a service is reached by, beside the load balancer's own name. */
export interface Route {
  /** Path patterns; none: every path. */
  readonly paths?: readonly string[];
  /** Host names, which may have `*` and `?` in them; none: every host. */
  readonly hosts?: readonly string[];
}

/**
 * The host of a route that a person can open: its first literal one. Where all have wildcards, and none matches the load balancer's own
 * name, the first one as it is.
 * @param own the name of the load balancer.
 */
export function routeHost({ hosts = [] }: Route, own: string): string {
  const literal = hosts.find((name) => !hasWildcard(name));
  if (literal !== undefined) return literal;
  // Of wildcards alone there is none, unless the load balancer's own name is one that they match.
  const isAnswered = hosts.length === 0 || hosts.some((pattern) => matches(pattern, own));
  return isAnswered ? own : hosts[0];
}

/** Its first path up to a wildcard, without a slash at the end. */
export function routePath({ paths = [] }: Route): string {
  return (paths[0] ?? "/*").replace(/[*?].*$/, "").replace(/\/$/, "");
}

export function hasWildcard(name: string): boolean {
  return /[*?]/.test(name);
}

/** Whether a pattern of `*` and `?` matches a host. */
function matches(pattern: string, host: string): boolean {
  const expression = pattern
    .replace(/[.+^${}()|[\]\\]/g, "\\$&")
    .replaceAll("*", ".*")
    .replaceAll("?", ".");
  return new RegExp(`^${expression}$`, "i").test(host);
}
