import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, type Http2Server, type ServerHttp2Stream } from "node:http2";
import type { AddressInfo } from "node:net";
import type { TargetGroup } from "@aws-sdk/client-elastic-load-balancing-v2";
import { askHttp2 } from "../../../delivery/verify/http2";
import { checkHealth } from "../../../rehearsal/runner/health";

/** Answers by HTTP/2 without TLS: a call of `/acme.Shop/Up` with gRPC's 0, one of another method with its 12. */
function answer(stream: ServerHttp2Stream, method: string, path: string): void {
  if (method === "GET") {
    stream.respond({ ":status": path === "/health" ? 204 : 404 });
    stream.end();
    return;
  }
  const code = path === "/acme.Shop/Up" ? "0" : "12";
  stream.on("wantTrailers", () => stream.sendTrailers({ "grpc-status": code }));
  stream.respond({ ":status": 200, "content-type": "application/grpc" }, { waitForTrailers: true });
  stream.end();
}

describe("health of a container that speaks HTTP/2", () => {
  let server: Http2Server;
  let url: string;

  before(async () => {
    server = createServer();
    server.on("stream", (stream, headers) => {
      answer(stream, String(headers[":method"]), String(headers[":path"]));
    });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });

  after(() => void server.close());

  it("is the status of its answer", async () => {
    assert.equal(await askHttp2(new URL("/health", url), false), "204");
    assert.equal(await askHttp2(new URL("/", url), false), "404");
  });

  it("is gRPC's code, which comes at its end", async () => {
    assert.equal(await askHttp2(new URL("/acme.Shop/Up", url), true), "0");
    assert.equal(await askHttp2(new URL("/grpc.health.v1.Health/Check", url), true), "12");
  });

  it("is asked as its target group says", async () => {
    const group = (version: string, path: string, matcher: object): TargetGroup => ({
      ...{ ProtocolVersion: version, HealthCheckPath: path, Matcher: matcher },
    });
    await checkHealth(group("HTTP2", "/health", { HttpCode: "200-299" }), url);
    await checkHealth(group("GRPC", "/acme.Shop/Up", { GrpcCode: "0" }), url);
  });

  it("is none of what listens nowhere", async () => {
    await assert.rejects(askHttp2(new URL("http://127.0.0.1:1/health"), false), /ECONNREFUSED/);
  });
});
