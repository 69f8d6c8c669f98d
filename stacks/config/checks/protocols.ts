import { healthQuestion } from "../../../components/service/protocol";
import type { Check } from "../checks";
import { isSecure, sideOf } from "../sides";
import { isMatcher, matcherText } from "../matcher";

/** ALB speaks HTTP/2 and gRPC to targets of HTTPS listeners alone ("Protocol version" of target groups, ELB user guide). */
export const checkProtocols: Check = (config, report) => {
  for (const [name, service] of Object.entries(config.services)) {
    if (service.kind !== "web") continue;
    const { protocol } = service.route;
    const path = ["services", name, "route", "protocol"];
    if (protocol !== "http1" && !isSecure(sideOf(service, config), config)) {
      report({
        path,
        allowed:
          "http1 where the load balancer has no certificate: AWS leads the others on from HTTPS alone",
        fix: "set gantry:loadBalancer.domain or certificateArn, or remove protocol",
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
