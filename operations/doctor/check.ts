import type { DoctorContext } from "./context";

/**
 * `error`: something fails now, or with the next release. `warning`: it will, or somebody must decide. `note`: worth knowing; nothing
 * need be done.
 */
export type Severity = "error" | "warning" | "note";

/** Something that is not as it should be. */
export interface Finding {
  readonly severity: Severity;
  /** What it is about: a place in config such as `services.web.secrets.TOKEN`, or a resource as AWS calls it. */
  readonly where: string;
  readonly what: string;
  /** What to do, for people. */
  readonly fix: string;
  /** What to type for that. Absent where no one command does it. */
  readonly command?: string;
}

/** Something that could not be looked at: nobody knows whether all is well there. */
export interface Unchecked {
  readonly what: string;
  readonly why: string;
  /** The right that is missing, as IAM calls it. Absent where it is not that. */
  readonly right?: string;
}

/** What a check came to. */
export interface Diagnosis {
  /** What was looked at, and is well. */
  readonly well: string;
  /** Default: nothing. */
  readonly findings?: readonly Finding[];
  /** Default: everything could be looked at. */
  readonly unchecked?: readonly Unchecked[];
}

/** One thing to look at. What it throws is told in its place, and hides no other check. */
export interface Check {
  /** By which `--only` asks for it. */
  readonly name: string;
  /** Of what it says that it could not look at it. */
  readonly title: string;
  /** What it may need of IAM, for an answer of AWS that does not name it. Absent where AWS is not asked. */
  readonly rights?: readonly string[];
  readonly run: (context: DoctorContext) => Promise<Diagnosis>;
}
