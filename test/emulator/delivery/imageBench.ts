import { spawn, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { CreateRepositoryCommand, DescribeImagesCommand, ECRClient } from "@aws-sdk/client-ecr";
import { emulatorEnvironment, startEmulator, type Emulator } from "../../../local/emulator";

export const commit = "3f9c2a1b00000000000000000000000000000000";

/** An emulator, a program with one service whose image needs no base, and the real tools. */
export interface ImageBench {
  readonly emulator: Emulator;
  readonly folder: string;
  readonly ecr: ECRClient;
  /** Runs the real command in a process of its own. */
  gantry(args: readonly string[], env?: NodeJS.ProcessEnv): Promise<Finished>;
  lay(path: string, content: string): void;
  /** Tags and digests of a repository. */
  images(repository: string): Promise<Record<string, string>>;
  stop(): Promise<void>;
}

export interface Finished {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Why no image can be built and copied here; undefined where one can. */
export function missingTools(): string | undefined {
  const works = (command: string, ...args: string[]) =>
    spawnSync(command, args, { timeout: 60_000 }).status === 0;
  if (!works("buildah", "info"))
    return "buildah does not work here (it needs root, or user namespaces)";
  return works("skopeo", "--version") ? undefined : "there is no skopeo here";
}

export async function startImageBench(): Promise<ImageBench> {
  const folder = mkdtempSync(join(tmpdir(), "gantry-images-"));
  const emulator = await startEmulator({ logFile: join(folder, "emulator.log") });
  const lay = (path: string, content: string) => {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  };
  lay("Pulumi.yaml", "name: shop\nruntime: nodejs\n");
  lay("app/Dockerfile", "FROM scratch\nARG GANTRY_COMMIT\nLABEL at=$GANTRY_COMMIT\nCOPY hello /\n");
  lay("app/hello", "hello\n");
  for (const stack of ["staging", "production"]) {
    lay(
      `Pulumi.${stack}.yaml`,
      "config:\n  aws:region: eu-west-1\n  gantry:services:\n    web: { path: app }\n",
    );
  }
  // Images and layers of this test alone, which go with the folder.
  lay(
    "storage.conf",
    `[storage]\ndriver = "vfs"\ngraphroot = "${folder}/graph"\nrunroot = "${folder}/run"\n`,
  );
  lay(
    "registries.conf",
    `[[registry]]\nlocation = "127.0.0.1:${emulator.port}"\ninsecure = true\n`,
  );
  const ecr = new ECRClient({
    endpoint: emulator.url,
    region: "eu-west-1",
    credentials: { accessKeyId: "test", secretAccessKey: "test" },
  });
  for (const stack of ["staging", "production"]) {
    await ecr.send(
      new CreateRepositoryCommand({
        repositoryName: `shop-${stack}/web`,
        imageTagMutability: "IMMUTABLE",
        imageScanningConfiguration: { scanOnPush: true },
      }),
    );
  }
  const ownEnv = {
    ...emulatorEnvironment(emulator),
    GANTRY_BUILDER: "buildah",
    GANTRY_COMMIT: commit,
    CONTAINERS_STORAGE_CONF: join(folder, "storage.conf"),
    CONTAINERS_REGISTRIES_CONF: join(folder, "registries.conf"),
  };
  return {
    ...{ emulator, folder, ecr, lay },
    gantry: (args, env = {}) => run([...args, "--folder", folder], { ...ownEnv, ...env }),
    images: async (repositoryName) => {
      const { imageDetails = [] } = await ecr.send(new DescribeImagesCommand({ repositoryName }));
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

const command = join(__dirname, "../../../cli/gantry.js");

function run(args: readonly string[], env: NodeJS.ProcessEnv): Promise<Finished> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ["--no-warnings", command, ...args], { env });
    let stdout = "";
    let stderr = "";
    child.stdout.setEncoding("utf8").on("data", (chunk: string) => (stdout += chunk));
    child.stderr.setEncoding("utf8").on("data", (chunk: string) => (stderr += chunk));
    child.once("error", reject).once("close", (code) => resolve({ code, stdout, stderr }));
  });
}
