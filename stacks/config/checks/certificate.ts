import { domainNames } from "../../../components/service/domain";
import type { Check, Report } from "../checks";
import { cited, limits, quotas as starting } from "../limits";
import { domainOf, sides, type Side } from "../sides";
import type { EnvironmentConfig } from "../types";

/** The certificate that is made for a domain: its own name first, then the hosts of all routes. */
export const checkCertificate: Check = (config, report) => {
  const { domain } = config.loadBalancer;
  if (domain === undefined) return;
  const first = limits.certificateFirstName;
  if (domain.name.length > first.most) {
    report({
      path: ["loadBalancer", "domain", "name"],
      given: `${domain.name.length} characters`,
      allowed: `at most ${first.most}, the most that a certificate's first name has ${cited(first)}`,
      fix: "choose a shorter name, and add this one to a service's route.hosts",
    });
  }
  for (const side of sides) checkNames(side, config, report);
};

function checkNames(side: Side, config: EnvironmentConfig, report: Report) {
  const made = domainOf(side, config);
  if (made === undefined) return;
  const quota = starting.certificateNames;
  const names = domainNames(made).length;
  if (names <= config.quotas.certificateNames) return;
  report({
    path: ["loadBalancer", "domain"],
    given: `${names} names, of ${side === "main" ? "the domain and of all route.hosts" : "the route.hosts of internal services"}`,
    allowed: `at most ${config.quotas.certificateNames} names of a certificate ${cited(quota)}`,
    fix: `route by a wildcard such as *.${made.zone}, or set quotas.certificateNames to what AWS has granted`,
    reads: [["quotas", "certificateNames"]],
  });
}
