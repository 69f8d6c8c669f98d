import { isRecord } from "../../contract/record";

/** Where a value is: the top-level key without its namespace, then keys and indices. */
export type Path = readonly (string | number)[];

/** `gantry:services.web.permissions[0]`. */
export function formatPath(path: Path): string {
  const [top, ...rest] = path;
  return rest.reduce<string>(
    (text, part) =>
      typeof part === "number"
        ? `${text}[${part}]`
        : /^[\w*-]+$/.test(part)
          ? `${text}.${part}`
          : `${text}[${JSON.stringify(part)}]`,
    `gantry:${String(top)}`,
  );
}

/** `services.web.permissions[0]`: the same without its namespace. */
export function shortPath(path: Path): string {
  return formatPath(path).slice("gantry:".length);
}

/** The path that `formatPath` wrote, with or without `gantry:`. */
export function parsePath(text: string): Path {
  const parts = text
    .replace(/^gantry:/, "")
    .matchAll(/([\w*-]+)|\[(?:(\d+)|("(?:[^"\\]|\\.)*"))\]/g);
  // A word alone is a key, also where it is of digits.
  return [...parts].map(
    ([, word, index, quoted]): string | number =>
      word ?? (index === undefined ? (JSON.parse(quoted) as string) : Number(index)),
  );
}

export function lastKey(path: Path): string {
  return String([...path].reverse().find((part) => typeof part === "string") ?? "");
}

export function startsWith(path: Path, beginning: Path): boolean {
  return beginning.length <= path.length && beginning.every((part, index) => path[index] === part);
}

/** The value at a path; undefined where there is none. */
export function valueAt(root: unknown, path: Path): unknown {
  return path.reduce<unknown>((value, part) => {
    if (Array.isArray(value)) return value[Number(part)] as unknown;
    return isRecord(value) && Object.hasOwn(value, part) ? value[String(part)] : undefined;
  }, root);
}

/** Orders paths as their values stand in the document; what is missing stands at its parent's end. */
export function inDocumentOrder(root: unknown): (a: Path, b: Path) => number {
  const position = (parent: unknown, part: string | number): number => {
    if (typeof part === "number") return part;
    const index = isRecord(parent) ? Object.keys(parent).indexOf(part) : -1;
    return index < 0 ? Number.MAX_SAFE_INTEGER : index;
  };
  return (a, b) => {
    let parent = root;
    for (let depth = 0; depth < Math.min(a.length, b.length); depth++) {
      const order = position(parent, a[depth]) - position(parent, b[depth]);
      if (order !== 0) return order;
      if (a[depth] !== b[depth]) return String(a[depth]) < String(b[depth]) ? -1 : 1;
      parent = valueAt(parent, [a[depth]]);
    }
    return a.length - b.length;
  };
}
