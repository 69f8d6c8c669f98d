import { execFileSync, spawn, type ChildProcess } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, relative, resolve } from "node:path";
import { attachEmulator } from "../../rehearsal/emulator";
import { stopKeptServices } from "../../rehearsal/keptServices";
import { placesOf } from "../../rehearsal/places";
import { removeFolder } from "../../rehearsal/removeFolder";
import type { PipelineRun } from "../../rehearsal/runner/run";
import type { Report } from "../../rehearsal/report";
import { endGroup, signalGroup } from "./endGroup";

export const project = resolve(__dirname, "../..");

/** Files by which a product of `examples/` runs the package, whose sources a clone has. */
export const ofProgram: readonly string[] = ["index.ts", "tsconfig.json"];

export interface Finished {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

const startArgs: readonly string[] = ["start", "--silent", "--"];

/** Runs a command at a terminal of its own. */
const atTerminal =
  "import os, pty, sys; sys.exit(os.waitstatus_to_exitcode(pty.spawn(sys.argv[1:])))";

/** A copy of the project as a clone would be, with the installed packages: a person's own `.gantry` stays untouched. */
export class Clone {
  readonly folder = mkdtempSync(join(tmpdir(), "gantry-clone-"));
  /** What runs in it, each the leader of a group of its own. */
  private readonly running = new Set<ChildProcess>();

  constructor() {
    const list = ["ls-files", "--cached", "--others", "--exclude-standard", "-z"];
    const files = execFileSync("git", list, { cwd: project, encoding: "utf8" }).split("\0");
    for (const file of files.filter((name) => name && existsSync(join(project, name)))) {
      mkdirSync(dirname(join(this.folder, file)), { recursive: true });
      cpSync(join(project, file), join(this.folder, file));
    }
    symlinkSync(join(project, "node_modules"), join(this.folder, "node_modules"));
  }

  /** Adds the files of a product's folder, in place of those of the same names; the program stays this project's. */
  add(folder: string): void {
    const from = join(project, folder);
    cpSync(from, this.folder, {
      recursive: true,
      filter: (file) => !ofProgram.includes(relative(from, file)),
    });
  }

  /** Runs `npm start` without a terminal and without input: a question would end it. */
  npmStart(args: readonly string[] = [], env: NodeJS.ProcessEnv = {}): Promise<Finished> {
    return this.run(["npm", ...startArgs, ...args], env, "ignore").finished;
  }

  /** The same at a terminal, where a person gives an answer to each approval. What it prints is all in `stdout`. */
  npmStartAnswering(
    answer: "y" | "n",
    args: readonly string[] = [],
    env: NodeJS.ProcessEnv = {},
  ): Promise<Finished> {
    const { child, finished } = this.run(
      ["python3", "-c", atTerminal, "npm", ...startArgs, ...args],
      env,
      "pipe",
    );
    let said = "";
    child.stdout?.on("data", (chunk: Buffer) => {
      said += chunk.toString();
      if (!said.includes("Approve? (y/N)")) return;
      said = "";
      child.stdin?.write(`${answer}\n`);
    });
    return finished;
  }

  private run(
    [command, ...args]: readonly string[],
    env: NodeJS.ProcessEnv,
    stdin: "ignore" | "pipe",
  ) {
    const child = spawn(command, args, {
      cwd: this.folder,
      env: { ...process.env, ...env },
      stdio: [stdin, "pipe", "pipe"],
      detached: true,
    });
    this.running.add(child);
    // A terminal that ends this process reaches no other group.
    const end = () => child.pid !== undefined && signalGroup(child.pid, "SIGTERM");
    process.once("exit", end);
    child.once("close", () => {
      this.running.delete(child);
      process.off("exit", end);
    });
    let stdout = "";
    let stderr = "";
    child.stdout?.on("data", (chunk: Buffer) => (stdout += chunk.toString()));
    child.stderr?.on("data", (chunk: Buffer) => (stderr += chunk.toString()));
    const finished = new Promise<Finished>((done) =>
      child.on("close", (code) => done({ code, stdout, stderr })),
    );
    return { child, finished };
  }

  report(): Report {
    return JSON.parse(readFileSync(join(this.folder, ".gantry/report.json"), "utf8")) as Report;
  }

  /**
   * Ends what `npm start` has begun, also one that a test gave up, or left running by `--keep`, and removes the folder: whatever
   * still runs there would mount and write in it meanwhile.
   */
  async end(): Promise<void> {
    await Promise.all([...this.running].map((child) => endGroup(child)));
    const { servicesRecord, emulatorRecord } = placesOf(this.folder);
    await stopKeptServices(servicesRecord);
    await (await attachEmulator(emulatorRecord))?.stop();
    removeFolder(this.folder);
  }
}

export const actionsOf = ({ stages }: PipelineRun) => stages.flatMap(({ actions }) => actions);
