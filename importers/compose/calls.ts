import { portNamed, writeCalls } from "../calls";
import type { Draft } from "../draft";
import { otherWay } from "../outcome";
import { below, leaves, type SourceNode } from "../source";

/** Who calls whom: in a Compose file everybody may call everybody. */
export function draftCalls(draft: Draft, nodes: ReadonlyMap<string, SourceNode>): void {
  findPorts(draft);
  const needed = Object.fromEntries(
    [...nodes].map(([service, node]) => [service, [...needs(node).keys()]]),
  );
  writeCalls(draft, needed);
  for (const [service, node] of nodes) {
    const calls = draft.get(["services", service, "calls"]) as readonly string[] | undefined;
    for (const [other, where] of needs(node)) {
      if (!calls?.includes(other)) continue;
      const outcome = otherWay(`calls: ${other}; it is made before, and need not be healthy then`);
      for (const leaf of leaves(where)) draft.outcomes.mark(leaf, outcome);
    }
  }
}

/** What publishes no port, and is called at one by others, is private. */
function findPorts(draft: Draft): void {
  type Services = Readonly<Record<string, { readonly kind?: unknown }>>;
  const { services = {} } = draft.values() as { readonly services?: Services };
  for (const [name, { kind }] of Object.entries(services)) {
    if (kind !== "worker") continue;
    const others = Object.keys(services).filter((other) => other !== name);
    const port = portNamed(
      name,
      others.map((other) => services[other]),
    );
    if (port === undefined) continue;
    draft.set(["services", name, "kind"], "private", undefined);
    draft.set(["services", name, "port"], port, undefined);
  }
}

/** What a service depends on, and links to by its own name, with where it says so. */
function needs(node: SourceNode): Map<string, SourceNode> {
  const found = new Map<string, SourceNode>();
  for (const key of ["depends_on", "links"]) {
    for (const [name, each] of below(node, key)?.children ?? []) {
      const [service, alias = service] = String(each.value ?? name).split(":");
      // Of a map the keys are the names.
      const isItem = typeof each.value === "string";
      if (alias === service) found.set(isItem ? service : name, each);
    }
  }
  return found;
}
