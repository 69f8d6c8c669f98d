import type { Draft } from "./draft";
import type { SourceNode } from "./source";

/** A default of the origin that Gantry has otherwise. */
export interface DifferingDefault {
  readonly what: string;
  readonly there: string;
  readonly here: string;
  /** Whether the config says it as it was, or what to do. */
  readonly now: string;
}

/** What an import makes of its files, before anything is written. */
export interface Imported {
  /** What it was imported from, for the report's title. */
  readonly from: string;
  /** The product, which config is checked for. */
  readonly project: string;
  readonly drafts: readonly Draft[];
  /** Every file that was read, whole. */
  readonly sources: readonly SourceNode[];
  /** Files that are told of as a whole. */
  readonly notes: readonly Note[];
  readonly defaults: readonly DifferingDefault[];
}

/** A file that is not read line by line: what it is, and what to do. */
export interface Note {
  readonly file: string;
  readonly what: string;
  readonly fix: string;
}
