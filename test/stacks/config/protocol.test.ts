import assert from "node:assert/strict";
import { checkFaults, parse, services, web, type Values } from "./support";

const loadBalancer = { domain: { name: "shop.example.com", zone: "example.com" } };

/** A service behind HTTPS. */
const secure = (service: Values): Values => ({ loadBalancer, services: { web: service } });

describe("the protocol of a route", () => {
  const of = (service: Values) => {
    const { route, healthCheck } = parse(secure(service)).services.web as never as {
      readonly route: { readonly protocol: string };
      readonly healthCheck: { readonly path: string; readonly matcher: string };
    };
    return [route.protocol, healthCheck.path, healthCheck.matcher];
  };

  it("says how health is asked", () => {
    assert.deepEqual(of({}), ["http1", "/health", "200"]);
    assert.deepEqual(of({ route: { protocol: "http2" } }), ["http2", "/health", "200"]);
    const grpc = { route: { protocol: "grpc" } };
    assert.deepEqual(of(grpc), ["grpc", "/grpc.health.v1.Health/Check", "0"]);
    const healthCheck = { path: "/acme.Shop/Up", matcher: "0,12" };
    assert.deepEqual(of({ ...grpc, healthCheck }), ["grpc", "/acme.Shop/Up", "0,12"]);
  });

  checkFaults("gantry:services.web", web, [
    [
      "it is gRPC without HTTPS",
      { route: { protocol: "grpc" } },
      "route.protocol",
      "set gantry:loadBalancer.domain or certificateArn, or remove protocol",
    ],
    [
      "codes are gRPC's, and the protocol is not",
      { healthCheck: { matcher: 12 } },
      "healthCheck.matcher",
      "set matcher: 200",
    ],
  ]);

  checkFaults("gantry:services.web", secure, [
    ["it is misspelt", { route: { protocol: "gRPC" } }, "route.protocol", "set protocol: grpc"],
    [
      "statuses are HTTP's, and the protocol is gRPC",
      { route: { protocol: "grpc" }, healthCheck: { matcher: "200-299" } },
      "healthCheck.matcher",
      "set matcher: 0",
    ],
    [
      "codes are none",
      { route: { protocol: "grpc" }, healthCheck: { matcher: "100" } },
      "healthCheck.matcher",
      "write it as 200 or 200-299",
    ],
  ]);

  it("of plain HTTP needs none", () => {
    assert.equal(parse({ services }).services.web.kind, "web");
  });
});
