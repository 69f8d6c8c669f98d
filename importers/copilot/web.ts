import { lost, otherWay } from "../outcome";
import { becomes, isLost, type Rule, type Table } from "../rules";
import { number, seconds } from "../values";
import { sharedLoadBalancer } from "./sharedLoadBalancer";
import { targetTable } from "./sidecars";

/** A day: what AWS keeps a cookie for that nothing is said of. */
const stickySeconds = 86_400;

export const onePort = "listen on one port, or divide the service";

/** What takes requests. */
export const webTable: Table = {
  "image.port": becomes("port", number),
  http: ({ value, leaveOut }) =>
    value === false
      ? leaveOut(
          "it has no HTTP: its load balancer is a network load balancer",
          "keep it where it is, or serve HTTP",
        )
      : undefined,
  "http.path": ({ value, set }) => {
    if (typeof value !== "string") return undefined;
    const paths = pathsOf(value);
    set(["route", "paths"], paths);
    return otherWay(`route.paths: ${paths.join(" and ")}`);
  },
  "http.alb": sharedLoadBalancer,
  "http.healthcheck": ({ value, set }) =>
    typeof value === "string" ? set(["healthCheck", "path"], value) : undefined,
  "http.healthcheck.path": becomes("healthCheck.path"),
  "http.healthcheck.port": ({ value, beside }) => {
    const port = number(value);
    return port !== undefined && port === number(beside("image", "port"))
      ? otherWay("the service's own port, on which health is asked")
      : lost(
          "health is asked on the service's own port, and was on another",
          "answer healthCheck.path on the service's port, before the first release",
        );
  },
  "http.healthcheck.success_codes": becomes("healthCheck.matcher", String),
  "http.healthcheck.healthy_threshold": becomes("healthCheck.healthyThreshold", number),
  "http.healthcheck.unhealthy_threshold": becomes("healthCheck.unhealthyThreshold", number),
  "http.healthcheck.interval": becomes("healthCheck.intervalSeconds", seconds),
  "http.healthcheck.timeout": becomes("healthCheck.timeoutSeconds", seconds),
  "http.healthcheck.grace_period": becomes("healthCheck.graceSeconds", seconds),
  "http.deregistration_delay": becomes("drainSeconds", seconds),
  ...targetTable,
  "http.stickiness": ({ value, set }) =>
    value === false ? otherWay("nothing is sticky") : set(["route", "sticky"], stickySeconds),
  "http.allowed_source_ips.**": isLost(
    "who may connect is said for all services",
    "set gantry:loadBalancer.allowedCidrs",
  ),
  "http.alias": hosts(),
  "http.hosted_zone": isLost("zones go by name", "set gantry:loadBalancer.domain: { name, zone }"),
  "http.redirect_to_https": ({ value }) =>
    value === false
      ? lost("with a certificate, HTTP leads to HTTPS always", "call it by HTTPS")
      : otherWay("with a certificate, HTTP leads to HTTPS always"),
  "http.version": becomes("route.protocol", (value) => String(value).toLowerCase()),
  // A list of them has a table of its own.
  "http.additional_rules.**": isLost("no list of rules", "add paths and hosts to route"),
};

/** Of `api`, what config calls so: the path itself, and what is below it. */
export function pathsOf(path: string): string[] {
  const bare = path.replace(/^\/+|\/+$/g, "");
  return bare === "" ? ["/*"] : [`/${bare}`, `/${bare}/*`];
}

/** Of `a.example.com,b.example.com`, a list of them, or one with zones. */
export function hostsOf(alias: unknown): string[] {
  const list: unknown[] = Array.isArray(alias) ? alias : String(alias).split(",");
  return list.map((each) => {
    const named = typeof each === "object" && each !== null && "name" in each;
    return String(named ? each.name : each)
      .trim()
      .toLowerCase();
  });
}

function hosts(): Rule {
  return ({ value, set }) => {
    set(["route", "hosts"], hostsOf(value));
    const zones = Array.isArray(value) && value.some((each: unknown) => typeof each === "object");
    return otherWay(
      `route.hosts; certificate and records are made with gantry:loadBalancer.domain${zones ? ", whose zone goes by name" : ""}`,
    );
  };
}
