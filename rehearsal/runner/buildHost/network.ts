import { copyFileSync, mkdtempSync, rmSync } from "node:fs";
import { createServer, connect, isIP, type Server } from "node:net";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { run, tryRun } from "../../../delivery/run";
import type { Reached } from "../buildHost";

export interface NetworkOptions {
  /** Of the container that has the network. */
  readonly name: string;
  /** What the build's own host is called. */
  readonly hostname: string;
  /** An image with Node. */
  readonly image: string;
  /** With which docker finds its engine. */
  readonly env: NodeJS.ProcessEnv;
  /** Where the emulator listens on 127.0.0.1, here and in the network. */
  readonly emulatorPort: number;
  readonly reached: readonly Reached[];
}

const forwarder = join(__dirname, "forward.mjs");
const folderInside = "/gantry-network";
const startMs = 30_000;
const pollMs = 100;

/**
 * A network of Docker's for one build, in which services have the names and ports that the build is told: each name is an
 * address of the network's own loopback interface, whose ports lead to sockets of this machine. No port of this machine is
 * taken for it, and its files of names stay as they are. A container has the network; builds join it.
 * @returns a function that removes it.
 * @throws DeliveryError with docker's last lines; Error where it does not listen within 30 s.
 */
export async function makeNetwork(options: NetworkOptions): Promise<() => Promise<void>> {
  const { name, hostname, image, env, emulatorPort, reached } = options;
  const folder = mkdtempSync(join(tmpdir(), "gantry-network-"));
  const toEmulator = await forwardHere(join(folder, "emulator.sock"), emulatorPort);
  const remove = async () => {
    await tryRun("docker", ["rm", "--force", "--volumes", name], { env });
    await new Promise((resolve) => toEmulator.close(resolve));
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    copyFileSync(forwarder, join(folder, "forward.mjs"));
    const names = addressesOf(reached.map(({ host }) => host));
    const folders = [...new Set(reached.map(({ socket }) => dirname(socket)))];
    const mounted = folders.map((one, index) => [one, `${folderInside}-${index}`] as const);
    const inside = (file: string) =>
      join(new Map(mounted).get(dirname(file)) ?? "", basename(file));
    const ways = [
      ["127.0.0.1", emulatorPort, `${folderInside}/emulator.sock`],
      ...unique(reached).map(({ host, port, socket }) => [names.get(host), port, inside(socket)]),
    ];
    await run(
      "making the network of the build",
      "docker",
      [
        ...["run", "--detach", "--name", name, "--hostname", hostname],
        ...[...names]
          .filter(([host]) => isIP(host) === 0)
          .flatMap(([host, address]) => ["--add-host", `${host}:${address}`]),
        ...[[folder, folderInside] as const, ...mounted].flatMap((one) => [
          "--volume",
          `${one.join(":")}`,
        ]),
        ...["--entrypoint", "node", image, `${folderInside}/forward.mjs`, JSON.stringify(ways)],
      ],
      { env },
    );
    await listens(name, env);
    return remove;
  } catch (error) {
    await remove();
    throw error;
  }
}

/** Addresses of a loopback interface, of which 127.0.0.1 is the emulator's. What is one already, stays it. */
export function addressesOf(hosts: readonly string[]): Map<string, string> {
  return new Map(
    [...new Set(hosts)].map((host, index) => [host, isIP(host) ? host : `127.0.1.${index + 1}`]),
  );
}

/** Services of one load balancer share its ports. */
function unique(reached: readonly Reached[]): Reached[] {
  return [...new Map(reached.map((one) => [`${one.host}:${one.port}`, one])).values()];
}

async function listens(name: string, env: NodeJS.ProcessEnv): Promise<void> {
  const deadline = Date.now() + startMs;
  for (;;) {
    const { output } = await tryRun("docker", ["logs", name], { env });
    if (output.includes("listening")) return;
    if (Date.now() > deadline)
      throw new Error(`the network of the build does not start: ${output}`);
    await new Promise((resolve) => setTimeout(resolve, pollMs));
  }
}

function forwardHere(file: string, port: number): Promise<Server> {
  const server = createServer((client) => {
    const target = connect(port, "127.0.0.1");
    client.on("error", () => target.destroy());
    target.on("error", () => client.destroy());
    client.pipe(target).pipe(client);
  });
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(file, () => resolve(server));
  });
}
