import { isRecord } from "../../contract/record";
import type { SetAside } from "./issues";
import { startsWith, valueAt, type Path } from "./path";

/**
 * The part of the config that is still in order. Faulty values are taken out of it, so that
 * everything else is checked in the same run; paths stay those of the document.
 */
export class Remainder {
  readonly root: Record<string, unknown>;
  /** Of an array from which elements went: where each of the others stood. */
  private readonly origins = new WeakMap<object, number[]>();
  private readonly gone: Path[] = [];

  constructor(document: Record<string, unknown>) {
    this.root = structuredClone(document);
  }

  /** Takes values out, by their paths in the remainder. */
  setAside(removals: readonly SetAside[]): void {
    const paths = removals
      .filter(({ meant }) => meant === undefined)
      .map(({ path }) => this.original(path));
    const lastFirst = [...removals].sort((a, b) => compareLastFirst(a.path, b.path));
    for (const { path, meant } of lastFirst) this.take(path, meant);
    this.gone.push(...paths);
  }

  /** Remembers a value that never came in, by its path in the document. */
  withhold(path: Path): void {
    this.gone.push(path);
  }

  /** The path that a value of the remainder has in the document. */
  original(path: Path): Path {
    return path.map((part, depth) => {
      if (typeof part !== "number") return part;
      const parent = valueAt(this.root, path.slice(0, depth));
      return (Array.isArray(parent) && this.origins.get(parent)?.[part]) || part;
    });
  }

  /** Whether a value of the document was taken out, or stands inside one that was. */
  lacks(path: Path): boolean {
    return this.gone.some((gone) => startsWith(path, gone));
  }

  /** Whether something inside a value of the document was taken out. */
  lacksPartOf(path: Path): boolean {
    return this.gone.some((gone) => startsWith(gone, path));
  }

  private take(path: Path, meant: SetAside["meant"]): void {
    const key = path[path.length - 1];
    const parent = valueAt(this.root, path.slice(0, -1));
    if (Array.isArray(parent) && typeof key === "number") {
      const origins = this.origins.get(parent) ?? parent.map((_, index) => index);
      this.origins.set(parent, origins);
      if (meant !== undefined) parent[key] = meant;
      else {
        parent.splice(key, 1);
        origins.splice(key, 1);
      }
    } else if (isRecord(parent) && typeof key === "string") {
      if (meant !== undefined) parent[key] = meant;
      else delete parent[key];
    }
  }
}

/** Later elements first, so that taking one does not move another that has yet to go. */
function compareLastFirst(a: Path, b: Path): number {
  for (let depth = 0; depth < Math.min(a.length, b.length); depth++) {
    const [left, right] = [a[depth], b[depth]];
    if (typeof left === "number" && typeof right === "number" && left !== right) {
      return right - left;
    }
  }
  return b.length - a.length;
}
