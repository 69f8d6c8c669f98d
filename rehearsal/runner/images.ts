import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { variables as contract } from "../../contract/variables";
import { findBuilder, type BuilderName } from "../../delivery/images/builder";
import { commandNotFound, tryRun } from "../../delivery/run";
import type { Connection } from "./connection";
import { dockerEnvironment } from "./dockerEnvironment";
import { messageOf } from "../../delivery/errors";
import { ownProgram } from "../ownProgram";

/** What builds, moves and runs images in a rehearsal. */
export interface ImageTools {
  readonly builder: BuilderName | "simulated";
  /** What the tools need in an action's environment. */
  readonly env: Readonly<Record<string, string>>;
  /** The folder of the programs that stand in for missing ones: first on the PATH of an action. */
  readonly bin?: string;
  /** What the report must say of it; empty where images are real. */
  readonly simulated: readonly string[];
}

export interface ImageToolsOptions {
  readonly connection: Pick<Connection, "emulator">;
  /** Where their storage and settings are: nothing of the person's own is touched. */
  readonly folder: string;
  readonly log: (line: string) => void;
  /** The environment to look in. Default: this process's. */
  readonly env?: NodeJS.ProcessEnv;
}

/**
 * Finds what this machine builds images with: docker with its engine, podman or buildah.
 *
 * Where there is none, programs that stand in for `buildah` are put on the PATH of the actions, and say at each call
 * that they do: `gantry build` then does all that it does otherwise, against the emulator's registry with real digests,
 * but an image is its sources and settings alone, and nothing of the Dockerfile ran.
 */
export async function findImageTools(options: ImageToolsOptions): Promise<ImageTools> {
  const { folder, log } = options;
  const inherited = options.env ?? process.env;
  mkdirSync(folder, { recursive: true });
  const env = {
    ...registryEnvironment(options),
    ...(await storageEnvironment(folder, inherited)),
    ...dockerEnvironment(join(folder, "docker"), inherited),
  };
  const bin = join(folder, "bin");
  const searched = { ...inherited, ...env };
  // Stands in for skopeo without anything simulated: it copies byte for byte.
  const hasRegistryTool =
    (await tryRun("skopeo", ["--version"], { env: searched })).code !== commandNotFound ||
    (await tryRun("docker", ["buildx", "version"], { env: searched })).code === 0;
  if (!hasRegistryTool) writeStandIn(bin, "skopeo");
  const standIns = { ...env, GANTRY_STAND_IN_FOLDER: join(folder, "images") };
  try {
    const { name } = await findBuilder({ env: searched, onOutput: () => undefined });
    // An action takes the one that was found here, whatever its own environment would have it find.
    return {
      builder: name,
      env: { ...env, [contract.builder]: name },
      bin: hasRegistryTool ? undefined : bin,
      simulated: [],
    };
  } catch (error) {
    const reason = messageOf(error);
    log(
      `images: ${reason.split("\n")[0].replace(/:$/, ".")} ${installHint} Until then images are simulated: sources and settings, not built.`,
    );
    writeStandIn(bin, "buildah");
    const simulated = [
      "images are not built but simulated: this machine has no docker with an engine, podman or buildah",
    ];
    return {
      builder: "simulated",
      // An engine that does not answer must not be asked again and again.
      env: { ...standIns, [contract.builder]: "buildah" },
      bin,
      simulated,
    };
  }
}

const installHint =
  "Start the engine of docker; or install, on Debian and Ubuntu: apt-get install buildah skopeo.";

/** The emulator's registry speaks plain HTTP, and containers' tools want to be told so; docker knows of loopback. */
function registryEnvironment({ connection, folder }: ImageToolsOptions): Record<string, string> {
  const file = join(folder, "registries.conf");
  writeFileSync(
    file,
    `[[registry]]\nlocation = "127.0.0.1:${connection.emulator.port}"\ninsecure = true\n`,
  );
  return { CONTAINERS_REGISTRIES_CONF: file };
}

/** A storage of the rehearsal's own, with the fastest driver that works; without runc or crun builds run in a chroot. */
async function storageEnvironment(
  folder: string,
  inherited: NodeJS.ProcessEnv,
): Promise<Record<string, string>> {
  const storage = join(folder, "storage");
  const file = join(folder, "storage.conf");
  const env = { ...inherited, CONTAINERS_STORAGE_CONF: file };
  const isolation = await isolationEnvironment(inherited);
  for (const driver of ["overlay", "vfs"]) {
    const place = `graphroot = "${join(storage, driver)}"\nrunroot = "${join(storage, `${driver}-run`)}"`;
    writeFileSync(file, `[storage]\ndriver = "${driver}"\n${place}\n`);
    const { code } = await tryRun("buildah", ["info"], { env, timeoutMs: 30_000 });
    if (code === 0) return { CONTAINERS_STORAGE_CONF: file, STORAGE_DRIVER: driver, ...isolation };
    if (code === commandNotFound) break;
  }
  // podman keeps to its own storage: its containers may need what is set up there.
  return isolation;
}

async function isolationEnvironment(env: NodeJS.ProcessEnv): Promise<Record<string, string>> {
  if (env.BUILDAH_ISOLATION) return { BUILDAH_ISOLATION: env.BUILDAH_ISOLATION };
  for (const runtime of ["crun", "runc"]) {
    if ((await tryRun(runtime, ["--version"], { env })).code === 0) return {};
  }
  return { BUILDAH_ISOLATION: "chroot" };
}

function writeStandIn(bin: string, name: "buildah" | "skopeo"): void {
  mkdirSync(bin, { recursive: true });
  const file = join(bin, name);
  const { args, env } = ownProgram("runner", "standIn", name);
  const variables = Object.entries(env).map(([key, value]) => `${key}='${value}' `);
  const words = [process.execPath, ...args].map((word) => `'${word}'`);
  writeFileSync(file, `#!/bin/sh\n${variables.join("")}exec ${words.join(" ")} "$@"\n`);
  chmodSync(file, 0o755);
}
