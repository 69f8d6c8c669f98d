import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import {
  CreateRepositoryCommand,
  DescribeImagesCommand,
  type ECRClient,
} from "@aws-sdk/client-ecr";
import { makeClients } from "../../../delivery/clients";
import { emulatorEnvironment, startEmulator, type Emulator } from "../../../rehearsal/emulator";
import { findImageTools } from "../../../rehearsal/runner/images";
import { log } from "../support";

export const commit = "3f9c2a1b00000000000000000000000000000000";
export const region = "eu-west-1";

/** An emulator, a program with one service whose image needs no base, and what this machine builds images with. */
export interface ImageBench {
  readonly emulator: Emulator;
  readonly folder: string;
  /** Of account 123456789012, as its root. */
  readonly ecr: ECRClient;
  /** Whether a stand-in builds, which runs nothing of a Dockerfile. */
  readonly simulated: boolean;
  /** What image tools need in order to reach the registry. */
  readonly env: NodeJS.ProcessEnv;
  /** Of these, what the tools themselves need. */
  readonly toolEnv: Readonly<Record<string, string>>;
  /** Runs the real command in a process of its own, as root where `env` has no other credentials. */
  gantry(args: readonly string[], env?: NodeJS.ProcessEnv): Promise<Finished>;
  lay(path: string, content: string): string;
  /** Tags and digests of a repository. */
  images(repository: string, ecr?: ECRClient): Promise<Record<string, string>>;
  /** Forgets all that was pushed, and lays the program anew. */
  reset(): Promise<void>;
  stop(): Promise<void>;
}

export interface Finished {
  /** Null where it was killed. */
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** @param machine the environment in which the builder is looked for. Default: this process's. */
export async function startImageBench(machine?: NodeJS.ProcessEnv): Promise<ImageBench> {
  const folder = mkdtempSync(join(tmpdir(), "gantry-images-"));
  const emulator = await startEmulator({ logFile: join(folder, "emulator.log"), region });
  const program = join(folder, "program");
  const toolFolder = join(folder, "tools");
  const tools = await findImageTools({
    ...{ connection: { emulator }, folder: toolFolder, log, env: machine },
  });
  const ecr = makeClients(region, root, emulator.url).ecr;
  const lay = (path: string, content: string) => {
    const file = join(program, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, content);
    return file;
  };
  const home = join(toolFolder, "home");
  mkdirSync(home);
  const env: NodeJS.ProcessEnv = {
    ...emulatorEnvironment(emulator),
    ...tools.env,
    HOME: home,
    PATH: [tools.bin, process.env.PATH].filter(Boolean).join(delimiter),
    NODE_NO_WARNINGS: "1",
  };
  const reset = async () => {
    await emulator.reset();
    rmSync(program, { recursive: true, force: true });
    layProgram(lay);
    const repositories = ["staging/web", "production/web", "staging/jobs"];
    for (const name of repositories) await createRepository(ecr, `shop/${name}`);
  };
  await reset();
  return {
    ...{ emulator, ecr, lay, env, reset, folder: program, simulated: tools.simulated.length > 0 },
    toolEnv: tools.env,
    gantry: (args, more = {}) =>
      run([...args, "--folder", program], { ...env, GANTRY_COMMIT: commit, ...more }),
    images: async (repositoryName, client = ecr) => {
      const { imageDetails = [] } = await client.send(
        new DescribeImagesCommand({ repositoryName }),
      );
      const entries = imageDetails.flatMap(({ imageTags = [], imageDigest = "" }) =>
        imageTags.map((tag) => [tag, imageDigest] as const),
      );
      return Object.fromEntries(entries);
    },
    stop: async () => {
      await emulator.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

export const root = { accessKeyId: "test", secretAccessKey: "test" };

export async function createRepository(ecr: ECRClient, repositoryName: string): Promise<void> {
  await ecr.send(
    new CreateRepositoryCommand({
      repositoryName,
      imageTagMutability: "IMMUTABLE",
      imageScanningConfiguration: { scanOnPush: true },
    }),
  );
}

function layProgram(lay: (path: string, content: string) => string): void {
  lay("Pulumi.yaml", "name: shop\nruntime: nodejs\n");
  lay("app/Dockerfile", "FROM scratch\nARG GANTRY_COMMIT\nLABEL at=$GANTRY_COMMIT\nCOPY hello /\n");
  lay("app/hello", "hello\n");
  for (const stack of ["staging", "production"]) {
    lay(`Pulumi.${stack}.yaml`, stackFile("{ build: app }"));
  }
}

/** The config of a stack with one service, or with `jobs` as well. */
export function stackFile(web: string, jobs?: string): string {
  const services = `    web: ${web}\n${jobs === undefined ? "" : `    jobs: ${jobs}\n`}`;
  const domain = "{ name: shop.example.com, zone: example.com }";
  return `config:\n  aws:region: ${region}\n  gantry:loadBalancer: { domain: ${domain} }\n  gantry:services:\n${services}`;
}

const command = join(__dirname, "../../../cli/gantry.js");

function run(args: readonly string[], env: NodeJS.ProcessEnv): Promise<Finished> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [command, ...args], { env });
    let stdout = "";
    let stderr = "";
    child.stdout.setEncoding("utf8").on("data", (chunk: string) => (stdout += chunk));
    child.stderr.setEncoding("utf8").on("data", (chunk: string) => (stderr += chunk));
    child.once("error", reject).once("close", (code) => resolve({ code, stdout, stderr }));
  });
}
