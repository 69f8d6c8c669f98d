import { execFileSync, spawn, spawnSync } from "node:child_process";
import { closeSync, mkdirSync, mkdtempSync, openSync, rmSync, symlinkSync } from "node:fs";
import { platform, tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { buildxPluginFolder } from "../../rehearsal/engine/buildxPlugin";
import { tryRun } from "../../delivery/run";
import { withLock } from "../../rehearsal/engine/lock";
import { lastLines } from "../../rehearsal/emulator/process";
import { sandboxRuntime } from "./sandboxRuntime";

/** A Docker engine of a suite's own: nothing of it is shared with the machine's, nor with another suite's. */
export interface DockerEngine {
  /** `DOCKER_HOST`, and a `DOCKER_CONFIG` of its own. */
  readonly env: Readonly<Record<string, string>>;
  /** Where its files are; the socket is `docker.sock` there. */
  readonly folder: string;
  docker(...args: string[]): Promise<string>;
  stop(): Promise<void>;
}

export interface DockerEngineOptions {
  /** Whether docker has its buildx plugin, which is built where the machine has none. Default: true. */
  readonly buildx?: boolean;
  /** Runs dockerd, such as `nsenter --net=FILE`, in another network. Default: in this machine's own. */
  readonly launcher?: readonly string[];
  /** What `host-gateway` is to its containers. Default: the address of its bridge. */
  readonly hostGateway?: string;
  readonly log?: (line: string) => void;
}

/** Why no engine can be started here; undefined where one can. */
export function whyNoDockerEngine(): string | undefined {
  if (platform() !== "linux") return "a Docker engine is started on Linux alone";
  if (process.getuid?.() !== 0) return "a Docker engine is started by root alone";
  const missing = ["docker", "dockerd", "containerd", "ip", "iptables"].filter(
    (name) => !isProgram(name),
  );
  return missing.length > 0 ? `no Docker engine: ${missing.join(", ")} is missing` : undefined;
}

function isProgram(name: string): boolean {
  return (
    spawnSync("sh", ["-c", 'command -v "$0"', name], { env: engineEnvironment() }).status === 0
  );
}

/** The programs of administrators are not on everybody's PATH. */
function engineEnvironment(): NodeJS.ProcessEnv {
  const path = [process.env.PATH, "/usr/sbin", "/sbin"].filter(Boolean).join(delimiter);
  return { ...process.env, PATH: path };
}

/**
 * Starts Debian's dockerd with all its files in a folder of its own and a bridge of its own, since two engines cannot
 * share one. It ends when this process does, also when that is killed: it is watched by a shell whose input is a pipe that
 * this process alone holds.
 *
 * One after another: an engine that starts makes the chains of iptables anew, which are the network's, and a second one that
 * does so in the meantime ends ("Chain already exists").
 * @throws Error with its last lines where it does not answer within 60 s.
 */
export async function startDockerEngine(options: DockerEngineOptions = {}): Promise<DockerEngine> {
  const { buildx = true, log = () => undefined } = options;
  const lock = join(tmpdir(), "gantry-dockerd.lock");
  const silent = () => undefined;
  const engine = await withLock(lock, silent, () => start(options));
  if (!buildx) return engine;
  try {
    await addBuildx(engine.env, log);
    return engine;
  } catch (error) {
    await engine.stop();
    throw error;
  }
}

async function start(options: DockerEngineOptions): Promise<DockerEngine> {
  const { launcher = [], hostGateway } = options;
  const folder = mkdtempSync(join(tmpdir(), "gantry-docker-"));
  const config = join(folder, "config");
  mkdirSync(config);
  const host = `unix://${join(folder, "docker.sock")}`;
  const env = { DOCKER_HOST: host, DOCKER_CONFIG: config };
  const logFile = join(folder, "dockerd.log");
  const bridge = `gantry${folder.slice(-6)}`;
  const output = openSync(logFile, "a");
  const address = subnet();
  const gateway = hostGateway ?? address.split("/")[0];
  const runtime = sandboxRuntime(folder);
  const watched = spawn("sh", ["-c", watch, folder, bridge, address, gateway, ...launcher], {
    env: {
      ...engineEnvironment(),
      RUNTIME: runtime ? `--add-runtime=sandbox=${runtime} --default-runtime=sandbox` : "",
    },
    stdio: ["pipe", output, output],
    detached: true,
  });
  closeSync(output);
  let ended = false;
  const gone = new Promise<void>((resolve) => {
    watched.once("exit", () => {
      ended = true;
      resolve();
    });
  });
  const stop = async () => {
    watched.stdin?.end();
    await gone;
    rmSync(folder, { recursive: true, force: true });
  };
  const docker = async (...args: string[]) => {
    const {
      code,
      stdout,
      output: text,
    } = await tryRun("docker", args, {
      env: { ...process.env, ...env },
    });
    if (code !== 0) throw new Error(`docker ${args.join(" ")}: ${text}`);
    return stdout.trim();
  };
  try {
    const deadline = Date.now() + 60_000;
    const probe = () => docker("version", "--format", "{{.Server.Version}}").catch(() => "");
    for (let version = await probe(); version === ""; version = await probe()) {
      if (ended || Date.now() > deadline) {
        throw new Error(`dockerd does not answer:\n${lastLines(logFile, 15)}`);
      }
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
    return { env, folder, docker, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Where the machine's docker has no buildx among the plugins of the system. */
async function addBuildx(env: DockerEngine["env"], log: (line: string) => void): Promise<void> {
  const version = await tryRun("docker", ["buildx", "version"], {
    env: { ...process.env, ...env },
  });
  if (version.code === 0) return;
  symlinkSync(await buildxPluginFolder(log), join(env.DOCKER_CONFIG, "cli-plugins"));
}

/**
 * Arguments: folder, bridge, its address, what host-gateway is, launcher. The containers' processes end with the engine; then its folder is
 * removed, for a suite that was killed cannot.
 */
const watch = `
bridge=$1 address=$2 gateway=$3
shift 3
"$@" ip link add "$bridge" type bridge && "$@" ip addr add "$address" dev "$bridge" && "$@" ip link set "$bridge" up || exit 1
"$@" dockerd --data-root="$0/data" --exec-root="$0/exec" --pidfile="$0/dockerd.pid" \\
  --host="unix://$0/docker.sock" --bridge="$bridge" --host-gateway-ip="$gateway" $RUNTIME </dev/null &
engine=$!
( while kill -0 $engine; do sleep 1; done; kill $$ ) >/dev/null 2>&1 </dev/null &
trap exit TERM
trap '
  trap - TERM
  kill $engine
  wait $engine
  "$@" ip link del "$bridge"
  # Containers with the network of the engine leave a mount of it.
  for mounted in "$0"/exec/netns/*; do umount "$mounted"; done
  rm -rf "$0/data" "$0/exec"
' EXIT
cat >/dev/null
`;

/** A network that no interface of this machine has. */
function subnet(): string {
  const taken = execFileSync("ip", ["-4", "-o", "addr"], {
    encoding: "utf8",
    env: engineEnvironment(),
  });
  const start = process.pid % 200;
  for (let i = 0; i < 200; i++) {
    const address = `10.213.${1 + ((start + i) % 200)}.1`;
    if (!taken.includes(`${address}/`)) return `${address}/24`;
  }
  throw new Error("every network below 10.213.0.0/16 is taken");
}
