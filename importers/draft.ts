import { isDeepStrictEqual } from "node:util";
import type { Fault } from "../stacks/config";
import type { Path } from "../stacks/config/path";
import { mostVolumeName } from "../stacks/config/volumes";
import type { Addon } from "./addon";
import { lost, otherWay, type Outcomes } from "./outcome";
import { leaves, type SourceNode } from "./source";

/** One value of the config that is written, and what it comes from. */
export interface Assignment {
  readonly path: Path;
  readonly value: unknown;
  /** Undefined: the origin's default, which Gantry has otherwise. */
  readonly from: SourceNode | undefined;
  /** Of a list that several fields have added to, what each item comes from. */
  readonly items?: readonly (SourceNode | undefined)[];
}

/** A service that is not in the config, and why. */
export interface LeftOut {
  readonly service: string;
  readonly why: string;
  readonly fix: string;
}

/** The config of one stack while it is put together. Each value knows where it comes from, so that it can be taken back. */
export class Draft {
  private list: Assignment[] = [];
  readonly leftOut: LeftOut[] = [];
  /** What the file lacks, and no source says: config refuses it until somebody has written that. */
  missing: readonly Fault[] = [];
  /** What is dangerous in production, and stays as it was until somebody says why. */
  private readonly dangers: Fault[] = [];
  private readonly volumes: Map<string, string>;
  private readonly origins = new Map<string, SourceNode[]>();

  constructor(
    readonly stack: string,
    readonly outcomes: Outcomes,
    /** What templates beside the manifests become. Default: there are none. */
    readonly addons: readonly Addon[] = [],
  ) {
    const shared = addons.filter(({ section }) => section === "volumes");
    this.volumes = new Map(shared.map(({ name, root }) => [root.file, name]));
  }

  get assignments(): readonly Assignment[] {
    return this.list;
  }

  /**
   * What a volume is called: as wanted, but with a number where another one has that name, since those that share a name share files.
   * @param origin what tells it from others where it comes from.
   */
  volumeName(wanted: string, origin: string): string {
    const known = this.volumes.get(origin);
    if (known !== undefined) return known;
    const taken = [...this.volumes.values()];
    const numbered = (count: number): string => {
      const end = count === 1 ? "" : `-${count}`;
      const name = `${wanted.slice(0, mostVolumeName - end.length).replace(/-+$/, "")}${end}`;
      return taken.includes(name) ? numbered(count + 1) : name;
    };
    const name = numbered(1);
    this.volumes.set(origin, name);
    return name;
  }

  /** Says what a service comes from: all of it is lost where the service is left out. */
  comesFrom(service: string, node: SourceNode): void {
    this.origins.set(service, [...(this.origins.get(service) ?? []), node]);
  }

  /** Sets a value; a field that had said it before is told that this one does, and is lost where that is another value. */
  set(path: Path, value: unknown, from: SourceNode | undefined): void {
    if (path[0] === "services" && this.isLeftOut(String(path[1]))) return;
    const before = this.list.find((each) => isSame(each.path, path));
    if (before?.from !== undefined && from !== undefined && before.from !== from) {
      const outcome = isDeepStrictEqual(before.value, value)
        ? otherWay(`${from.path} says it, too, and holds`)
        : lost(`${from.path} says otherwise, and holds`, `write ${path.join(".")} yourself`);
      for (const leaf of leaves(before.from)) this.outcomes.mark(leaf, outcome);
    }
    this.list = this.list.filter((each) => !isSame(each.path, path));
    this.list.push({ path, value, from });
  }

  /** Replaces a value by one that a further field adds to: both are lost where it is taken back. */
  extend(path: Path, value: unknown, more: SourceNode): void {
    const before = this.list.find((each) => isSame(each.path, path));
    const items = Array.isArray(value)
      ? value.map((_, index) => itemsOf(before)[index] ?? more)
      : undefined;
    this.list = this.list.filter((each) => each !== before);
    this.set(path, value, together([before?.from, more]));
    this.list = this.list.map((each) => (isSame(each.path, path) ? { ...each, items } : each));
  }

  /** The value that was set there; undefined where there is none. */
  get(path: Path): unknown {
    return this.list.find((each) => isSame(each.path, path))?.value;
  }

  has(path: Path): boolean {
    return this.list.some((each) => path.every((part, index) => each.path[index] === part));
  }

  /** Of what was said aloud, what is there still: another fault may have taken its service away. */
  get said(): readonly Fault[] {
    return this.dangers.filter(({ sayable = "" }) => this.has(["posture", "relaxed", sayable]));
  }

  /** Says a danger aloud, with where it comes from, for somebody to confirm. */
  say(danger: Fault): void {
    const { sayable } = danger;
    if (sayable === undefined) return;
    this.dangers.push(danger);
    const from = this.list.find(({ path }) => path.join(".") === sayable)?.from;
    const reason = from
      ? `imported from ${from.file}:${from.line}, where ${from.path} was so`
      : "imported as it was, since nothing there asks for what is safe";
    const todo = `TODO: ${reason}. Confirm it by a reason of your own, or make it safe`;
    this.set(["posture", "relaxed", sayable], todo, undefined);
  }

  /** Takes values back; what they come from is lost. */
  takeBack(assignments: readonly Assignment[], why: string, fix: string): void {
    this.list = this.list.filter((each) => !assignments.includes(each));
    for (const { from } of assignments) this.lose(from, why, fix);
  }

  /** Takes one item of a list back. */
  takeItemBack(list: Assignment, index: number, why: string, fix: string): void {
    const without = <T>(all: readonly T[]) => all.filter((_, each) => each !== index);
    const items = without(itemsOf(list));
    const value = without(list.value as unknown[]);
    this.list = this.list.flatMap((each) => {
      if (each !== list) return [each];
      return value.length === 0 ? [] : [{ ...each, value, items, from: together(items) }];
    });
    this.lose(itemsOf(list)[index], why, fix);
  }

  /** The first reason holds: others follow from it. */
  private lose(from: SourceNode | undefined, why: string, fix: string): void {
    for (const leaf of from === undefined ? [] : leaves(from)) {
      if (this.outcomes.of(leaf)?.became !== "lost") this.outcomes.mark(leaf, lost(why, fix));
    }
  }

  /** Takes a whole service back. */
  leaveOut(service: string, why: string, fix: string): void {
    if (this.leftOut.some((each) => each.service === service)) return;
    this.leftOut.push({ service, why, fix });
    this.list = this.list.filter(({ path }) => path[0] !== "services" || path[1] !== service);
  }

  isLeftOut(service: string): boolean {
    return this.leftOut.some((each) => each.service === service);
  }

  /** Marks what services that are left out had said, once nothing changes any more. */
  settle(): void {
    for (const { service, fix } of this.leftOut) {
      for (const leaf of (this.origins.get(service) ?? []).flatMap(leaves)) {
        const known = this.outcomes.of(leaf);
        if (known?.became !== "lost") {
          this.outcomes.mark(leaf, lost(`${service} is left out`, fix));
        }
      }
    }
  }

  /** The values below `gantry:`. */
  values(): Record<string, unknown> {
    const root: Record<string, unknown> = {};
    for (const { path, value } of this.list) place(root, path, value);
    return root;
  }
}

/** What several fields say, as one. */
function together(nodes: readonly (SourceNode | undefined)[]): SourceNode | undefined {
  const [first, ...others] = nodes.filter((node) => node !== undefined);
  if (others.length === 0) return first;
  const all = [first, ...others].map((node, index) => [String(index), node] as const);
  return { ...first, children: new Map(all) };
}

function itemsOf(list: Assignment | undefined): readonly (SourceNode | undefined)[] {
  if (!Array.isArray(list?.value)) return [];
  return list.items ?? list.value.map(() => list.from);
}

function isSame(a: Path, b: Path): boolean {
  return a.length === b.length && a.every((part, index) => part === b[index]);
}

function place(root: Record<string, unknown>, path: Path, value: unknown): void {
  const [key, ...rest] = path.map(String);
  if (rest.length === 0) {
    define(root, key, value);
    return;
  }
  const there = Object.hasOwn(root, key) ? root[key] : undefined;
  const inner =
    typeof there === "object" && there !== null ? (there as Record<string, unknown>) : {};
  define(root, key, inner);
  place(inner, rest, value);
}

/** A key such as `__proto__` is a key like any other. */
function define(target: Record<string, unknown>, key: string, value: unknown): void {
  Object.defineProperty(target, key, {
    ...{ value, enumerable: true, configurable: true, writable: true },
  });
}
