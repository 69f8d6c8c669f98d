import { healthQuestion } from "../../../components/service/protocol";
import type { Check, Report } from "../checks";
import { isSecure, sideOf } from "../sides";
import { isMatcher, matcherText } from "../matcher";
import type { PrivateServiceConfig } from "../types";

/** ALB speaks HTTP/2 and gRPC to targets of HTTPS listeners alone ("Protocol version" of target groups, ELB user guide). */
export const checkProtocols: Check = (config, report) => {
  for (const [name, service] of Object.entries(config.services)) {
    if (service.kind === "private") checkQuestion(name, service, report);
    if (service.kind !== "web") continue;
    const { protocol } = service.route;
    const path = ["services", name, "route", "protocol"];
    if (protocol !== "http1" && !isSecure(sideOf(service, config), config)) {
      report({
        path,
        allowed:
          "http1 where the load balancer has no certificate: AWS leads the others on from HTTPS alone",
        fix: `set gantry:loadBalancer.domain${config.loadBalancer.existing ? "" : " or certificateArn"}, or remove protocol`,
        reads: [["loadBalancer"], path, ["services", name, "route"]],
      });
    }
    if (!isMatcher(service.healthCheck.matcher, protocol)) {
      report({
        path: ["services", name, "healthCheck", "matcher"],
        allowed: matcherText(protocol),
        fix: `set matcher: ${healthQuestion(protocol).matcher}`,
        reads: [path],
      });
    }
  }
};

/** What its tasks are asked: without a path there is no answer that could be compared. */
function checkQuestion(
  name: string,
  { protocol, verify }: PrivateServiceConfig,
  report: Report,
): void {
  if (verify === false || verify.matcher === undefined) return;
  const path = ["services", name, "verify", "matcher"];
  const reads = [["services", name, "protocol"]];
  const asked = protocol === "tcp" ? "http1" : protocol;
  if (verify.path === undefined && protocol !== "grpc") {
    const allowed = "a matcher beside a path: a connection has no status";
    report({ path, allowed, fix: "add path: /health, or remove matcher", reads });
  } else if (!isMatcher(verify.matcher, asked)) {
    const fix = `set matcher: ${healthQuestion(asked).matcher}`;
    report({ path, allowed: matcherText(asked), fix, reads });
  }
}
