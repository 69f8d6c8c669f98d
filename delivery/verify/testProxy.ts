import { createServer, type Server } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { createProxyServer } from "http-proxy-3";
import { messageOf } from "../errors";
import type { TestRoute } from "./testRoute";

/** What a service's address begins with, and the rest of it. */
const address = /^(https?:\/\/[^/]+)(.*)$/i;

/**
 * Runs `work` with an address on this machine in the place of a service's: each request to it comes to the service with the
 * header of its test route. So what checks a service need not know that there is one, and cannot miss the new tasks: the service
 * sees its own name, and its redirects and cookies lead back to the address here.
 * @param url where the service answers, as `https://shop.example.com/api`.
 */
export async function withTestProxy<T>(
  url: string,
  route: TestRoute,
  work: (url: string) => Promise<T>,
): Promise<T> {
  const [, origin, rest] = address.exec(url) ?? ["", url, ""];
  const server = createServer();
  // Those of WebSockets are the server's no more, which would wait for them.
  const sockets = new Set<Socket>();
  server.on("connection", (socket) => {
    sockets.add(socket.once("close", () => sockets.delete(socket)));
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject).listen(0, "127.0.0.1", resolve);
  });
  const here = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  try {
    leadOn(server, here, new URL(origin), route);
    return await work(here + rest);
  } finally {
    const closed = new Promise((resolve) => server.close(resolve));
    for (const socket of sockets) socket.destroy();
    await closed;
  }
}

function leadOn(server: Server, here: string, service: URL, { header, value }: TestRoute): void {
  const proxy = createProxyServer({
    target: service,
    changeOrigin: true,
    // A cookie of the service's domain would not come back to the address here.
    cookieDomainRewrite: "",
    headers: { [header]: value },
  });
  proxy.on("proxyReq", (asked, { headers: { origin, referer } }) => {
    // As a browser would name the page: services refuse what comes from elsewhere.
    if (origin === here) asked.setHeader("origin", service.origin);
    if (referer?.startsWith(here)) {
      asked.setHeader("referer", service.origin + referer.slice(here.length));
    }
  });
  proxy.on("proxyRes", (answer, _, response) => {
    const { location } = answer.headers;
    if (location !== undefined) answer.headers.location = inward(location, here, service);
    // Of what a service breaks off, whoever asked would wait for the rest.
    answer.once("close", () => answer.complete || response.destroy());
  });
  server.on("request", (request, response) => {
    proxy.web(request, response, {}, (error) => {
      if (response.headersSent) return void response.destroy();
      response.writeHead(502).end(`${service.origin} did not answer: ${messageOf(error)}\n`);
    });
  });
  server.on("upgrade", (request, socket, head) => {
    socket.on("error", () => socket.destroy());
    proxy.ws(request, socket, head, {}, () => socket.destroy());
  });
}

/** A redirect to the service itself, whether by HTTP or HTTPS, leads to the address here; any other stays. */
function inward(location: string, here: string, service: URL): string {
  if (!URL.canParse(location)) return location;
  const { hostname, pathname, search, hash } = new URL(location);
  return hostname === service.hostname ? here + pathname + search + hash : location;
}
