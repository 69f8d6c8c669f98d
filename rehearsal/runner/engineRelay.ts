import { spawnSync } from "node:child_process";
import { DeliveryError } from "../../delivery/errors";
import { run, tryRun } from "../../delivery/run";
import type { Emulator } from "../emulator";
import { step, type Log } from "../progress";
import { makeStandIn } from "./baseImage";
import { availableImages } from "./baseImages/registryProbe";
import type { ImageTools } from "./images";

/** What leads an engine to the emulator. */
export interface EngineRelay {
  /** Ends it; the engine no longer reaches the emulator. */
  remove(): Promise<void>;
}

const relayImage = "public.ecr.aws/docker/library/busybox:1";
const startedWithinMs = 20_000;

/**
 * Sees to it that the engine of docker or podman reaches the emulator's registry at 127.0.0.1. Engines of Docker Desktop,
 * colima and podman's machines are in a virtual machine, whose loopback interface is its own: there a container with the
 * machine's network hands on what comes to the same port, by the name that such engines have for the person's machine.
 * @returns undefined where the engine needs none.
 * @throws DeliveryError with what to do, where the engine does not reach the emulator in this way either.
 */
export async function relayToEmulator(
  emulator: Emulator,
  tools: ImageTools,
  log: Log,
): Promise<EngineRelay | undefined> {
  const { builder } = tools;
  if (builder !== "docker" && builder !== "podman") return undefined;
  const env = { ...process.env, ...tools.env };
  if (await reaches(builder, emulator, env)) return undefined;
  return step(log, `images: a relay, since the engine of ${builder} is in a virtual machine`, () =>
    startRelay(builder, emulator, tools, env),
  );
}

async function startRelay(
  builder: "docker" | "podman",
  emulator: Emulator,
  tools: ImageTools,
  env: NodeJS.ProcessEnv,
): Promise<EngineRelay> {
  const { port } = emulator;
  const name = `gantry-relay-${port}`;
  const remove = () => void spawnSync(builder, ["rm", "--force", name], { env });
  const image = await imageOfRelay(tools);
  remove();
  // The engine would go on running it when this process is gone.
  process.once("exit", remove);
  const relay: EngineRelay = {
    remove: async () => {
      process.off("exit", remove);
      await tryRun(builder, ["rm", "--force", name], { env });
    },
  };
  const listen = `exec nc -ll -p ${port} -e nc gantry-host ${port}`;
  const network = ["--network", "host", "--add-host", "gantry-host:host-gateway", "--init"];
  try {
    await run(
      "starting a relay to the emulator",
      builder,
      ["run", "--detach", "--name", name, ...network, image, "sh", "-c", listen],
      { env },
    );
    const deadline = Date.now() + startedWithinMs;
    while (!(await reaches(builder, emulator, env))) {
      if (Date.now() > deadline) throw await unreachable(builder, port, name, env);
      await new Promise((resolve) => setTimeout(resolve, 500));
    }
    return relay;
  } catch (error) {
    await relay.remove();
    throw error;
  }
}

/**
 * Asks the engine for an image that the emulator's registry does not have. The registry itself says whether the question
 * came: engines have too many words for having got no answer.
 */
async function reaches(
  builder: "docker" | "podman",
  emulator: Emulator,
  env: NodeJS.ProcessEnv,
): Promise<boolean> {
  const requests = async () => (await emulator.control<{ requests: number }>("registry")).requests;
  const before = await requests();
  const nothing = `127.0.0.1:${emulator.port}/gantry-relay:none`;
  await tryRun(builder, ["pull", nothing], { env, timeoutMs: 30_000 });
  return (await requests()) > before;
}

async function imageOfRelay(tools: ImageTools): Promise<string> {
  const available = await availableImages([relayImage], tools);
  if (available.has(relayImage)) return relayImage;
  return (await makeStandIn({ runtime: "none", system: "busybox" }, tools)).reference;
}

async function unreachable(
  builder: string,
  port: number,
  name: string,
  env: NodeJS.ProcessEnv,
): Promise<DeliveryError> {
  const { output } = await tryRun(builder, ["logs", "--tail", "5", name], { env });
  return new DeliveryError(
    `the engine of ${builder} does not reach 127.0.0.1:${port} of this machine, where the emulator is`,
    [
      ...output.trim().split("\n").filter(Boolean),
      "Give containers of it access to this machine by the name host-gateway, or build with another tool: GANTRY_BUILDER=buildah, or GANTRY_BUILDER=podman.",
    ],
  );
}
