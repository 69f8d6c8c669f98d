import assert from "node:assert/strict";
import { LoadBalancer, Service, type RouteArgs } from "../../../components";
import { record } from "../../support/record";
import { network, service, types, web } from "./support";

const certificateArn =
  "arn:aws:acm:eu-west-1:123456789012:certificate/0a1b2c3d-0000-4000-8000-000000000000";

function behindHttps(route: RouteArgs) {
  return record(() => {
    const loadBalancer = new LoadBalancer("shop", { network, certificateArn });
    return new Service("web", web({ loadBalancer, route }));
  });
}

describe("the target group of a Service", () => {
  it("asks a new task every five seconds, and half a minute before it gives one up", async () => {
    const { inputs } = (await service(web())).one(types.targetGroup);
    assert.deepEqual(inputs, {
      vpcId: "vpc-1",
      port: 80,
      protocol: "HTTP",
      protocolVersion: "HTTP1",
      targetType: "ip",
      deregistrationDelay: 15,
      loadBalancingAlgorithmType: "least_outstanding_requests",
      stickiness: { type: "lb_cookie", enabled: false, cookieDuration: 86_400 },
      healthCheck: {
        path: "/health",
        matcher: "200",
        interval: 5,
        timeout: 4,
        healthyThreshold: 2,
        unhealthyThreshold: 6,
      },
    });
  });

  it("leads a client to the same task as long as it is told", async () => {
    const { inputs } = (await service(web({ route: { sticky: 3600 } }))).one(types.targetGroup);
    assert.deepEqual(inputs.stickiness, {
      ...{ type: "lb_cookie", enabled: true },
      cookieDuration: 3600,
    });
  });

  for (const [protocol, version, path, matcher] of [
    ["http2", "HTTP2", "/health", "200"],
    ["grpc", "GRPC", "/grpc.health.v1.Health/Check", "0"],
  ] as const) {
    it(`speaks ${protocol} to tasks, and asks for their health by it`, async () => {
      const { inputs } = (await behindHttps({ protocol })).one(types.targetGroup);
      const check = inputs.healthCheck as Record<string, unknown>;
      assert.deepEqual(
        [inputs.protocolVersion, check.path, check.matcher],
        [...[version, path, matcher]],
      );
    });
  }

  it("speaks nothing but HTTP/1.1 behind a load balancer without HTTPS", async () => {
    await assert.rejects(
      service(web({ route: { protocol: "grpc" } })),
      /route\.protocol: given "grpc"; allowed: http1 behind a load balancer without a certificate/,
    );
  });

  it("checks as it is told, and drains as long as it is told", async () => {
    const healthCheck = {
      path: "/ready",
      matcher: "200-299",
      intervalSeconds: 30,
      timeoutSeconds: 10,
      healthyThreshold: 3,
      unhealthyThreshold: 5,
    };
    const { inputs } = (await service(web({ healthCheck, drainSeconds: 0 }))).one(
      types.targetGroup,
    );
    assert.deepEqual(inputs.healthCheck, {
      path: "/ready",
      matcher: "200-299",
      interval: 30,
      timeout: 10,
      healthyThreshold: 3,
      unhealthyThreshold: 5,
    });
    assert.equal(inputs.deregistrationDelay, 0);
  });
});
