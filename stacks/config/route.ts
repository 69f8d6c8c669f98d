import { routeProtocols } from "../../components/service/protocol";
import {
  choice,
  filledList,
  flag,
  isHostName,
  list,
  section,
  text,
  unlimited,
  wholeNumber,
} from "./fields";
import { healthPathSchema, matcherSchema } from "./matcher";
import { checkCommandSchema, checkTimes } from "./sidecars";

/** How the load balancer finds out whether a task serves, and with a command, ECS whether its container is well. */
export function healthCheckSchema() {
  return section({
    /** Default: /health; with gRPC /grpc.health.v1.Health/Check. */
    path: healthPathSchema().optional(),
    /** Statuses that mean healthy, 200, 200,204 or 200-299, or codes of gRPC. Default: 200; with gRPC 0. */
    matcher: matcherSchema().optional(),
    /** 5 to 300. Default: 5, 10 with a `command`, or one more than `timeoutSeconds` where that is more. */
    intervalSeconds: wholeNumber(5, 300).optional(),
    /** 2 to 120, less than the interval. Default: 5, or one less than the interval. */
    timeoutSeconds: wholeNumber(2, 120).optional(),
    /** Successes that make a task healthy, 2 to 10. Default: 2. */
    healthyThreshold: wholeNumber(2, 10).default(2),
    /** Failures that make a task unhealthy, 2 to 10. Default: those of 30 seconds, 3 at least. */
    unhealthyThreshold: wholeNumber(2, 10).optional(),
    /** Seconds after its start in which failures do not count. Default: 30. */
    graceSeconds: wholeNumber(0, unlimited).default(30),
    /** What ECS runs in the container as well, at the same times. Default: nothing. */
    command: checkCommandSchema().optional(),
    ...checkTimes,
  });
}

/** Which requests of the shared load balancer are the service's. */
export function routeSchema() {
  return section({
    /** Path patterns; * stands for any text, ? for one character. Default: every path. */
    paths: filledList(
      text("a path pattern such as /api/*", (given) => {
        if (/^[/*][\w\-.$/~"'@:+&*?]{0,127}$/.test(given)) return undefined;
        return /^\w[\w\-./*]*$/.test(given) ? `write /${given}` : "write it as /api/*";
      }),
      "path patterns such as /api/*",
    ).default(["/*"]),
    /** Host names; * stands for any text. Default: every host. */
    hosts: list(
      text("a host name such as api.example.com or *.example.com", (given) => {
        const literal = given.replace(/[*?]/g, "x");
        if (given.length <= 128 && isHostName(literal) && /\.[a-z]+$/.test(given)) return undefined;
        const lower = given.toLowerCase();
        return lower !== given && isHostName(lower.replace(/[*?]/g, "x"))
          ? `write ${lower}`
          : "write it as api.example.com";
      }),
      "host names",
    ).default([]),
    /** Whether it is reached from inside the network alone, by a load balancer of its own. Default: by the environment's. */
    internal: flag().default(false),
    /** The rule's priority, 1 (first) to 50000. Default: from the route; see `routePriority`. */
    priority: wholeNumber(1, 50_000).optional(),
    /** Seconds for which a cookie leads a client to the same task, up to a week. Default: none does. */
    sticky: wholeNumber(1, 604_800).optional(),
    /** How the tasks are spoken to; but for `http1` without TLS (h2c). Default: http1. */
    protocol: choice(routeProtocols).default("http1"),
    /** The sidecar that takes the requests, on its port. Default: the service's own container. */
    container: text("the name of a sidecar", /\S/).optional(),
  });
}
