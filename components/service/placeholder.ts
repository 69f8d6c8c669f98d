import type { ContainerImage } from "./taskDefinition";

/**
 * Pinned to a minor version: it runs only until the first release, and patches arrive by themselves.
 * The public ECR mirror of Docker's official images asks for no login and no rate.
 */
const placeholderImage = "public.ecr.aws/docker/library/node:22.23-alpine";

const server =
  "const server = require('node:http').createServer((request, response) => " +
  "response.end('This service waits for its first release.\\n')).listen(process.env.PORT);" +
  "process.on('SIGTERM', () => server.close());";

const idle =
  "const timer = setInterval(() => {}, 60000); process.on('SIGTERM', () => clearInterval(timer));";

/** Ports below this one are open to root alone, unless a kernel says otherwise (`net.ipv4.ip_unprivileged_port_start`). */
const firstUnprivilegedPort = 1024;

/**
 * What a service runs before its first release: a public image that answers every request on the service's own port
 * with 200, so that health checks pass and the environment is whole, or one that waits where there is no port.
 * @param port of a web service. Without it, a worker's.
 */
export function placeholder(port?: number): ContainerImage {
  const command = ["node", "-e", port === undefined ? idle : server];
  const needsRoot = port !== undefined && port < firstUnprivilegedPort;
  return { uri: placeholderImage, command, user: needsRoot ? "root" : "node" };
}
