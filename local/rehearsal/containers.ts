import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  DescribeServicesCommand,
  DescribeTaskDefinitionCommand,
  ECSClient,
  type ContainerDefinition,
} from "@aws-sdk/client-ecs";
import { randomUUID } from "node:crypto";
import { run, tryRun } from "../../delivery/run";
import { BackgroundProgram, freePort } from "./backgroundProgram";
import type { Connection } from "./connection";
import type { ImageTools } from "./images";
import { OciClient, parseReference, type Manifest } from "./ociClient";

/** A service that runs on this machine, from the image that ECS runs. */
export interface RunningContainer {
  readonly service: string;
  /** As the task definition names it. */
  readonly image: string;
  /** `http://127.0.0.1:<port>`. */
  readonly url: string;
  readonly logFile: string;
  /** Whether it is the image's files under this machine's own node, not a container. */
  readonly simulated: boolean;
  /** Stops and removes it. */
  stop(): Promise<void>;
}

export interface ContainerRequest {
  readonly connection: Connection;
  readonly tools: ImageTools;
  readonly cluster: string;
  /** The ECS service. */
  readonly service: string;
  readonly logFile: string;
}

/**
 * Starts the container of a service's current task definition, with its environment, at a free port.
 * @throws Error where the service is missing, or the container does not listen within 30 s; with its last lines.
 */
export async function startContainer(request: ContainerRequest): Promise<RunningContainer> {
  const { tools, service, logFile } = request;
  const definition = await containerOf(request);
  const { image = "" } = definition;
  const port = await freePort();
  const variables: Record<string, string> = {
    ...Object.fromEntries(
      (definition.environment ?? []).map(({ name = "", value = "" }) => [name, value] as const),
    ),
    PORT: String(port),
  };
  const start =
    tools.builder === "simulated" ? unpacked : tools.builder === "buildah" ? inBuildah : inEngine;
  const { program, remove } = await start({ request, definition, image, variables });
  const stop = async () => {
    await program.stop();
    await remove();
  };
  const url = `http://127.0.0.1:${port}`;
  try {
    await program.answersAt(url);
  } catch (error) {
    await stop();
    throw error;
  }
  const simulated = tools.builder === "simulated";
  return { service, image, url, logFile, simulated, stop };
}

async function containerOf({ connection, cluster, service }: ContainerRequest) {
  const client = new ECSClient(connection.root);
  const { services = [] } = await client.send(
    new DescribeServicesCommand({ cluster, services: [service] }),
  );
  if (services.length === 0) throw new Error(`${cluster} has no service ${service}`);
  const { taskDefinition } = await client.send(
    new DescribeTaskDefinitionCommand({ taskDefinition: services[0].taskDefinition }),
  );
  // A sidecar listens as well at times; the service's own container is the first that does.
  const found = taskDefinition?.containerDefinitions?.find(
    ({ portMappings }) => portMappings?.length,
  );
  if (!found) throw new Error(`no container of ${service} listens at a port`);
  return found;
}

interface Start {
  readonly request: ContainerRequest;
  readonly definition: ContainerDefinition;
  readonly image: string;
  readonly variables: Readonly<Record<string, string>>;
}

interface Started {
  readonly program: BackgroundProgram;
  readonly remove: () => Promise<void>;
}

/** docker and podman run containers themselves. */
async function inEngine({ request, definition, image, variables }: Start): Promise<Started> {
  const { tools, logFile } = request;
  const env = { ...process.env, ...tools.env };
  const name = `gantry-${randomUUID()}`;
  const given = Object.entries(variables).flatMap(([key, value]) => ["--env", `${key}=${value}`]);
  const [entry, ...entryArgs] = definition.entryPoint ?? [];
  const args = [
    ...["run", "--rm", "--name", name, "--network", "host", ...given],
    ...(entry === undefined ? [] : ["--entrypoint", entry]),
    ...[image, ...entryArgs, ...(definition.command ?? [])],
  ];
  await run(`pulling ${image}`, tools.builder, ["pull", image], { env });
  const program = new BackgroundProgram(tools.builder, args, { env, logFile });
  return {
    program,
    remove: async () => void (await tryRun(tools.builder, ["rm", "--force", name], { env })),
  };
}

interface ImageConfig {
  readonly Entrypoint?: readonly string[] | null;
  readonly Cmd?: readonly string[] | null;
  readonly Env?: readonly string[] | null;
  readonly WorkingDir?: string;
}

/** buildah runs commands in a container that it would build in: the image's own command is ours to name. */
async function inBuildah({ request, definition, image, variables }: Start): Promise<Started> {
  const { tools, logFile } = request;
  const env = { ...process.env, ...tools.env };
  const name = `gantry-${randomUUID()}`;
  const remove = async () => void (await tryRun("buildah", ["rm", name], { env }));
  await run(`pulling ${image}`, "buildah", ["from", "--quiet", "--name", name, image], { env });
  try {
    const text = await run(`inspecting ${image}`, "buildah", ["inspect", name], { env });
    const { OCIv1 } = JSON.parse(text) as { readonly OCIv1: { readonly config?: ImageConfig } };
    const given = Object.entries(variables).flatMap(([key, value]) => ["--env", `${key}=${value}`]);
    const isolation = tools.env.BUILDAH_ISOLATION;
    const how = isolation === "chroot" ? ["--isolation", isolation] : ["--network", "host"];
    const command = commandOf(definition, OCIv1.config ?? {});
    const args = ["run", ...how, ...given, name, "--", ...command];
    return { program: new BackgroundProgram("buildah", args, { env, logFile }), remove };
  } catch (error) {
    await remove();
    throw error;
  }
}

/** Without a builder the image is its sources alone (see `images.ts`): they run under this machine's node. */
async function unpacked({ request, definition, image, variables }: Start): Promise<Started> {
  const client = new OciClient();
  const reference = parseReference(image);
  const manifest = JSON.parse((await client.manifest(reference)).text) as Manifest;
  const config = JSON.parse(
    Buffer.from(await client.blob(reference, manifest.config?.digest ?? "")).toString(),
  ) as { readonly config?: ImageConfig };
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
    const { Env = [], WorkingDir = "/" } = config.config ?? {};
    const own = (Env ?? []).map((one) => {
      const at = one.indexOf("=");
      return [one.slice(0, at), one.slice(at + 1)] as const;
    });
    const [command, ...args] = commandOf(definition, config.config ?? {});
    const env = { PATH: process.env.PATH, ...Object.fromEntries(own), ...variables };
    const options = { cwd: join(folder, WorkingDir), env, logFile: request.logFile };
    return { program: new BackgroundProgram(command, args, options), remove };
  } catch (error) {
    await remove();
    throw error;
  }
}

function commandOf(definition: ContainerDefinition, image: ImageConfig): string[] {
  const entry = definition.entryPoint ?? image.Entrypoint ?? [];
  // As with docker: who names another entry point does without the image's command.
  const command = definition.command ?? (definition.entryPoint ? [] : (image.Cmd ?? []));
  if (entry.length + command.length === 0) throw new Error("the image has no command");
  return [...entry, ...command];
}
