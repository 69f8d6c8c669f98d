import {
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { arch, platform, tmpdir } from "node:os";
import { dirname, join } from "node:path";
import {
  CreateRepositoryCommand,
  DescribeRepositoriesCommand,
  ECRClient,
  SetRepositoryPolicyCommand,
  type Repository,
} from "@aws-sdk/client-ecr";
import { findBuilder } from "../../delivery/images/builder";
import { tryRun } from "../../delivery/run";
import type { Connection } from "./connection";
import type { ImageTools } from "./images";

/** The repository of the emulator's registry that has the base image. */
export const mirrorRepository = "mirror/node";

export interface BaseImage {
  /** `<repository>:<version of node>`. */
  readonly reference: string;
  readonly digest: string;
}

/**
 * A base image made of this machine's own node, in the emulator's registry: the rehearsal then needs no other registry,
 * works the same on a closed network, and builds in seconds.
 * @returns undefined where this machine's node cannot run in a container (it is no Linux), or images are simulated: the
 *   Dockerfile's own base counts then.
 * @throws DeliveryError where the image cannot be built or pushed.
 */
export async function makeBaseImage(
  connection: Connection,
  tools: ImageTools,
): Promise<BaseImage | undefined> {
  if (tools.builder === "simulated" || platform() !== "linux") return undefined;
  const reference = `${await repositoryUri(connection)}:${process.versions.node}`;
  const context = mkdtempSync(join(tmpdir(), "gantry-base-"));
  try {
    await fillRootfs(join(context, "rootfs"));
    const dockerfile = join(context, "Dockerfile");
    writeFileSync(
      dockerfile,
      "FROM scratch\nCOPY rootfs /\nENV PATH=/usr/local/bin:/usr/bin:/bin SSL_CERT_FILE=/etc/ssl/certs/ca-certificates.crt\n",
    );
    const env = { ...process.env, ...tools.env };
    const builder = await findBuilder({ env, onOutput: () => undefined });
    await builder.build({
      context,
      dockerfile,
      buildArgs: {},
      platform: arch() === "arm64" ? "linux/arm64" : "linux/amd64",
      reference,
      sourceDateEpoch: 0,
    });
    return { reference, digest: await builder.push(reference) };
  } finally {
    rmSync(context, { recursive: true, force: true });
  }
}

/** Whoever builds in the account may build on it: a role of a build names nobody's repository but its service's. */
async function repositoryUri({ root }: Connection): Promise<string> {
  const client = new ECRClient(root);
  const repository = await findOrCreate(client);
  const statement = {
    Effect: "Allow",
    Principal: "*",
    Action: ["ecr:BatchGetImage", "ecr:BatchCheckLayerAvailability", "ecr:GetDownloadUrlForLayer"],
    Condition: { StringEquals: { "aws:PrincipalAccount": repository.registryId } },
  };
  await client.send(
    new SetRepositoryPolicyCommand({
      repositoryName: mirrorRepository,
      policyText: JSON.stringify({ Version: "2012-10-17", Statement: [statement] }),
    }),
  );
  return repository.repositoryUri ?? "";
}

async function findOrCreate(client: ECRClient): Promise<Repository> {
  try {
    const names = { repositoryNames: [mirrorRepository] };
    const { repositories = [] } = await client.send(new DescribeRepositoriesCommand(names));
    return repositories[0];
  } catch (error) {
    if (!(error instanceof Error) || error.name !== "RepositoryNotFoundException") throw error;
    const create = new CreateRepositoryCommand({ repositoryName: mirrorRepository });
    return (await client.send(create)).repository ?? {};
  }
}

/** Commands of a shell that a Dockerfile may use; busybox has them all in one. */
const shellCommands = "sh cat chmod cp env ls mkdir mv rm sleep test".split(" ");

/** node, a shell, what they are linked to, users and certificates. */
async function fillRootfs(rootfs: string): Promise<void> {
  for (const folder of ["bin", "etc/ssl/certs", "home/node", "root", "tmp", "usr/local/bin"]) {
    mkdirSync(join(rootfs, folder), { recursive: true });
  }
  copyFileSync(process.execPath, join(rootfs, "usr/local/bin/node"));
  const linked = new Set(await librariesOf(process.execPath));
  const busybox = await findProgram("busybox");
  if (busybox && (await librariesOf(busybox)).length === 0) {
    copyFileSync(busybox, join(rootfs, "bin/busybox"));
    const { stdout } = await tryRun(busybox, ["--list"]);
    for (const name of stdout.split("\n").filter((one) => one && one !== "busybox")) {
      symlinkSync("busybox", join(rootfs, "bin", name));
    }
  } else {
    for (const name of shellCommands) {
      const program = await findProgram(name);
      if (!program) continue;
      copyFileSync(program, join(rootfs, "bin", name));
      for (const library of await librariesOf(program)) linked.add(library);
    }
  }
  // The loader's cache says where libraries are that lie in folders of the distribution's own.
  for (const file of [...linked, "/etc/ld.so.cache"]) copyInto(rootfs, file);
  const certificates = [process.env.SSL_CERT_FILE, "/etc/ssl/certs/ca-certificates.crt"];
  const bundle = certificates.find((file) => file && existsSync(file));
  if (bundle) copyFileSync(bundle, join(rootfs, "etc/ssl/certs/ca-certificates.crt"));
  writeFileSync(
    join(rootfs, "etc/passwd"),
    "root:x:0:0:root:/root:/bin/sh\nnode:x:1000:1000:node:/home/node:/bin/sh\n",
  );
  writeFileSync(join(rootfs, "etc/group"), "root:x:0:\nnode:x:1000:\n");
}

function copyInto(rootfs: string, file: string): void {
  if (!existsSync(file)) return;
  mkdirSync(dirname(join(rootfs, file)), { recursive: true });
  cpSync(file, join(rootfs, file), { dereference: true });
}

/** What a program is linked to, the loader included; nothing for one that is static. */
async function librariesOf(program: string): Promise<string[]> {
  const { code, stdout } = await tryRun("ldd", [program]);
  if (code !== 0) return [];
  return [...stdout.matchAll(/(?:=> |^\s+)(\/\S+) \(0x/gm)].map(([, path]) => path);
}

async function findProgram(name: string): Promise<string | undefined> {
  const { code, stdout } = await tryRun("sh", ["-c", 'command -v "$0"', name]);
  const path = stdout.trim();
  return code === 0 && path.startsWith("/") ? path : undefined;
}
