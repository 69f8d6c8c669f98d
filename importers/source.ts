import { readFileSync, statSync } from "node:fs";
import {
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  parseAllDocuments,
  type Document,
  type Node,
} from "yaml";
import { ImportError } from "./importError";

/** A value of a YAML file, and where it stands. */
export interface SourceNode {
  readonly file: string;
  /** Counted from 1; of what an alias or a merge brings along, the line where it is used. */
  readonly line: number;
  /** From the file's top, as a person looks it up: `environments.prod.count`. */
  readonly path: string;
  /** Of a single value; undefined of maps and lists. */
  readonly value?: string | number | boolean | null;
  /** Of maps by key, of lists by index. */
  readonly children?: ReadonlyMap<string, SourceNode>;
  readonly isList?: boolean;
}

/** More than any manifest has: it only keeps aliases of aliases from going round for ever. */
const mostNodes = 50_000;

/**
 * Reads a YAML file with its lines.
 * @param file as people call it.
 * @throws ImportError where it is no file or no YAML.
 */
export function readSource(file: string, path = file): SourceNode {
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory()) {
    throw new ImportError(`${file} is a folder: name the file in it, such as ${file}/compose.yaml`);
  }
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch {
    throw new ImportError(`${file} cannot be read: name a file that there is`);
  }
  return parseSource(file, text);
}

/** The same of a text. */
export function parseSource(file: string, text: string): SourceNode {
  const lineCounter = new LineCounter();
  const documents = parseAllDocuments(text, { lineCounter, merge: true, logLevel: "silent" });
  if (!Array.isArray(documents) || documents.length === 0) {
    return { file, line: 1, path: "", children: new Map() };
  }
  const [document, another] = documents as Document[];
  const [broken] = document.errors;
  if (broken !== undefined) {
    const [what] = broken.message.split("\n");
    throw new ImportError(
      `${file} is no YAML: ${what.replace(/:$/, "")}. Fix that line, then import again`,
    );
  }
  if (another !== undefined) {
    throw new ImportError(
      `${file} has more than one document: keep one, and remove what is behind ---`,
    );
  }
  return new Reader(file, document, lineCounter).read();
}

class Reader {
  private nodes = 0;

  constructor(
    private readonly file: string,
    private readonly document: Document,
    private readonly lines: LineCounter,
  ) {}

  read(): SourceNode {
    const contents = this.document.contents;
    return contents === null
      ? { file: this.file, line: 1, path: "", children: new Map() }
      : this.node(contents, "", undefined);
  }

  /** @param usedAt where an alias stands that leads here. */
  private node(
    node: Node | null,
    path: string,
    usedAt: number | undefined,
    keyLine = 1,
  ): SourceNode {
    if (++this.nodes > mostNodes) {
      throw new ImportError(
        `${this.file} has more than ${mostNodes} values, aliases resolved: does one contain itself? Write it out`,
      );
    }
    const line = usedAt ?? (node === null ? keyLine : this.lineOf(node));
    const place = { file: this.file, line, path };
    if (node === null) return { ...place, value: null };
    if (isAlias(node)) {
      const meant = node.resolve(this.document);
      if (meant === undefined) {
        throw new ImportError(
          `${this.file}:${line}: *${node.source} names no anchor before it: define &${node.source}`,
        );
      }
      return this.node(meant, path, line);
    }
    if (isMap(node)) {
      const children = new Map<string, SourceNode>();
      this.addItems(node, path, usedAt, children);
      return { ...place, children };
    }
    if (isSeq(node)) {
      const children = new Map(
        node.items.map((item, index): [string, SourceNode] => [
          String(index),
          this.node(item as Node | null, `${path}[${index}]`, usedAt),
        ]),
      );
      return { ...place, children, isList: true };
    }
    return { ...place, value: isScalar(node) ? scalarOf(node.value) : null };
  }

  private addItems(
    map: { readonly items: readonly { readonly key: unknown; readonly value: unknown }[] },
    path: string,
    usedAt: number | undefined,
    children: Map<string, SourceNode>,
  ): void {
    const merged: [Node, number][] = [];
    for (const { key, value } of map.items) {
      // The parser makes a symbol of a merge's key.
      const name = isScalar(key) ? (key.source ?? String(key.value)) : String(key);
      const keyLine = usedAt ?? this.lineOf(key as Node);
      if (name === "<<" && value !== null) {
        merged.push([value as Node, keyLine]);
        continue;
      }
      const at = path === "" ? name : `${path}.${name}`;
      children.set(name, this.node(value as Node | null, at, usedAt, keyLine));
    }
    for (const [value, line] of merged) this.addMerged(value, path, line, children);
  }

  /** What a map has itself goes before what it merges, and of several the earlier one goes before. */
  private addMerged(
    value: Node,
    path: string,
    line: number,
    children: Map<string, SourceNode>,
  ): void {
    const meant = isAlias(value) ? value.resolve(this.document) : value;
    if (isSeq(meant)) {
      for (const each of meant.items) this.addMerged(each as Node, path, line, children);
      return;
    }
    const brought = this.node(value, path, line);
    for (const [name, child] of brought.children ?? []) {
      if (!children.has(name)) children.set(name, child);
    }
  }

  private lineOf(node: Node | null): number {
    return this.lines.linePos(node?.range?.[0] ?? 0).line || 1;
  }
}

function scalarOf(value: unknown): string | number | boolean | null {
  return typeof value === "string" || typeof value === "number" || typeof value === "boolean"
    ? value
    : value === null || value === undefined
      ? null
      : // A date, or a number too long for one.
        (value as bigint | Date).toString();
}

/** The single values below a node, and empty maps and lists: what a report has a row for. */
export function leaves(node: SourceNode): SourceNode[] {
  if (node.children === undefined || node.children.size === 0) return [node];
  return [...node.children.values()].flatMap(leaves);
}

/** A copy that stands elsewhere, for what is taken from another place and told where it is taken. */
export function movedTo(
  node: SourceNode,
  place: Pick<SourceNode, "file" | "line" | "path">,
): SourceNode {
  const move = (each: SourceNode): SourceNode => ({
    ...{ ...each, file: place.file, line: place.line },
    path: place.path + each.path.slice(node.path.length),
    ...(each.children && {
      children: new Map([...each.children].map(([key, child]) => [key, move(child)])),
    }),
  });
  return move(node);
}

/** What a node says, as plain values. */
export function plainValue(node: SourceNode): unknown {
  const { children } = node;
  if (children === undefined) return node.value;
  return node.isList
    ? [...children.values()].map(plainValue)
    : Object.fromEntries([...children].map(([key, child]) => [key, plainValue(child)]));
}

/** A node below another; undefined where there is none. */
export function below(node: SourceNode | undefined, ...keys: string[]): SourceNode | undefined {
  return keys.reduce<SourceNode | undefined>((found, key) => found?.children?.get(key), node);
}
