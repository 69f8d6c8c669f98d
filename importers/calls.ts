import { isRecord } from "../contract/record";
import type { Draft } from "./draft";

/** A service as it is drafted, as far as calls go. */
interface Drafted {
  readonly kind?: unknown;
  readonly environment?: unknown;
  readonly entrypoint?: unknown;
  readonly command?: unknown;
}

/**
 * Writes which services call which: those that a service names as hosts, in variables and commands, and those that its file says
 * it needs.
 * @param needed by service, what else it calls.
 */
export function writeCalls(
  draft: Draft,
  needed: Readonly<Record<string, readonly string[]>> = {},
): void {
  const { services = {} } = draft.values() as { readonly services?: Record<string, Drafted> };
  const called = Object.keys(services).filter(
    (name) => services[name].kind !== "worker" && services[name].kind !== "job",
  );
  for (const [name, service] of Object.entries(services)) {
    const hosts = called.filter(
      (other) =>
        other !== name && (needed[name]?.includes(other) || portsNamed(other, service).length > 0),
    );
    if (hosts.length > 0) draft.set(["services", name, "calls"], hosts, undefined);
  }
}

/** The port at which other services name one as a host, where they agree. */
export function portNamed(host: string, others: readonly Drafted[]): number | undefined {
  const ports = new Set(others.flatMap((other) => portsNamed(host, other)).filter(Boolean));
  return ports.size === 1 ? [...ports][0] : undefined;
}

/** For each time that a service names a host: the port, or undefined where it says none. */
function portsNamed(host: string, service: Drafted): (number | undefined)[] {
  const { environment, entrypoint, command } = service;
  const variables = isRecord(environment) ? Object.entries(environment) : [];
  const words = [entrypoint, command].flat().map((word) => ["", word] as const);
  return [...variables, ...words].flatMap(([variable, text]) =>
    typeof text === "string" ? inText(host, variable, text) : [],
  );
}

/** In an address (`http://api:8080`), with a port (`api:8080`), or alone in a variable that is called a host. */
function inText(host: string, variable: string, text: string): (number | undefined)[] {
  const name = host.replace(/[^\w-]/g, "\\$&");
  const found = [
    ...text.matchAll(new RegExp(`(?://|@)${name}(?::(\\d+))?(?=[/?#,;\\s"']|$)`, "g")),
    ...text.matchAll(new RegExp(`(?<![\\w./@-])${name}:(\\d+)`, "g")),
  ];
  if (/HOST|SERVER|ADDR/i.test(variable) && text === host) return [undefined];
  return found.map(([, port]) => (port === undefined ? undefined : Number(port)));
}
