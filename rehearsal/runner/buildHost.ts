import type { Buildspec } from "./buildspec";

/** A name that a build is told of, and what answers for it on this machine. */
export interface Reached {
  readonly host: string;
  readonly port: number;
  /** The file of a socket. */
  readonly socket: string;
}

/** A build that CodeBuild would run. */
export interface HostedBuild {
  /** What the project names: one of AWS's, or the address of an image of one's own. */
  readonly image: string;
  /** Whether the project lets its builds use Docker. */
  readonly privileged: boolean;
  readonly buildspec: Buildspec;
  /** The folders of the input artifacts, by their names. */
  readonly sources: ReadonlyMap<string, string>;
  /** Which of them the commands begin in. */
  readonly primary: string;
  /** The variables of the build: those of project, action and buildspec, CodeBuild's own, and AWS's. */
  readonly variables: Readonly<Record<string, string>>;
  /** What this machine needs beside them: of meaning where its own bash runs the build. */
  readonly machine: Readonly<Record<string, string>>;
  /** Names that only containers can be given: under bash there are none. */
  readonly reached: readonly Reached[];
  /** A folder of the action's own, on this machine. */
  readonly folder: string;
  readonly logFile: string;
  readonly timeoutSeconds: number;
}

export interface BuildResult {
  readonly succeeded: boolean;
  readonly exportedVariables: Readonly<Record<string, string>>;
  /** When Gantry's command said its first line, in milliseconds of the epoch; undefined where it said none. */
  readonly firstLineAt?: number;
  /** The last lines of its output. */
  readonly tail: readonly string[];
  /** What failed, of a build that did. */
  readonly error?: string;
}

/** Where the builds of a rehearsal run. */
export interface BuildHost {
  /** `container` is as CodeBuild does it; `bash` is this machine's own shell and programs. */
  readonly kind: "container" | "bash";
  /** What the report says of where builds ran, and what that leaves unproven; empty where it is as on AWS. */
  readonly notes: readonly string[];
  /** Names of the variables that it gives to a build of its own accord. */
  readonly gives: readonly string[];
  /**
   * Runs a build. Afterwards the files that the artifacts of its buildspec name lie in the folder of its primary source.
   * @throws Error only where it cannot be run at all.
   */
  run(build: HostedBuild): Promise<BuildResult>;
}
