import type { Imported } from "./imported";
import { notKnown, otherWay, type Outcome } from "./outcome";
import { leaves, type SourceNode } from "./source";

/** One field of one file, and what became of it. */
export interface Row {
  readonly node: SourceNode;
  /** By stack; one of them where all have the same. */
  readonly outcomes: readonly { readonly stacks: readonly string[]; readonly outcome: Outcome }[];
}

/** Every single value of every file, in the order of its lines. What nobody read is `lost: not known`. */
export function rowsOf({ drafts, sources }: Imported): Row[] {
  const files = [...new Set(sources.map(({ file }) => file))];
  const nodes = sources
    .flatMap(leaves)
    .sort((a, b) => files.indexOf(a.file) - files.indexOf(b.file) || a.line - b.line);
  return nodes.map((node) => {
    const found = drafts.flatMap(({ stack, outcomes }) => {
      const outcome = outcomes.of(node);
      return outcome === undefined ? [] : [{ stack, outcome }];
    });
    if (found.length === 0) return { node, outcomes: [{ stacks: [], outcome: notKnown }] };
    return { node, outcomes: grouped(found, drafts.length) };
  });
}

function grouped(found: readonly { stack: string; outcome: Outcome }[], stacks: number) {
  const groups = new Map<string, { stacks: string[]; outcome: Outcome }>();
  for (const { stack, outcome } of found) {
    const key = JSON.stringify(outcome);
    const group = groups.get(key) ?? { stacks: [], outcome };
    group.stacks.push(stack);
    groups.set(key, group);
  }
  const all = [...groups.values()];
  return all.map(({ stacks: names, outcome }) =>
    all.length === 1 && names.length === stacks
      ? { stacks: [], outcome }
      : { stacks: names, outcome },
  );
}

/** A value that another one replaces for a stack, so that no rule saw it. */
export function replacedBy(place: string): Outcome {
  return otherWay(`${place} says it for this environment`);
}
