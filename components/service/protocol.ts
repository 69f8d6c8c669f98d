/** How a load balancer speaks to the tasks of a service. */
export const routeProtocols = ["http1", "http2", "grpc"] as const;

export type RouteProtocol = (typeof routeProtocols)[number];

/** As target groups call it. */
export function protocolVersion(protocol: RouteProtocol): "HTTP1" | "HTTP2" | "GRPC" {
  return ({ http1: "HTTP1", http2: "HTTP2", grpc: "GRPC" } as const)[protocol];
}

/** What is asked of a task where nothing else is said, and the answer that means healthy: a status, or a code of gRPC. */
export function healthQuestion(protocol: RouteProtocol): { path: string; matcher: string } {
  return protocol === "grpc"
    ? { path: "/grpc.health.v1.Health/Check", matcher: "0" }
    : { path: "/health", matcher: "200" };
}

/** The statuses, or codes of gRPC, that may mean healthy ("Matcher", ELB API reference). */
export function matcherRange(protocol: RouteProtocol): { least: number; most: number } {
  return protocol === "grpc" ? { least: 0, most: 99 } : { least: 200, most: 499 };
}
