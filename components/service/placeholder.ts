import { firstUnprivilegedPort } from "./capabilities";
import type { RouteProtocol } from "./protocol";
import type { ContainerImage } from "./taskDefinition";

/**
 * Pinned to a minor version: it runs only until the first release, and patches arrive by themselves.
 * The public ECR mirror of Docker's official images asks for no login and no rate.
 */
const placeholderImage = "public.ecr.aws/docker/library/node:22.23-alpine";

const answer = "response.end('This service waits for its first release.\\n')";

const http1 =
  `const server = require('node:http').createServer((request, response) => ${answer}).listen(process.env.PORT);` +
  "process.on('SIGTERM', () => server.close());";

/** A server of HTTP/2 without TLS. Sessions last as long as their clients want, and have to be closed one by one. */
const http2 = (listener: string) =>
  "const open = new Set(); const server = require('node:http2').createServer();" +
  `server.on(${listener});` +
  "server.on('session', (session) => { open.add(session); session.on('close', () => open.delete(session)); });" +
  "server.listen(process.env.PORT);" +
  "process.on('SIGTERM', () => { server.close(); for (const session of open) session.close(); });";

/** gRPC says in a trailer how a call went, and 0 is well: each call is answered with no message. */
const grpcListener =
  "'stream', (stream) => {" +
  " stream.on('wantTrailers', () => stream.sendTrailers({ 'grpc-status': '0' }));" +
  " stream.respond({ ':status': 200, 'content-type': 'application/grpc' }, { waitForTrailers: true });" +
  " stream.end(); }";

const servers: Readonly<Record<RouteProtocol, string>> = {
  http1,
  http2: http2(`'request', (request, response) => ${answer}`),
  grpc: http2(grpcListener),
};

const idle =
  "const timer = setInterval(() => {}, 60000); process.on('SIGTERM', () => clearInterval(timer));";

const ended = "console.log('This job waits for its first release.')";

/**
 * What a service runs before its first release: a public image that answers every request on the service's own port
 * with 200, or gRPC's 0, so that health checks pass and the environment is whole, or one that waits where there is no port.
 * @param port of a service that listens. Without it, a worker's.
 */
export function placeholder(port?: number, protocol: RouteProtocol = "http1"): ContainerImage {
  const command = ["node", "-e", port === undefined ? idle : servers[protocol]];
  const needsRoot = port !== undefined && port < firstUnprivilegedPort;
  const user = needsRoot ? "root" : "node";
  return { uri: placeholderImage, command, user, withoutHealthCheck: true };
}

/** What a job runs before its first release: it says so, and succeeds. */
export function jobPlaceholder(): ContainerImage {
  return { uri: placeholderImage, command: ["node", "-e", ended], user: "node" };
}
