import { createWriteStream, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { finished } from "node:stream/promises";
import { describeEnd, lastLines, tryRun, type Finished } from "../../delivery/run";
import { buildScript, exported, scriptFiles } from "./script";
import type { BuildResult } from "./buildHost";
import type { ArtifactFiles, Buildspec } from "./buildspec";
import { ActionError } from "./errors";
import { globPattern } from "./glob";
import { filesBelow, zipFiles } from "./zip";

const tailLines = 40;

/** What a build needs to run, wherever it does. */
export interface PreparedBuild {
  /** A file of this machine: the commands as one script of bash. */
  readonly script: string;
  /** Where the script leaves what it found: see {@link readResult}. */
  readonly scratch: string;
}

/**
 * Writes the script of a build.
 * @param scratch a folder of the build's own, on this machine.
 * @param at the same folder as the script sees it. Default: the same.
 * @param variables what the script exports before its first command. Default: none.
 */
export function prepareBuild(
  buildspec: Buildspec,
  scratch: string,
  at = scratch,
  variables: Readonly<Record<string, string>> = {},
): PreparedBuild {
  mkdirSync(scratch, { recursive: true });
  const script = join(scratch, "build.sh");
  const exports = Object.entries(variables).map(([name, value]) => exported(name, value));
  writeFileSync(script, [...exports, buildScript(buildspec, at)].join(""), { mode: 0o600 });
  return { script, scratch };
}

/** What the command says first of all, as `gantry 0.1.0: deploy of staging`. */
const gantrysFirstLine = /^gantry \d+\.\d+\.\S+: \S+ of /m;

/** How a build ended, and when the command that it is for said its first line, in milliseconds of the epoch. */
export interface Logged extends Finished {
  readonly firstLineAt?: number;
}

/** Runs a program whose output is a build's log. When the time is over, every process that it started is killed. */
export async function runLogged(
  command: string,
  args: readonly string[],
  options: {
    readonly cwd?: string;
    readonly env: NodeJS.ProcessEnv;
    readonly logFile: string;
    readonly timeoutSeconds: number;
  },
): Promise<Logged> {
  const { cwd, env, logFile, timeoutSeconds } = options;
  mkdirSync(dirname(logFile), { recursive: true });
  const log = createWriteStream(logFile);
  let begins = "";
  let firstLineAt: number | undefined;
  const look = (chunk: string) => {
    if (firstLineAt !== undefined) return;
    begins += chunk;
    if (gantrysFirstLine.test(begins)) firstLineAt = Date.now();
  };
  const ended = await tryRun(command, args, {
    ...(cwd === undefined ? {} : { cwd }),
    env,
    timeoutMs: timeoutSeconds * 1000,
    onOutput: (chunk) => {
      log.write(chunk);
      look(chunk);
    },
  });
  log.end();
  await finished(log);
  return { ...ended, firstLineAt };
}

/** How a build went, by how its script ended and what that left. */
export function readResult(
  { scratch }: PreparedBuild,
  ended: Logged,
  timeoutSeconds: number,
): BuildResult {
  const error = ended.timedOut
    ? `the build took longer than its ${timeoutSeconds} s (time-out of the project) and was ended`
    : (failedPhase(join(scratch, scriptFiles.phases)) ??
      (ended.code === 0 ? undefined : `bash ${describeEnd(ended)}`));
  return {
    succeeded: error === undefined,
    exportedVariables: readExported(join(scratch, scriptFiles.exported)),
    tail: lastLines(ended.output, tailLines),
    firstLineAt: ended.firstLineAt,
    error,
  };
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
