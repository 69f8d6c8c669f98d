import { isAlias, isMap, isScalar, isSeq, LineCounter, parseDocument, type Document } from "yaml";
import { namespace } from "../../stacks/config/document";
import { parsePath, type Path } from "../../stacks/config/path";

/** Where values of a stack's file stand. */
export interface Lines {
  /** The line, from 1, of a value or of the nearest one around it. @param path the full key (`gantry:services`) first. */
  of(path: Path): number | undefined;
  /** The same of a path as faults have it; undefined of what stands in no line, such as the stack's name. */
  ofFault(path: string): number | undefined;
}

/** @param text YAML without faults. */
export function linesOf(text: string): Lines {
  const counter = new LineCounter();
  const document = parseDocument(text, { schema: "failsafe", lineCounter: counter });
  const config = isMap(document.contents) ? document.contents.get("config", true) : undefined;
  const of = (path: Path) => {
    const offset = offsetOf(document, config, path);
    return offset === undefined ? undefined : counter.linePos(offset).line;
  };
  return {
    of,
    ofFault: (text) => {
      if (!text.startsWith(`${namespace}:`)) return of([text]);
      const [top, ...rest] = parsePath(text);
      return of([`${namespace}:${top}`, ...rest]);
    },
  };
}

function offsetOf(document: Document, root: unknown, path: Path): number | undefined {
  let node = root;
  let offset: number | undefined;
  for (const part of path) {
    const found = childOf(document, node, part);
    if (found === undefined) break;
    ({ node } = found);
    offset = found.offset;
  }
  return offset;
}

interface Child {
  readonly node: unknown;
  readonly offset: number | undefined;
}

/** An entry of its own comes before one that is merged in. */
function childOf(document: Document, given: unknown, part: string | number): Child | undefined {
  const node = resolved(document, given);
  if (isSeq(node) && typeof part === "number") {
    const item = node.items.at(part);
    return item === undefined ? undefined : { node: item, offset: offsetIn(item) };
  }
  if (!isMap(node)) return undefined;
  // Of two the last one would count, which is a fault of YAML.
  const own = node.items.find(({ key }) => textOf(document, key) === String(part));
  if (own) return { node: own.value, offset: offsetIn(own.key) };
  for (const { key, value } of node.items) {
    if (textOf(document, key) !== "<<") continue;
    const merged = resolved(document, value);
    for (const one of isSeq(merged) ? merged.items : [merged]) {
      const found = childOf(document, one, part);
      if (found) return found;
    }
  }
  return undefined;
}

function resolved(document: Document, node: unknown): unknown {
  return isAlias(node) ? node.resolve(document) : node;
}

function textOf(document: Document, key: unknown): string | undefined {
  const scalar = resolved(document, key);
  return isScalar(scalar) ? String(scalar.value) : undefined;
}

function offsetIn(node: unknown): number | undefined {
  return isMap(node) || isSeq(node) || isScalar(node) || isAlias(node)
    ? node.range?.[0]
    : undefined;
}
