import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { delimiter, join, resolve } from "node:path";
import { DescribeRepositoriesCommand } from "@aws-sdk/client-ecr";
import {
  DescribeServicesCommand,
  DescribeTaskDefinitionCommand,
  ListTaskDefinitionsCommand,
  type Service,
} from "@aws-sdk/client-ecs";
import { makeClients, type Clients } from "../../../delivery/clients";
import { systemClock } from "../../../delivery/clock";
import { makePorts, type Ports } from "../../../delivery/deploy/ports";
import { withRegistry } from "../../../delivery/images/registry";
import { Ledger } from "../../../delivery/ledger";
import { readTarget, type Target } from "../../../delivery/target";
import { findImageTools } from "../../../rehearsal/runner/images";
import { OciClient } from "../../../rehearsal/runner/ociClient";
import { up } from "../../../rehearsal/update";
import type { StackConfig } from "../../../rehearsal/stackFile";
import type { StackName } from "../../../rehearsal/workspace";
import type { Release } from "../../../contract/manifest";
import { log, startBench, type Bench } from "../support";
import { StateFiles } from "./stateFiles";
import { createLedgerTable } from "../../support/ledgerTable";

/** How a run of the command ended. */
export interface Finished {
  /** Undefined where it was killed. */
  readonly code: number | undefined;
  readonly stdout: string;
  readonly stderr: string;
}

export interface GantryOptions {
  /** The execution that it stands for. Default: `execution`. */
  readonly owner?: string;
  /** Kills it, and all that it started, when a line of its progress begins so, or is like that. Default: it runs to its end. */
  readonly killAt?: string | RegExp;
  /** The same, when that happens. */
  readonly killWhen?: Promise<unknown>;
  /** What it is killed by. Default: SIGKILL. */
  readonly signal?: "SIGKILL" | "SIGTERM";
  readonly env?: Readonly<Record<string, string>>;
}

const program = resolve(__dirname, "..", "..", "..");

export interface StackBenchOptions {
  /** Default: staging. */
  readonly stack?: StackName;
  /** Config beside the services; with a pipeline, the stack makes the ledger itself. Default: none. */
  readonly config?: StackConfig;
}

/** A stack, brought up by the real engine on an emulator, with a ledger. */
export class StackBench {
  readonly clients: Clients;
  readonly ledger: Ledger;
  private config: StackConfig;

  private constructor(
    readonly bench: Bench,
    readonly target: Target,
    /** What the command is run with. */
    readonly env: Readonly<Record<string, string>>,
    config: StackConfig,
  ) {
    const { accessKeyId, secretAccessKey } = bench.client.credentials;
    this.clients = makeClients(target.region, { accessKeyId, secretAccessKey }, bench.emulator.url);
    this.ledger = new Ledger(this.clients.dynamodb, target.names.ledger, systemClock, target.stack);
    this.config = config;
  }

  static async start(
    services: object,
    { stack = "staging", config: more = {} }: StackBenchOptions = {},
  ): Promise<StackBench> {
    const bench = await startBench();
    try {
      const config = { "gantry:services": services, ...more };
      await up(await bench.workspace.stack(stack, config), log);
      const target = await readTarget(bench.workspace.folder, stack, bench.workspace.env);
      const made = new StackBench(bench, target, await commandEnvironment(bench), config);
      if (!target.config.pipeline) await createLedgerTable(made.clients, target);
      return made;
    } catch (error) {
      await bench.stop();
      throw error;
    }
  }

  stop(): Promise<void> {
    return this.bench.stop();
  }

  get names() {
    return this.target.names;
  }

  stack(config: StackConfig = this.config) {
    this.config = config;
    return this.bench.workspace.stack(this.target.stack as StackName, config);
  }

  /** Pushes an image for the service `web`, and makes the release of it: a newer one for each higher build. */
  async release(build: number, architecture = "amd64"): Promise<Release> {
    const { repositories } = await this.clients.ecr.send(
      new DescribeRepositoriesCommand({ repositoryNames: [this.names.repository("web")] }),
    );
    const uri = repositories?.[0]?.repositoryUri ?? "";
    const commit = createHash("sha1").update(`build ${build}`).digest("hex");
    const tag = commit.slice(0, 8);
    const [, host, name] = /^([^/]+)\/(.+)$/.exec(uri) ?? [];
    const registry = new OciClient();
    const reference = { host, name, version: tag };
    const content = JSON.stringify({ architecture, os: "linux", config: { Labels: { commit } } });
    const config = Buffer.from(content);
    const manifest = JSON.stringify({
      schemaVersion: 2,
      mediaType: manifestType,
      config: {
        mediaType: "application/vnd.oci.image.config.v1+json",
        digest: await registry.putBlob(reference, config),
        size: config.length,
      },
      layers: [],
    });
    const digest = await registry.putManifest(reference, manifest, manifestType);
    return {
      id: `${tag}-${build}`,
      commit,
      createdAt: new Date(Date.UTC(2026, 0, 31, 12, build)).toISOString(),
      images: { web: { uri, tag, digest } },
    };
  }

  /** Runs the command as the pipeline does, in the program's folder. */
  gantry(args: readonly string[], options: GantryOptions = {}): Promise<Finished> {
    const { owner = "execution", env, ...more } = options;
    const file = join(program, "cli", "gantry.js");
    const own = { GANTRY_EXECUTION: owner, NODE_NO_WARNINGS: "1", ...env };
    return this.run([process.execPath, file, ...args], { ...more, env: own });
  }

  /** Runs `pulumi up` as a person does. */
  up(options: Omit<GantryOptions, "owner"> = {}): Promise<Finished> {
    const { pulumi, home: PULUMI_HOME } = this.bench.engine;
    const command = [pulumi, "up", "--yes", "--skip-preview", "--non-interactive"];
    return this.run(command, { ...options, env: { PULUMI_HOME, ...options.env } });
  }

  private run(
    [command, ...args]: readonly string[],
    { killAt, killWhen, signal = "SIGKILL", env }: Omit<GantryOptions, "owner">,
  ): Promise<Finished> {
    const child = spawn(command, [...args, "--stack", this.target.stack], {
      cwd: this.target.folder,
      detached: true,
      stdio: ["ignore", "pipe", "pipe"],
      env: { ...withoutAws(process.env), ...this.env, ...env },
    });
    let stdout = "";
    let stderr = "";
    let isKilled = false;
    const kill = () => {
      if (isKilled || !child.pid || child.exitCode !== null) return;
      isKilled = true;
      process.kill(-child.pid, signal);
    };
    void killWhen?.then(kill);
    return new Promise((done) => {
      child.stdout.setEncoding("utf8").on("data", (chunk: string) => (stdout += chunk));
      child.stderr.setEncoding("utf8").on("data", (chunk: string) => {
        stderr += chunk;
        if (killAt && stderr.split("\n").some((line) => isLike(line, killAt))) kill();
      });
      child.once("close", (code) => {
        const finished = { code: code ?? undefined, stdout, stderr };
        void groupEnded(child.pid).then(() => done(finished));
      });
    });
  }

  deploy(release: Release, options: GantryOptions = {}): Promise<Finished> {
    return this.gantry(["deploy", "--release", this.file(release)], options);
  }

  /** Works with AWS and Pulumi in this process, so that a test can watch between two steps. */
  async inProcess<T>(work: (ports: Ports) => Promise<T>): Promise<T> {
    const before = { ...process.env };
    Object.assign(process.env, this.env);
    try {
      const { target, clients } = this;
      return await withRegistry(clients.ecr, (registry) =>
        work(makePorts({ command: "deploy", target, clients, registry, log })),
      );
    } finally {
      for (const name of Object.keys(process.env)) {
        if (!(name in before)) Reflect.deleteProperty(process.env, name);
      }
      Object.assign(process.env, before);
    }
  }

  /** A file with the content as JSON. */
  file(content: unknown): string {
    const file = join(mkdtempSync(join(this.target.folder, "file-")), "content.json");
    writeFileSync(file, JSON.stringify(content));
    return file;
  }

  /** The service as ECS has it. */
  async service(): Promise<Service> {
    const { services } = await this.clients.ecs.send(
      new DescribeServicesCommand({
        cluster: this.names.cluster,
        services: [this.names.service("web")],
      }),
    );
    if (!services?.[0]) throw new Error("the service is gone");
    return services[0];
  }

  /** The digest that the service is on, and its revision. */
  async running(): Promise<{ readonly digest: string; readonly revision: number }> {
    const { taskDefinition: current } = await this.service();
    const { taskDefinition } = await this.clients.ecs.send(
      new DescribeTaskDefinitionCommand({ taskDefinition: current }),
    );
    const image = taskDefinition?.containerDefinitions?.[0]?.image ?? "";
    return { digest: image.split("@")[1] ?? image, revision: taskDefinition?.revision ?? 0 };
  }

  /** How many revisions the service's task definition has. */
  async revisions(): Promise<number> {
    const { taskDefinitionArns = [] } = await this.clients.ecs.send(
      new ListTaskDefinitionsCommand({ familyPrefix: this.names.taskFamily("web") }),
    );
    const family = `/${this.names.taskFamily("web")}:`;
    return taskDefinitionArns.filter((arn) => arn.includes(family)).length;
  }

  /** Pulumi's state of the stack. */
  get state(): StateFiles {
    return new StateFiles(this.clients.s3, this.target.stack);
  }

  /** Plans how the service's next deployment ends. */
  nextDeployment(outcome: object): Promise<unknown> {
    return this.bench.emulator.control("ecs/next-deployment", {
      cluster: this.names.cluster,
      service: this.names.service("web"),
      ...outcome,
    });
  }
}

const manifestType = "application/vnd.oci.image.manifest.v1+json";

/** Engine, state and emulator, and the tools for images. */
async function commandEnvironment({ workspace, emulator }: Bench): Promise<Record<string, string>> {
  const folder = join(workspace.folder, "images");
  const tools = await findImageTools({ connection: { emulator }, folder, log });
  const PATH = [tools.bin, workspace.env.PATH ?? process.env.PATH].filter(Boolean).join(delimiter);
  const HOME = join(folder, "home");
  mkdirSync(HOME, { recursive: true });
  return { ...workspace.env, ...tools.env, HOME, PATH };
}

function isLike(line: string, wanted: string | RegExp): boolean {
  return typeof wanted === "string" ? line.startsWith(wanted) : wanted.test(line);
}

/** Pulumi minds SIGTERM: it ends what it is at, after whoever started it is gone. */
async function groupEnded(group: number | undefined): Promise<void> {
  for (let looks = 0; group && isGroup(group) && looks < 600; looks++) {
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

function isGroup(group: number): boolean {
  try {
    return process.kill(-group, 0);
  } catch {
    return false;
  }
}

function withoutAws(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !name.startsWith("AWS_")));
}
