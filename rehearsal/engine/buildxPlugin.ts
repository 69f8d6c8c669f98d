import { join } from "node:path";
import type { Log } from "../progress";
import { builtEngine } from "./build";
import { cacheFolder } from "./cache";
import { buildxPart } from "./parts";

/**
 * The folder of a `docker-buildx` that was built from its Go module, once on this machine, for a docker that came without:
 * Debian 12 packages none. Its version is the last that speaks with Debian's engine (20.10) and is built like a part of
 * the engine.
 * @throws EngineError where it cannot be built.
 */
export async function buildxPluginFolder(
  log: Log,
  env: NodeJS.ProcessEnv = process.env,
): Promise<string> {
  return join(await builtEngine(cacheFolder(env), [buildxPart()], log, env), "cli-plugins");
}
