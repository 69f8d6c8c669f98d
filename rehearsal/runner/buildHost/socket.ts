import { tryRun } from "../../../delivery/run";

/** Where engines have their socket, unless something else is said. */
const usualSocket = "/var/run/docker.sock";

/**
 * The socket of the engine on this machine to which docker speaks, as a container of its own can be given it.
 * @param env with which docker finds its engine.
 */
export async function socketOfEngine(env: NodeJS.ProcessEnv): Promise<string> {
  const format = ["--format", "{{.Endpoints.docker.Host}}"];
  const { stdout } = await tryRun("docker", ["context", "inspect", ...format], { env });
  const address = stdout.trim();
  return address.startsWith("unix://") ? address.slice("unix://".length) : usualSocket;
}
