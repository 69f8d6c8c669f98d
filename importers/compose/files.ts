import { dirname, join, relative, resolve } from "node:path";
import { repositoryRoot } from "../../contract/repositoryRoot";
import { ImportError } from "../importError";
import { mergedOver } from "../merged";
import { Outcomes } from "../outcome";
import { below, leaves, movedTo, plainValue, readSource, type SourceNode } from "../source";

/** A Compose file and those that it includes or extends, each once. */
export class ComposeFiles {
  private readonly byPath = new Map<string, SourceNode>();
  private readonly root: string;
  private readonly included = new Set<SourceNode>();
  private readonly wholes = new Map<SourceNode, SourceNode>();
  private readonly copies: SourceNode[] = [];
  readonly main: SourceNode;
  /** Every service by name: the main file's go before included ones. */
  readonly services = new Map<string, SourceNode>();

  /** @throws ImportError where one cannot be read, or is none. */
  constructor(file: string) {
    const path = resolve(file);
    this.root = repositoryRoot(dirname(path));
    this.main = this.include(path);
    if (this.services.size === 0) {
      throw new ImportError(
        `${file} is no Compose file: it has no services. Name one that has, such as compose.yaml`,
      );
    }
  }

  get files(): SourceNode[] {
    return [...this.byPath.values()];
  }

  /** The files, and what services take from elsewhere. */
  get sources(): SourceNode[] {
    return [...this.files, ...this.copies];
  }

  /** Files that were read for what is extended in them alone. */
  isIncluded(source: SourceNode): boolean {
    return this.included.has(source);
  }

  /**
   * A service with everything that it extends. What it takes from there is told where it says `extends`.
   * @throws ImportError where that is not there, or goes round.
   */
  whole(service: SourceNode, chain: readonly SourceNode[] = []): SourceNode {
    const known = this.wholes.get(service);
    if (known !== undefined) return known;
    if (chain.includes(service)) {
      throw new ImportError(
        `${service.file}:${service.line}: ${service.path} extends itself: remove its extends`,
      );
    }
    const base = this.extended(service);
    if (base === undefined) return service;
    const taken = this.whole(base, [...chain, service]);
    const { line } = below(service, "extends") ?? service;
    const { file, path } = service;
    // What is replaced is told of the base.
    const whole = mergedOver(
      movedTo(taken, { file, line, path }),
      service,
      new Outcomes(),
      [],
      "append",
    );
    const own = new Set(leaves(service));
    this.copies.push(...leaves(whole).filter((leaf) => !own.has(leaf)));
    this.wholes.set(service, whole);
    return whole;
  }

  private extended(service: SourceNode): SourceNode | undefined {
    const extension = below(service, "extends");
    if (extension === undefined) return undefined;
    const name = below(extension, "service")?.value ?? extension.value;
    const file = below(extension, "file")?.value;
    const path =
      typeof file === "string" ? join(this.root, dirname(service.file), file) : undefined;
    const among =
      path === undefined ? this.byPath.get(join(this.root, service.file)) : this.read(path);
    const found = below(among, "services", String(name));
    if (found !== undefined) return found;
    throw new ImportError(
      `${service.file}:${extension.line}: there is no service ${String(name)} to extend: name one that there is`,
    );
  }

  private read(path: string): SourceNode {
    const known = this.byPath.get(path);
    if (known !== undefined) return known;
    const source = readSource(relative(this.root, path), path);
    this.byPath.set(path, source);
    return source;
  }

  private include(path: string): SourceNode {
    const source = this.read(path);
    if (this.included.has(source)) return source;
    this.included.add(source);
    for (const [name, service] of below(source, "services")?.children ?? []) {
      if (!this.services.has(name)) this.services.set(name, service);
    }
    for (const entry of below(source, "include")?.children?.values() ?? []) {
      for (const file of includedFiles(plainValue(entry))) this.include(join(dirname(path), file));
    }
    return source;
  }
}

/** Of `file.yaml`, `{ path: file.yaml }` and `{ path: [a.yaml, b.yaml] }`. */
function includedFiles(entry: unknown): string[] {
  if (typeof entry === "string") return [entry];
  const path = typeof entry === "object" && entry !== null && "path" in entry ? entry.path : [];
  return [path].flat().filter((each) => typeof each === "string");
}
