import { isAlias, isMap, isScalar, isSeq, parseDocument, type Document } from "yaml";
import { isRecord } from "../../contract/record";
import { engineScalar, isRewritten } from "./engineScalar";
import { valueAt, type Path } from "./path";

/** What the engine hands to a program of a stack's file: text by full key, objects as JSON. */
export interface EngineConfig {
  readonly values: Readonly<Record<string, string>>;
  /** Full keys that hold an encrypted value. */
  readonly secretKeys: ReadonlySet<string>;
  /** What stands otherwise in the file than the engine hands it on. */
  readonly rewritten: readonly Rewritten[];
}

/** A scalar without quotes of which the engine hands on another text. */
export interface Rewritten {
  /** The full key (`gantry:services`), then keys and indices. */
  readonly path: Path;
  /** What stands in the file. */
  readonly source: string;
  /** What is handed on. */
  readonly value: unknown;
  /** Whether it is the key that is rewritten, and not what stands behind it. */
  readonly isKey: boolean;
}

/**
 * The config of a stack's file as Pulumi's engine hands it to a program.
 * @throws Error where the text is no YAML.
 */
export function readEngineConfig(text: string): EngineConfig {
  const document = parseDocument(text, { schema: "failsafe", merge: true });
  if (document.errors.length > 0) throw document.errors[0];
  const root = document.contents;
  const config: unknown = isMap(root) ? root.get("config", true) : undefined;
  const reader = new Reader(document);
  const given = reader.read(config, []);
  if (!isRecord(given)) return { values: {}, secretKeys: new Set(), rewritten: [] };
  const values: Record<string, string> = {};
  const secretKeys = new Set<string>();
  for (const [key, value] of Object.entries(given)) {
    values[key] = value === null ? "" : typeof value === "string" ? value : JSON.stringify(value);
    if (holdsSecret(value)) secretKeys.add(key);
  }
  // What was merged in, and stands there anew, is not handed on.
  const rewritten = reader.rewritten.filter(
    ({ path, value, isKey }) => isKey || valueAt(given, path) === value,
  );
  return { values, secretKeys, rewritten };
}

function holdsSecret(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return false;
  return "secure" in value || Object.values(value).some(holdsSecret);
}

/** Reads nodes as the engine does, and remembers what it rewrites. */
class Reader {
  readonly rewritten: Rewritten[] = [];

  constructor(private readonly document: Document) {}

  read(node: unknown, path: Path): unknown {
    if (isAlias(node)) return this.read(node.resolve(this.document), path);
    if (isSeq(node)) return node.items.map((item, index) => this.read(item, [...path, index]));
    if (isMap(node)) return this.readMap(node.items, path);
    const value = scalarValue(node);
    this.remember(node, { path, value, isKey: false });
    return value;
  }

  private readMap(
    items: readonly { readonly key: unknown; readonly value: unknown }[],
    path: Path,
  ): Record<string, unknown> {
    const own: [string, unknown][] = [];
    const merged: [string, unknown][] = [];
    for (const { key: given, value: node } of items) {
      const key = isAlias(given) ? given.resolve(this.document) : given;
      const known = scalarValue(key) ?? "<nil>";
      const name = typeof known === "string" ? known : JSON.stringify(known);
      if (name === "<<") {
        const value = this.read(node, path);
        // Of several, the first wins.
        const maps = Array.isArray(value) ? [...(value as unknown[])].reverse() : [value];
        merged.push(...maps.filter(isRecord).flatMap((map) => Object.entries(map)));
        continue;
      }
      const at = [...path, name];
      this.remember(key, { path: at, value: known, isKey: true });
      own.push([name, this.read(node, at)]);
    }
    // An entry of its own wins over one that is merged in.
    return Object.fromEntries([...merged, ...own]);
  }

  private remember(node: unknown, found: Omit<Rewritten, "source">): void {
    const source = plainSource(node);
    if (source !== undefined && isRewritten(source, found.value)) {
      this.rewritten.push({ ...found, source });
    }
  }
}

function scalarValue(node: unknown): unknown {
  if (!isScalar(node)) return null;
  const source = plainSource(node);
  return source === undefined ? node.value : engineScalar(source);
}

/** What stands there without quotes; undefined of a text. */
function plainSource(node: unknown): string | undefined {
  if (!isScalar(node)) return undefined;
  const isPlain = node.type === "PLAIN" || node.type === undefined;
  const isText = node.tag === "tag:yaml.org,2002:str" || node.tag === "!!str";
  return isPlain && !isText ? (node.source ?? "") : undefined;
}
