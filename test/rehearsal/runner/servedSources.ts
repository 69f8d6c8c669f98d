import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { Deployments } from "../../../rehearsal/runner/deployments";
import { serve, type Served } from "../../../rehearsal/runner/served";
import type { ImageBench } from "./imageBench";

/** Containers of the bench's own sources, built as `1a2b3c4d`, on a machine without a builder. */
export async function serveSources(
  bench: ImageBench,
): Promise<{ readonly served: Served; readonly hold: () => Promise<Deployments> }> {
  const { folders, connection } = bench.account;
  const { tools, env } = await bench.simulated();
  const folder = folders.make();
  const log = (line: string) => void bench.lines.push(line);
  await bench.buildAndPush(bench.environment(tools, env), "1a2b3c4d", "node:22-alpine");
  mkdirSync(join(folder, "logs"), { recursive: true });
  const served = serve({ connection, tools, folder, log });
  return {
    served,
    hold: () => Deployments.hold({ connection, services: served.services, log }),
  };
}
