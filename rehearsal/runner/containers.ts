import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ContainerDefinition } from "@aws-sdk/client-ecs";
import { randomUUID } from "node:crypto";
import { run, tryRun } from "../../delivery/run";
import { accepts, BackgroundProgram, freePort } from "./backgroundProgram";
import type { Connected } from "./callNames";
import type { Connection } from "./connection";
import { inEngine } from "./engineContainer";
import { GrowingFile } from "./growingFile";
import type { ImageTools } from "./images";
import { findChroot } from "./standIn/chroot";
import { chrootLabel } from "./standIn/label";
import { containerOf, taskDefinitionOf } from "./taskDefinition";
import { taskRoleVariables } from "./taskRole";
import { taskSecrets } from "./taskSecrets";
import { emptyFolders, volumeFolders, volumeOptions, type VolumeFolder } from "./volumes";
import { OciClient, parseReference, type Manifest } from "./ociClient";

/** A service that runs on this machine, from the image that ECS runs. */
export interface RunningContainer {
  readonly service: string;
  /** As the task definition names it. */
  readonly image: string;
  /** `http://127.0.0.1:<port>`; undefined where it listens at none. */
  readonly url?: string;
  readonly logFile: string;
  /** What it prints there: those before it may have, too. */
  readonly output: GrowingFile;
  /** Whether it is the image's files under this machine's own node, not a container. */
  readonly simulated: boolean;
  /** Whether it has not ended by itself. */
  runs(): boolean;
  /** Stops and removes it. */
  stop(): Promise<void>;
}

export interface ContainerRequest {
  readonly connection: Connection;
  readonly tools: ImageTools;
  /** The ECS service. */
  readonly service: string;
  /** ARN, or family with revision. */
  readonly taskDefinition: string;
  readonly logFile: string;
  /** Where folders are made for the volumes that it mounts, which containers with the same folder share. */
  readonly volumesFolder: string;
  /** Whether it speaks HTTP where it listens. Default: yes. */
  readonly http?: boolean;
  /** The names by which it calls services, and is called. Default: none. */
  readonly connected?: Connected;
}

/** How long a container that listens at no port must run before it counts as started. */
const settledMs = 5_000;

/**
 * Starts the container of a task definition, with its environment, at a free port.
 * @throws Error where the task definition is missing.
 * @throws ContainerEnded where the container does not listen within 30 s, or one without a port ends within 5 s.
 */
export async function startContainer(request: ContainerRequest): Promise<RunningContainer> {
  const { connection, tools, service, logFile } = request;
  const task = await taskDefinitionOf(connection, request.taskDefinition);
  const definition = containerOf(task);
  const { image = "" } = definition;
  const own = (definition.environment ?? []).map(({ name = "", value = "" }) => [name, value]);
  const variables: Record<string, string> = {
    ...(await taskRoleVariables(connection, tools, task)),
    ...(Object.fromEntries(own) as Record<string, string>),
    ...(await taskSecrets(connection, definition, task)),
  };
  const start =
    tools.builder === "simulated" ? unpacked : tools.builder === "buildah" ? inBuildah : inEngine;
  const output = GrowingFile.from(logFile);
  const volumes = volumeFolders(task, definition, request.volumesFolder);
  const { program, addresses, remove } = await start({
    ...{ request, definition, image, variables, volumes },
  });
  const stop = async () => {
    await program.stop();
    await remove();
  };
  let url: string | undefined;
  try {
    const answers = request.http === false ? accepts : undefined;
    if (definition.portMappings?.length) url = await program.answersAt(addresses, answers);
    else await program.staysFor(settledMs);
  } catch (error) {
    await stop();
    throw error;
  }
  const simulated = tools.builder === "simulated";
  const runs = () => program.runs();
  const told = { service, image, ...(url === undefined ? {} : { url }), logFile, output };
  return { ...told, simulated, runs, stop };
}

/**
 * Without a network of its own a container shares this machine's ports: it is told a free one, and may listen where its
 * image says, unless somebody else does so already.
 */
async function sharedPorts({ definition, variables }: Start) {
  const own = definition.portMappings?.[0]?.containerPort;
  const free = await freePort();
  const ports = [free];
  if (own !== undefined) {
    const isFree = await freePort(own).catch(() => undefined);
    if (isFree !== undefined) ports.push(own);
  }
  const urls = ports.map((port) => `http://127.0.0.1:${port}`);
  return {
    addresses: () => Promise.resolve(urls),
    variables: { ...variables, PORT: String(free) },
  };
}

export interface Start {
  readonly request: ContainerRequest;
  readonly definition: ContainerDefinition;
  readonly image: string;
  readonly variables: Readonly<Record<string, string>>;
  readonly volumes: readonly VolumeFolder[];
}

export interface Started {
  readonly program: BackgroundProgram;
  /** Where it may be listening by now. */
  readonly addresses: () => Promise<readonly string[]>;
  readonly remove: () => Promise<void>;
}

interface ImageConfig {
  readonly Entrypoint?: readonly string[] | null;
  readonly Cmd?: readonly string[] | null;
  readonly Env?: readonly string[] | null;
  readonly WorkingDir?: string;
}

/** What buildah adds about a process that fails. */
export const buildahSays = /^(subprocess exited (with status \d+|on .+)|Error: exit status \d+)$/;

/** buildah runs commands in a container that it would build in: the image's own command is ours to name. */
async function inBuildah(start: Start): Promise<Started> {
  const { request, definition, image } = start;
  const { addresses, variables } = await sharedPorts(start);
  const { tools, logFile } = request;
  const env = { ...process.env, ...tools.env };
  const name = `gantry-${randomUUID()}`;
  const remove = async () => void (await tryRun("buildah", ["rm", name], { env }));
  const hosts = request.connected?.names ?? [];
  const named = hosts.flatMap((host) => ["--add-host", `${host.name}:${host.address}`]);
  const from = ["from", "--quiet", "--name", name, ...named, image];
  await run(`pulling ${image}`, "buildah", from, { env });
  try {
    const text = await run(`inspecting ${image}`, "buildah", ["inspect", name], { env });
    const { OCIv1 } = JSON.parse(text) as { readonly OCIv1: { readonly config?: ImageConfig } };
    const given = Object.entries(variables).flatMap(([key, value]) => ["--env", `${key}=${value}`]);
    const command = commandOf(definition, OCIv1.config ?? {});
    // A runtime's container would outlive the command that began it; in a chroot its processes are the command's own.
    const empty = emptyFolders(definition, start.volumes, request.volumesFolder);
    const options = [...given, ...volumeOptions([...start.volumes, ...empty])];
    const args = ["run", "--isolation", "chroot", ...options, name, "--", ...command];
    const program = new BackgroundProgram("buildah", args, { env, logFile, foreign: buildahSays });
    return { program, addresses, remove };
  } catch (error) {
    await remove();
    throw error;
  }
}

/** Without a builder the image is what the stand-in made of it: it runs in a chroot, or its sources under this machine's node. */
async function unpacked(start: Start): Promise<Started> {
  const { request, definition, image } = start;
  const { addresses, variables } = await sharedPorts(start);
  const client = new OciClient();
  const reference = parseReference(image);
  const manifest = JSON.parse((await client.manifest(reference)).text) as Manifest;
  const config = JSON.parse(
    Buffer.from(await client.blob(reference, manifest.config?.digest ?? "")).toString(),
  ) as { readonly config?: ImageConfig & { readonly Labels?: Record<string, string> } };
  const chroot = config.config?.Labels?.[chrootLabel] ? await findChroot() : undefined;
  const folder = mkdtempSync(join(tmpdir(), "gantry-container-"));
  const remove = () => {
    rmSync(folder, { recursive: true, force: true });
    return Promise.resolve();
  };
  try {
    for (const [index, { digest }] of (manifest.layers ?? []).entries()) {
      const file = join(folder, `.layer-${index}`);
      writeFileSync(file, await client.blob(reference, digest));
      await run(`unpacking ${image}`, "tar", ["-xzf", file, "-C", folder]);
      rmSync(file);
    }
    // Here each container has files of its own.
    for (const { containerPath = "" } of chroot ? (definition.mountPoints ?? []) : []) {
      mkdirSync(join(folder, containerPath), { recursive: true, mode: 0o777 });
    }
    if (chroot) writeHosts(folder, request.connected);
    const { Env = [], WorkingDir = "/" } = config.config ?? {};
    const own = (Env ?? []).map((one) => {
      const at = one.indexOf("=");
      return [one.slice(0, at), one.slice(at + 1)] as const;
    });
    const words = commandOf(definition, config.config ?? {});
    const [command, ...args] = chroot?.command(folder, WorkingDir, words) ?? words;
    const env = { PATH: process.env.PATH, ...Object.fromEntries(own), ...variables };
    const cwd = chroot ? folder : join(folder, WorkingDir);
    const options = { cwd, env, logFile: request.logFile };
    return { program: new BackgroundProgram(command, args, options), addresses, remove };
  } catch (error) {
    await remove();
    throw error;
  }
}

/** An image has no hosts of its own: who runs it writes them. */
function writeHosts(root: string, connected: Connected | undefined): void {
  if (!connected) return;
  const lines = connected.names.map(({ name, address }) => `${address} ${name}`);
  mkdirSync(join(root, "etc"), { recursive: true });
  writeFileSync(join(root, "etc", "hosts"), ["127.0.0.1 localhost", ...lines, ""].join("\n"));
}

function commandOf(definition: ContainerDefinition, image: ImageConfig): string[] {
  const entry = definition.entryPoint ?? image.Entrypoint ?? [];
  // As with docker: who names another entry point does without the image's command.
  const command = definition.command ?? (definition.entryPoint ? [] : (image.Cmd ?? []));
  if (entry.length + command.length === 0) throw new Error("the image has no command");
  return [...entry, ...command];
}
