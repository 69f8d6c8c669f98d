import {
  matcherRange,
  routeProtocols,
  type RouteProtocol,
} from "../../components/service/protocol";
import { scalar, text } from "./fields";

/** What is asked for health, by HTTP or, as `/<service>/<method>`, by gRPC. */
export function healthPathSchema() {
  return text("a path such as /health", (given) => {
    if (/^\/[^\s]{0,1023}$/.test(given)) return undefined;
    return /^[^\s/][^\s]*$/.test(given) && !given.includes("://")
      ? `write /${given}`
      : "write it as /health";
  });
}

/** Answers that mean healthy, of some protocol: whether they are those of the service's is for `checkProtocols`. */
export function matcherSchema() {
  return scalar(
    text(matcherText("http1"), (given) =>
      routeProtocols.some((protocol) => isMatcher(given, protocol))
        ? undefined
        : "write it as 200 or 200-299",
    ),
  );
}

/** What answers may mean healthy, in words. */
export function matcherText(protocol: RouteProtocol): string {
  return protocol === "grpc"
    ? "codes of gRPC from 0 to 99, such as 0, 0,12 or 0-5"
    : "statuses from 200 to 499, such as 200, 200,204 or 200-299";
}

/** Whether a text names answers of the protocol: single ones, ranges, or both with commas. */
export function isMatcher(given: string, protocol: RouteProtocol): boolean {
  const { least, most } = matcherRange(protocol);
  return given.split(",").every((part) => {
    const range = /^(\d{1,3})(?:-(\d{1,3}))?$/.exec(part);
    const [from, to] = [Number(range?.[1]), Number(range?.[2] ?? range?.[1])];
    return range !== null && from >= least && to <= most && from <= to;
  });
}
