import assert from "node:assert/strict";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Target } from "../../../rehearsal/loadBalancer/listeners";
import { Client, type AccessLog, type Asked } from "../../../rehearsal/traffic/client";

const target = (taskDefinition: string): Target => ({
  ...{ targetGroupArn: "group", id: "10.0.0.4", port: 3000, state: "healthy" },
  task: { cluster: "shop--production", service: "shop--production--web", taskDefinition },
});

describe("the client that asks while something is delivered", () => {
  let server: Server;
  let url: string;
  let answer: (request: IncomingMessage, response: ServerResponse) => void;
  let paths: (string | undefined)[];
  const log: AccessLog = { onAccess: () => undefined };

  beforeEach(async () => {
    paths = [];
    answer = (_, response) => response.end();
    server = createServer((request, response) => {
      paths.push(request.url);
      answer(request, response);
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });

  afterEach(() => {
    server.closeAllConnections();
    server.close();
  });

  const askedFor = async (ms: number, client: Client): Promise<readonly Asked[]> => {
    await new Promise((resolve) => setTimeout(resolve, ms));
    return client.stop();
  };

  it("asks ten times a second, services in turn, and knows of the log who answered", async () => {
    answer = (request, response) => {
      const traceId = request.headersDistinct["x-amzn-trace-id"]?.[0];
      log.onAccess({ traceId, target: target(`of ${request.url}`) });
      response.end();
    };
    const services = ["/web", "/api"].map((path) => ({ service: path.slice(1), url: url + path }));
    const asked = await askedFor(1_050, Client.start(services, log));
    assert.ok(asked.length >= 5 && asked.length <= 10, String(asked.length));
    assert.deepEqual(
      asked
        .slice(0, 4)
        .map(({ service, status, taskDefinition }) => [service, status, taskDefinition]),
      ["web", "api", "web", "api"].map((name) => [name, 200, `of /${name}`]),
    );
  });

  it("tells when each was led to a target, which is when it was sent where it came to none", async () => {
    answer = (request, response) => {
      const traceId = request.headersDistinct["x-amzn-trace-id"]?.[0];
      const isFirst = paths.length === 1;
      const led = () => {
        if (isFirst) log.onAccess({ traceId, target: target("of it") });
        response.end();
      };
      setTimeout(led, 100);
    };
    const asked = await askedFor(250, Client.start([{ service: "web", url }], log));
    const waited = asked.map(({ at, ledAt }) => ledAt - at).sort((one, other) => one - other);
    assert.equal(waited[0], 0);
    assert.ok(waited[waited.length - 1] >= 95, String(waited));
  });

  it("waits for answers that are to come, and asks no more", async () => {
    answer = (_, response) => void setTimeout(() => response.writeHead(503).end(), 300);
    const asked = await askedFor(150, Client.start([{ service: "web", url }], log));
    assert.deepEqual(
      asked.map(({ status, taskDefinition }) => [status, taskDefinition]),
      [[503, null]],
    );
    assert.ok(asked[0].milliseconds >= 290);
    await new Promise((resolve) => setTimeout(resolve, 200));
    assert.equal(paths.length, 1);
  });

  it("tells of an answer that breaks off, and of none at all", async () => {
    answer = (_, response) => response.write("half", () => response.destroy());
    const client = Client.start([{ service: "web", url }], log);
    const [broken] = await askedFor(150, client);
    assert.equal(broken.status, null);
    assert.match(String(broken.error), /aborted/);
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    const [none] = await askedFor(150, Client.start([{ service: "web", url }], log));
    assert.match(String(none.error), /ECONNREFUSED/);
  });

  it("tells how an error of the server begins, of a page its title", async () => {
    const errors: readonly (readonly [string, string | undefined])[] = [
      ["<html><title>502 Bad\nGateway: nobody there</title>", "502 Bad Gateway: nobody there"],
      ["down ".repeat(99), "down ".repeat(40).trim()],
      ["", undefined],
    ];
    for (const [page, error] of errors) {
      answer = (_, response) => response.writeHead(502).end(page);
      const [asked] = await askedFor(150, Client.start([{ service: "web", url }], log));
      assert.deepEqual([asked.status, asked.error], [502, error]);
    }
    answer = (_, response) => response.end("Hello");
    const [good] = await askedFor(150, Client.start([{ service: "web", url }], log));
    assert.deepEqual([good.status, good.error], [200, undefined]);
  });

  it("asks a service no more that it leaves, which has been heard when its answers are there", async () => {
    answer = (request, response) =>
      void setTimeout(() => response.end(), request.url === "/web" ? 300 : 0);
    const services = ["/web", "/api"].map((path) => ({ service: path.slice(1), url: url + path }));
    const client = Client.start(services, log);
    while (paths.length < 2) await new Promise((resolve) => setTimeout(resolve, 20));
    const begun = Date.now();
    await client.leave("web");
    const waited = Date.now() - begun;
    assert.ok(waited > 50 && waited < 5_000, `${waited} ms`);
    const asked = await askedFor(300, client);
    const web = asked.filter(({ service }) => service === "web");
    assert.deepEqual(
      web.map(({ status }) => status),
      [200],
    );
    assert.equal(paths.filter((path) => path === "/web").length, 1);
    assert.ok(paths.length >= 4);
  });
});
