import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { delimiter, dirname, join, relative } from "node:path";
import { LocalWorkspace, PulumiCommand, type Stack } from "@pulumi/pulumi/automation";
import { stringify, parse } from "yaml";
import { variables } from "../contract/variables";
import { emulatorEnvironment, type Emulator } from "./emulator";
import type { Engine } from "./engine";
import type { ImageTools } from "./runner/images";
import { ensureBucket, stateBackend, stateBucket } from "./stateBucket";
import { configValue, emulatorOverrides, overriddenStackFile, type StackConfig } from "./stackFile";
import { writeWhole } from "./wholeFile";

/** The environments, in the order in which a release passes them. */
export const stackNames = ["staging", "production"] as const;
export type StackName = (typeof stackNames)[number];

/** Of no one's real environments: the passphrase guards nothing, and a person may use it by hand. */
export const passphrase = "local";

export interface WorkspaceOptions {
  /** The folder of the real project. */
  readonly project: string;
  /** The folder of its own, which is made. */
  readonly folder: string;
  /** Config of each stack beside what the emulator needs. Default: none. */
  readonly config?: (name: StackName) => StackConfig;
}

/** What a rehearsal reads of Pulumi.yaml. */
interface ProjectFile {
  readonly main?: string;
}

/**
 * A Pulumi project beside the real one: it runs the same program, with stack files made from the real ones, and with a
 * state in the emulator's S3. So nothing of the real project is written to, and nobody's backend is asked.
 */
export class Workspace {
  /** Where it lies. */
  readonly folder: string;
  private readonly project: string;
  private readonly config: (name: StackName) => StackConfig;

  constructor(
    private readonly engine: Engine,
    readonly emulator: Emulator,
    { project, folder, config = () => ({}) }: WorkspaceOptions,
  ) {
    this.project = project;
    this.folder = folder;
    this.config = config;
  }

  /** What a child process needs to use the engine, the state and the emulator. */
  get env(): Record<string, string> {
    return {
      ...this.emulator.env,
      ...this.engine.env,
      PULUMI_BACKEND_URL: stateBackend,
      PULUMI_CONFIG_PASSPHRASE: passphrase,
    };
  }

  /** Forgets the stack files, whose secrets are those of a state that lives and dies with the emulator. */
  clear(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** The stack, created where it is not there, with its file made anew. */
  async stack(name: StackName, config: StackConfig = {}): Promise<Stack> {
    await ensureBucket(this.emulator, stateBucket);
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

  /** Whose defaults the stack has. */
  kindOf(name: StackName): string {
    const own = readFileSync(join(this.project, `Pulumi.${name}.yaml`), "utf8");
    const kind = configValue(own, "gantry:kind");
    return typeof kind === "string" ? kind : name;
  }

  /** A file for a person's shell: `source` it, and `pulumi`, `aws` and `gantry` use the emulator, its stacks, and the tools for its images. */
  writeShellFile(tools: Pick<ImageTools, "bin" | "env">): string {
    const file = join(this.folder, "env.sh");
    const PATH = [tools.bin, this.env.PATH ?? process.env.PATH].filter(Boolean).join(delimiter);
    const own = { ...this.env, ...tools.env, PATH, [variables.folder]: this.folder };
    const lines = Object.entries(own).map(
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
    const own = parse(readFileSync(join(this.project, "Pulumi.yaml"), "utf8")) as ProjectFile;
    // The program as the real project names it: of a folder alone Pulumi would take what its package.json has as the entry.
    const main = relative(this.folder, join(this.project, own.main ?? "."));
    // Of both environments, which work side by side: an engine may be reading it.
    writeWhole(join(this.folder, "Pulumi.yaml"), stringify({ ...own, main }));
  }

  private writeStackFile(name: StackName, config: StackConfig): void {
    const own = readFileSync(join(this.project, `Pulumi.${name}.yaml`), "utf8");
    const file = this.stackFilePath(name);
    const kept = existsSync(file) ? readFileSync(file, "utf8") : undefined;
    const all = { ...emulatorOverrides, ...this.config(name), ...config };
    writeWhole(file, overriddenStackFile(own, all, kept));
  }

  private stackFilePath(name: StackName): string {
    return join(this.folder, `Pulumi.${name}.yaml`);
  }
}
