import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parseDocument } from "yaml";
import { cutBehindStage } from "./dockerfileStages";
import { commit, type Commit, type SourceRepository } from "./repository";

/** A mistake that every unit test passes, since it is in the packaging. */
export interface Mistake {
  /** What it is there to show. */
  readonly purpose: string;
  /** Subject of the commit. */
  readonly subject: string;
  /** The action that finds it. */
  readonly foundBy: "Deploy" | "Conclude";
  /** What that action says of it, among its last lines: it may fail for another reason. */
  readonly says: RegExp;
  /**
   * What it makes of a Dockerfile whose stage `target`, else whose last one, is built, or of a stack file; undefined where it
   * suits this one not.
   */
  readonly make: (file: string, target?: string) => string | undefined;
}

const endsAtOnce = ["sh", "-c", "echo 'start.sh: not found' >&2; exit 127"];

/** Of an image that starts by itself: the last line of a stage wins, whatever its ENTRYPOINT and CMD are. */
export const cannotStart: Mistake = {
  purpose: "A mistake in packaging: the container ends as soon as it starts.",
  subject: "build: start by a script",
  foundBy: "Deploy",
  says: /start\.sh: not found/,
  make: (dockerfile, target) => {
    const [through, rest] = cutBehindStage(dockerfile, target);
    const entrypoint = `[${endsAtOnce.map((word) => JSON.stringify(word)).join(", ")}]`;
    return `${through.trimEnd()}\nENTRYPOINT ${entrypoint}\n${rest}`;
  },
};

/**
 * The same of a service whose image has no say: config names its entry point, or it is built elsewhere. The stack file has
 * another one.
 */
export function cannotStartByConfig(service: string): Mistake {
  return {
    ...cannotStart,
    purpose: "A mistake in config: the container ends as soon as it starts.",
    make: (stackFile) => {
      // As `overriddenStackFile`: every scalar stays what stands there.
      const document = parseDocument(stackFile, { schema: "failsafe" });
      const entrypoint = document.createNode(endsAtOnce);
      document.setIn(["config", "gantry:services", service, "entrypoint"], entrypoint);
      return document.toString();
    },
  };
}

/** Of the sample: the process is not told its commit any more, so that verification finds another one than was deployed. */
export const failsVerification: Mistake = {
  purpose: "A mistake in packaging that only the verification in staging finds.",
  subject: "build: tidy the Dockerfile",
  foundBy: "Conclude",
  says: /FAIL +version/,
  make: (dockerfile) => {
    const lines = dockerfile.split("\n");
    const kept = lines.filter((line) => !/^ENV\s+GANTRY_COMMIT=/.test(line));
    return kept.length < lines.length ? kept.join("\n") : undefined;
  },
};

/**
 * Commits a mistake, in place of earlier ones.
 * @param file the path in the repository of what it is made in.
 * @param own the file without any mistake.
 * @param target the stage of a Dockerfile that is built. Default: the last one.
 * @throws Error where the mistake suits it not.
 */
export function commitMistake(
  repository: SourceRepository,
  { subject, make }: Mistake,
  file: string,
  own: string,
  target?: string,
): Promise<Commit> {
  const content = make(own, target);
  if (content === undefined) throw new Error(`${file}: nothing there can be broken so`);
  return commit(repository, subject, { [file]: content });
}

/** A file of a commit's checkout. */
export function readSource({ folder }: SourceRepository, file: string): string {
  return readFileSync(join(folder, file), "utf8");
}
