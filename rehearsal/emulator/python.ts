import { spawn } from "node:child_process";
import { homedir } from "node:os";
import { join } from "node:path";

/** The folder of the emulator's Python sources. */
export const emulatorFolder = __dirname;

/** How long making the Python environment may take: pip downloads about 30 MB the first time. */
const environmentTimeoutMs = 10 * 60_000;

/**
 * The folder that holds the Python environments made for the emulator: `$XDG_CACHE_HOME/gantry/emulator`, by default
 * below `~/.cache`.
 */
export function cacheFolder(environment: NodeJS.ProcessEnv = process.env): string {
  const base = environment.XDG_CACHE_HOME || join(environment.HOME || homedir(), ".cache");
  return join(base, "gantry", "emulator");
}

/**
 * Answers a Python interpreter that has the pinned moto: `python3` (or the one that `GANTRY_PYTHON` names) where it has
 * it already, else one of a virtual environment that is made once below {@link cacheFolder}.
 *
 * @param onProgress receives a line when something slow begins (making the environment, installing packages).
 * @throws Error when there is no Python, it is too old, or the environment cannot be made; says what to install.
 */
export async function findPython(
  onProgress: (line: string) => void = () => undefined,
  environment: NodeJS.ProcessEnv = process.env,
): Promise<string> {
  const command = environment.GANTRY_PYTHON || "python3";
  const script = join(emulatorFolder, "environment.py");
  const child = spawn(command, [script, cacheFolder(environment)], {
    env: { ...environment, PYTHONDONTWRITEBYTECODE: "1" },
    stdio: ["ignore", "pipe", "pipe"],
  });
  // Not spawn's own timeout: its timer outlives a command that does not exist, and keeps this process alive.
  const timer = setTimeout(() => child.kill("SIGKILL"), environmentTimeoutMs);
  const answer: string[] = [];
  const messages: string[] = [];
  child.stdout.setEncoding("utf8").on("data", (text: string) => answer.push(text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    messages.push(text);
    text.split("\n").filter(Boolean).forEach(onProgress);
  });
  const code = await new Promise<number | NodeJS.Signals>((resolve, reject) => {
    child.on("error", (error: NodeJS.ErrnoException) => reject(cannotRun(command, error)));
    child.on("close", (exitCode, signal) => resolve(exitCode ?? signal ?? 1));
  }).finally(() => clearTimeout(timer));
  if (code !== 0) {
    throw new Error(`the emulator has no Python environment: ${reason(messages.join(""), code)}`);
  }
  return (JSON.parse(answer.join("")) as { python: string }).python;
}

function cannotRun(command: string, error: NodeJS.ErrnoException): Error {
  if (error.code !== "ENOENT") {
    return error;
  }
  return new Error(
    `the emulator needs Python 3.10 or newer, and there is no \`${command}\` on the PATH. Install the package ` +
      "python3 (with python3-venv on Debian and Ubuntu), or name an interpreter in GANTRY_PYTHON.",
  );
}

function reason(messages: string, code: number | NodeJS.Signals): string {
  const last = messages.trim().split("\n").slice(-16).join("\n");
  return last || `environment.py ended with ${code}`;
}
