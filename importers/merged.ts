import { replacedBy } from "./rows";
import type { Outcomes } from "./outcome";
import { leaves, type SourceNode } from "./source";

/** The items of two lists, as Compose extends them. */
function appended(base: SourceNode, more: SourceNode): SourceNode {
  const items = [...(base.children?.values() ?? []), ...(more.children?.values() ?? [])];
  return { ...more, children: new Map(items.map((item, index) => [String(index), item])) };
}

/**
 * A manifest with what it says for one environment laid over it, as Copilot does: maps are merged, anything else is replaced.
 * What is replaced is marked so.
 * @param lists what becomes of two lists: Copilot replaces, Compose appends.
 * @param exclusive keys of which an override with one takes the others away, by the map that has them.
 */
export function mergedOver(
  base: SourceNode,
  override: SourceNode,
  outcomes: Outcomes,
  exclusive: readonly (readonly string[])[] = [],
  lists: "replace" | "append" = "replace",
): SourceNode {
  if (lists === "append" && base.isList && override.isList) return appended(base, override);
  const isMerged = base.children && override.children && !base.isList && !override.isList;
  if (!isMerged || base.children === undefined || override.children === undefined) {
    for (const leaf of leaves(base)) outcomes.mark(leaf, replacedBy(`line ${override.line}`));
    return override;
  }
  const children = new Map(base.children);
  for (const [key, child] of override.children) {
    for (const group of exclusive) {
      if (!group.includes(key)) continue;
      for (const other of group.filter((each) => each !== key && !override.children?.has(each))) {
        const gone = children.get(other);
        if (gone === undefined) continue;
        for (const leaf of leaves(gone)) outcomes.mark(leaf, replacedBy(`line ${child.line}`));
        children.delete(other);
      }
    }
    const there = children.get(key);
    children.set(
      key,
      there === undefined ? child : mergedOver(there, child, outcomes, exclusive, lists),
    );
  }
  return { ...base, children };
}
