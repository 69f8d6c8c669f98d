import { lost, otherWay } from "../outcome";
import { becomes, isLost, type Rule, type Table } from "../rules";
import { number, seconds } from "../values";

const oneRoute =
  "add its paths and hosts to route of the service, where they lead to the same port";
const onePort = "listen on one port, or divide the service";

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
    const bare = value.replace(/^\/+|\/+$/g, "");
    if (bare === "") return set(["route", "paths"], ["/*"]);
    set(["route", "paths"], [`/${bare}`, `/${bare}/*`]);
    return otherWay(`route.paths: /${bare} and /${bare}/*`);
  },
  "http.alb": isLost(
    "all web services of an environment share one load balancer that Gantry makes",
    "move the records of its names",
  ),
  "http.healthcheck": ({ value, set }) =>
    typeof value === "string" ? set(["healthCheck", "path"], value) : undefined,
  "http.healthcheck.path": becomes("healthCheck.path"),
  "http.healthcheck.port": isLost("health is asked on the service's own port", "answer it there"),
  "http.healthcheck.success_codes": becomes("healthCheck.matcher", String),
  "http.healthcheck.healthy_threshold": becomes("healthCheck.healthyThreshold", number),
  "http.healthcheck.unhealthy_threshold": becomes("healthCheck.unhealthyThreshold", number),
  "http.healthcheck.interval": becomes("healthCheck.intervalSeconds", seconds),
  "http.healthcheck.timeout": becomes("healthCheck.timeoutSeconds", seconds),
  "http.healthcheck.grace_period": becomes("healthCheck.graceSeconds", seconds),
  "http.deregistration_delay": becomes("drainSeconds", seconds),
  "http.target_container": isLost(
    "requests go to the image itself",
    "answer on the port yourself; sidecars come later",
  ),
  "http.target_port": isLost("requests go to the service's one port", onePort),
  "http.stickiness": ({ value }) =>
    value === false
      ? otherWay("nothing is sticky")
      : lost("nothing is sticky", "keep sessions outside of the tasks"),
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
  "http.version": ({ value }) =>
    value === "http1"
      ? otherWay("HTTP/1.1 is what there is")
      : lost("tasks are asked by HTTP/1.1", "answer that, too"),
  "http.additional_rules.**": isLost("a service has one route", oneRoute),
};

function hosts(): Rule {
  return ({ value, set }) => {
    const list = Array.isArray(value) ? value : String(value).split(",");
    const names = list.map((each: unknown) =>
      typeof each === "object" && each !== null && "name" in each
        ? String(each.name)
        : String(each).trim(),
    );
    set(["route", "hosts"], names);
    const zones = list.some((each: unknown) => typeof each === "object");
    return otherWay(
      `route.hosts; certificate and records are made with gantry:loadBalancer.domain${zones ? ", whose zone goes by name" : ""}`,
    );
  };
}
