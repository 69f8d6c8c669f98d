import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { LocalWorkspace, PulumiCommand, type Stack } from "@pulumi/pulumi/automation";
import { stringify, parse } from "yaml";
import { emulatorEnvironment, type Emulator } from "./emulator";
import type { Engine } from "./engine";
import { emulatorOverrides, overriddenStackFile, type StackConfig } from "./stackFile";

/** The environments, in the order in which a release passes them. */
export const stackNames = ["staging", "production"] as const;
export type StackName = (typeof stackNames)[number];

/** The project itself. */
export const programFolder = resolve(__dirname, "..");

/** Where everything local lives: state, logs, report. Git ignores it. */
export const gantryFolder = join(programFolder, ".gantry");

/** Where an emulator that outlives its command is found again. */
export const emulatorRecordFile = join(gantryFolder, "emulator.json");
export const emulatorLogFile = join(gantryFolder, "emulator.log");

/** State of no one's real environments: the passphrase guards nothing, and a person may use it by hand. */
const passphrase = "local";

/**
 * A Pulumi project beside the real one: it runs the same program, with stack files made from the real ones, and with a
 * state of its own. So nothing of the real project is written to, and nobody's backend is asked.
 */
export class Workspace {
  readonly folder: string;
  private readonly stateFolder: string;

  constructor(
    private readonly engine: Engine,
    readonly emulator: Emulator,
    folder = join(gantryFolder, "local"),
    /** Config of each stack beside what the emulator needs. Default: none. */
    private readonly config: (name: StackName) => StackConfig = () => ({}),
  ) {
    this.folder = folder;
    this.stateFolder = join(folder, "state");
  }

  /** What a child process needs to use the engine, the state and the emulator. */
  get env(): Record<string, string> {
    return {
      ...this.emulator.env,
      ...this.engine.env,
      PULUMI_BACKEND_URL: `file://${this.stateFolder}`,
      PULUMI_CONFIG_PASSPHRASE: passphrase,
    };
  }

  /** Forgets the state. Do so whenever the emulator is a new one: the two live and die together. */
  clear(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** The stack, created where it is not there, with its file made anew. */
  async stack(name: StackName, config: StackConfig = {}): Promise<Stack> {
    mkdirSync(this.stateFolder, { recursive: true });
    this.writeProject();
    this.writeStackFile(name, config);
    return LocalWorkspace.createOrSelectStack(
      { stackName: name, workDir: this.folder },
      {
        envVars: this.env,
        pulumiHome: this.engine.home,
        pulumiCommand: await PulumiCommand.get({ root: dirname(dirname(this.engine.pulumi)) }),
      },
    );
  }

  /** The stack's file as it was written last: a checkout that has it works on the same stack. */
  stackFile(name: StackName): string {
    return readFileSync(this.stackFilePath(name), "utf8");
  }

  /** A file for a person's shell: `source` it, and `pulumi` and `aws` use the emulator. */
  writeShellFile(): string {
    const file = join(this.folder, "env.sh");
    const lines = Object.entries(this.env).map(
      ([name, value]) => `export ${name}='${value.replaceAll("'", "'\\''")}'`,
    );
    // A profile or a role of the person's would win over the emulator's keys.
    const inherited = Object.keys(process.env).filter(
      (name) => name.startsWith("AWS_") && !(name in emulatorEnvironment(this.emulator)),
    );
    const unset = ["AWS_PROFILE", "AWS_SESSION_TOKEN", ...inherited];
    writeFileSync(file, [`unset ${[...new Set(unset)].join(" ")}`, ...lines, ""].join("\n"));
    return file;
  }

  private writeProject(): void {
    const project = parse(readFileSync(join(programFolder, "Pulumi.yaml"), "utf8")) as object;
    const main = relative(this.folder, programFolder);
    writeFileSync(join(this.folder, "Pulumi.yaml"), stringify({ ...project, main }));
  }

  private writeStackFile(name: StackName, config: StackConfig): void {
    const own = readFileSync(join(programFolder, `Pulumi.${name}.yaml`), "utf8");
    const file = this.stackFilePath(name);
    const kept = existsSync(file) ? readFileSync(file, "utf8") : undefined;
    const all = { ...emulatorOverrides, ...this.config(name), ...config };
    writeFileSync(file, overriddenStackFile(own, all, kept));
  }

  private stackFilePath(name: StackName): string {
    return join(this.folder, `Pulumi.${name}.yaml`);
  }
}
