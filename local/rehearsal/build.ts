import { createWriteStream, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { finished } from "node:stream/promises";
import { describeEnd, lastLines, tryRun } from "../../delivery/run";
import { buildScript, scriptFiles } from "./script";
import type { ArtifactFiles, Buildspec } from "./buildspec";
import { ActionError } from "./errors";
import { globPattern } from "./glob";
import { filesBelow, zipFiles } from "./zip";

export interface BuildRequest {
  readonly buildspec: Buildspec;
  /** The folder of the primary source, in which the commands begin. */
  readonly source: string;
  /** A folder of the build's own, for what is none of the source's business. */
  readonly scratch: string;
  /** The whole environment of the commands. */
  readonly env: Readonly<Record<string, string>>;
  readonly logFile: string;
  readonly timeoutSeconds: number;
}

export interface BuildResult {
  readonly succeeded: boolean;
  readonly exportedVariables: Readonly<Record<string, string>>;
  readonly tail: readonly string[];
  /** What failed, of a build that did. */
  readonly error?: string;
}

const tailLines = 40;

/**
 * Runs the commands of a buildspec under bash. When the time is over, every process that they started is killed.
 * @throws Error only where the log cannot be written.
 */
export async function runBuild(request: BuildRequest): Promise<BuildResult> {
  const { buildspec, source, scratch, env, logFile, timeoutSeconds } = request;
  mkdirSync(scratch, { recursive: true });
  mkdirSync(dirname(logFile), { recursive: true });
  const script = join(scratch, "build.sh");
  writeFileSync(script, buildScript(buildspec, scratch));
  const log = createWriteStream(logFile);
  const result = await tryRun("bash", ["--noprofile", "--norc", script], {
    cwd: source,
    env,
    timeoutMs: timeoutSeconds * 1000,
    onOutput: (chunk) => void log.write(chunk),
  });
  log.end();
  await finished(log);
  const tail = lastLines(result.output, tailLines);
  const exportedVariables = readExported(join(scratch, scriptFiles.exported));
  const error = result.timedOut
    ? `the build took longer than its ${timeoutSeconds} s (time-out of the project) and was ended`
    : (failedPhase(join(scratch, scriptFiles.phases)) ??
      (result.code === 0 ? undefined : `bash ${describeEnd(result)}`));
  return { succeeded: error === undefined, exportedVariables, tail, error };
}

function failedPhase(file: string): string | undefined {
  if (!existsSync(file)) return undefined;
  for (const line of readFileSync(file, "utf8").trim().split("\n")) {
    const [phase, ...outcome] = line.split(" ");
    const code = outcome.at(-1);
    if (outcome[0] === "ended")
      return `a command ended the shell of ${phase} with exit code ${code}`;
    if (code !== undefined && code !== "0") return `${phase} failed with exit code ${code}`;
  }
  return undefined;
}

function readExported(file: string): Record<string, string> {
  if (!existsSync(file)) return {};
  const entries = readFileSync(file, "utf8").split("\0").filter(Boolean);
  return Object.fromEntries(
    entries.map((entry) => {
      const [name, ...value] = entry.split("=");
      return [name, value.join("=")];
    }),
  );
}

/**
 * A zip of what a build leaves.
 * @throws ActionError where no file matches: CodeBuild then fails, too.
 */
export function collectArtifact(source: string, name: string, artifact: ArtifactFiles): Uint8Array {
  const folder = join(source, artifact.baseDirectory);
  const patterns = artifact.files.map((pattern) => globPattern(pattern.replace(/^\.\//, "")));
  const files = existsSync(folder) ? filesBelow(folder) : [];
  const found = files.filter((file) => patterns.some((pattern) => pattern.test(file)));
  if (found.length === 0) {
    throw new ActionError(
      `the build left no files for the artifact ${name}: nothing in ${artifact.baseDirectory} matches ${artifact.files.join(", ")}`,
    );
  }
  return zipFiles(folder, found, artifact.discardPaths);
}
