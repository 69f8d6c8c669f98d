import type { SourceNode } from "./source";

/** What a template beside the manifests becomes, where it is of a form that config has a word for. */
export interface Addon {
  readonly section: "buckets" | "databases" | "caches" | "volumes";
  readonly name: string;
  /** The section's value; of volumes what each service says that mounts it. */
  readonly value: Readonly<Record<string, unknown>>;
  readonly root: SourceNode;
  /** Names by which other files know what it has. */
  readonly exports: readonly string[];
}
