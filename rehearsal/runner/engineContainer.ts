import { spawnSync } from "node:child_process";
import { randomUUID } from "node:crypto";
import { ECRClient } from "@aws-sdk/client-ecr";
import type { ContainerDefinition } from "@aws-sdk/client-ecs";
import { withRegistryLogin } from "../../delivery/images/login";
import { repositoryOf } from "../../delivery/images/registry";
import { run, tryRun } from "../../delivery/run";
import { BackgroundProgram } from "./backgroundProgram";
import type { Connected } from "./callNames";
import type { Connection } from "./connection";
import type { Start, Started } from "./containers";
import { volumeOptions } from "./volumes";

/**
 * docker and podman run containers themselves, in a network of their own. The container listens at the port that its task
 * definition names, as on AWS; the engine publishes it at a free port of this machine, also out of a virtual machine.
 */
export async function inEngine(start: Start): Promise<Started> {
  const { request, definition, image } = start;
  const { tools, logFile, connection } = request;
  const engine = tools.builder;
  const env = { ...process.env, ...tools.env };
  await pull(engine, image, env, connection);
  const name = `gantry-${randomUUID()}`;
  const remove = () => void spawnSync(engine, ["rm", "--force", "--volumes", name], { env });
  // The engine would go on running it when this process is gone; the program's own signals end this process.
  process.on("exit", remove).on("SIGINT", remove).on("SIGTERM", remove);
  const connected = await inNetwork(engine, env, request.connected);
  const options = [...connected, ...runOptions(start)];
  const args = ["run", "--rm", "--name", name, ...options, image];
  const program = new BackgroundProgram(engine, [...args, ...commandOf(definition)], {
    env,
    logFile,
    orphaned: `${engine} rm --force --volumes ${name}`,
  });
  const port = definition.portMappings?.[0]?.containerPort;
  return {
    program,
    addresses: async () => {
      if (port === undefined) return [];
      const { code, stdout } = await tryRun(engine, ["port", name, `${port}/tcp`], { env });
      const published = /^127\.0\.0\.1:(\d+)$/m.exec(stdout)?.[1];
      // Until the container runs there is none.
      return code === 0 && published ? [`http://127.0.0.1:${published}`] : [];
    },
    remove: async () => {
      process.off("exit", remove).off("SIGINT", remove).off("SIGTERM", remove);
      await tryRun(engine, ["rm", "--force", "--volumes", name], { env });
    },
  };
}

/** As the task's execution role would, which ECS logs in with at the account's registry and at no other. */
async function pull(
  engine: string,
  image: string,
  env: NodeJS.ProcessEnv,
  { root, emulator }: Connection,
): Promise<void> {
  const own = image.startsWith(`127.0.0.1:${emulator.port}/`);
  const accesses = own ? [{ ecr: new ECRClient(root), repositories: [repositoryOf(image)] }] : [];
  await withRegistryLogin(
    accesses,
    (withLogin) => run(`pulling ${image}`, engine, ["pull", image], { env: withLogin }),
    env,
  );
}

/**
 * Containers of one network find each other by name. It is named after the namespace, and stays for those that come next: an
 * engine keeps a network that nothing uses at no cost.
 */
async function inNetwork(
  engine: string,
  env: NodeJS.ProcessEnv,
  connected: Connected | undefined,
): Promise<string[]> {
  if (!connected) return [];
  const network = `gantry-${connected.namespace.split("/").at(-1)}`;
  // Where it is there already, the engine says so and fails.
  await tryRun(engine, ["network", "create", network], { env });
  return ["--network", network, ...connected.own.flatMap((name) => ["--network-alias", name])];
}

function runOptions({ definition, variables, volumes }: Start): string[] {
  const { portMappings = [], readonlyRootFilesystem, user, mountPoints = [] } = definition;
  const { tmpfs = [], capabilities } = definition.linuxParameters ?? {};
  const port = portMappings.at(0)?.containerPort;
  const entry = definition.entryPoint?.at(0);
  return [
    ...(port === undefined ? [] : ["--publish", `127.0.0.1::${port}`]),
    ...Object.entries(variables).flatMap(([key, value]) => ["--env", `${key}=${value}`]),
    ...(readonlyRootFilesystem ? ["--read-only"] : []),
    ...(user === undefined ? [] : ["--user", user]),
    ...(capabilities?.drop ?? []).flatMap((name) => ["--cap-drop", name]),
    ...mountPoints
      .filter(({ containerPath }) => !volumes.some((one) => one.containerPath === containerPath))
      .flatMap(({ containerPath = "" }) => ["--volume", containerPath]),
    ...volumeOptions(volumes),
    ...tmpfs.flatMap(({ containerPath = "", size, mountOptions = [] }) => [
      "--tmpfs",
      `${containerPath}:${[...mountOptions, `size=${size}m`].join(",")}`,
    ]),
    ...(entry === undefined ? [] : ["--entrypoint", entry]),
  ];
}

function commandOf({ entryPoint = [], command = [] }: ContainerDefinition): string[] {
  return [...entryPoint.slice(1), ...command];
}
