import type { z } from "zod";
import { healthQuestion, routeProtocols } from "../../components/service/protocol";
import { verifySeconds } from "../../contract/times";
import { choice, list, section, sectionOrFalse, text, wholeNumber } from "./fields";
import { healthPathSchema, matcherSchema } from "./matcher";

/** Names of services that a service calls. */
export function callsSchema() {
  return list(text("the name of another service", /\S/), "names of services");
}

/** What a private service has that a worker has not. */
export function privateShape() {
  return {
    /** The port it listens on, which it is also told as PORT, and by which others call it. Default: 3000. */
    port: wholeNumber(1, 65535).default(3000),
    /**
     * What it speaks. `http1`, `http2` and `grpc`: its callers share requests out among its tasks. Default: `tcp`, which shares
     * out connections, and suits every program.
     */
    protocol: choice(["tcp", ...routeProtocols]).default("tcp"),
    /** What the tasks of each release are asked by a pipeline, or `false`. Default: as `verifySchema` says. */
    verify: verifySchema(),
  };
}

/** The question of the verification: without a path, whether a task takes a connection; with `grpc`, gRPC's own. */
function verifySchema() {
  return sectionOrFalse(
    section({
      /** Asked by HTTP; with `protocol: grpc` by gRPC. Default: none; with gRPC /grpc.health.v1.Health/Check. */
      path: healthPathSchema().optional(),
      /** Statuses that are right, 200, 200,204 or 200-299, or codes of gRPC. Default: 200; with gRPC 0. */
      matcher: matcherSchema().optional(),
      /** Seconds in which every task must have answered so, 10 to 600. Default: 60. */
      timeoutSeconds: wholeNumber(10, verifySeconds).default(60),
    }),
    "{ path: /health }, or false",
  ).prefault({});
}

interface GivenQuestion {
  readonly protocol: "tcp" | (typeof routeProtocols)[number];
  readonly verify: z.output<ReturnType<typeof verifySchema>>;
}

/** What is asked follows from the protocol where it is not said. */
export function completeQuestion({ protocol, verify }: GivenQuestion): GivenQuestion["verify"] {
  if (verify === false) return false;
  if (protocol === "grpc") return { ...healthQuestion(protocol), ...verify };
  if (verify.path === undefined) return verify;
  return { matcher: healthQuestion("http1").matcher, ...verify };
}
