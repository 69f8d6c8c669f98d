import { domainNames } from "../../../components/service/domain";
import type { Check, Report } from "../checks";
import { cited, limits, quotas as starting } from "../limits";
import type { Path } from "../path";
import { domainsOf, domainsOfConfig, sides, type Side } from "../sides";
import type { EnvironmentConfig } from "../types";

/** The certificate that is made for a domain: its own name first, then the hosts of all routes. */
export const checkCertificate: Check = (config, report) => {
  const domains = domainsOfConfig(config.loadBalancer);
  const first = limits.certificateFirstName;
  domains.forEach(({ name }, index) => {
    if (name.length <= first.most) return;
    report({
      path: [...pathOf(index), "name"],
      given: `${name.length} characters`,
      allowed: `at most ${first.most}, the most that a certificate's first name has ${cited(first)}`,
      fix: "choose a shorter name, and add this one to a service's route.hosts",
    });
  });
  for (const side of sides) checkNames(side, config, report);
  const { certificateArns, existing } = config.loadBalancer;
  // The first one is the listener's own, unless that has one already.
  const own = existing === undefined && domains.length > 0 ? 1 : 0;
  const others = certificateArns.length + domains.length - own;
  const quota = starting.certificatesPerLoadBalancer;
  if (others <= config.quotas.certificatesPerLoadBalancer) return;
  report({
    path: ["loadBalancer", "certificateArns"],
    given: `${others} certificates beside the listener's own`,
    allowed: `at most ${config.quotas.certificatesPerLoadBalancer}, those of ${own === 1 ? "furtherDomains" : "domain and furtherDomains"} too ${cited(quota)}`,
    fix: "use certificates with more names, or set quotas.certificatesPerLoadBalancer to what AWS has granted",
    reads: [
      ["quotas", "certificatesPerLoadBalancer"],
      ["loadBalancer", "domain"],
      ["loadBalancer", "furtherDomains"],
    ],
  });
};

/** Where a domain stands. */
function pathOf(index: number): Path {
  return index === 0 ? ["loadBalancer", "domain"] : ["loadBalancer", "furtherDomains", index - 1];
}

function checkNames(side: Side, config: EnvironmentConfig, report: Report) {
  const quota = starting.certificateNames;
  const all = domainsOfConfig(config.loadBalancer);
  for (const made of domainsOf(side, config)) {
    const names = domainNames(made).length;
    if (names <= config.quotas.certificateNames) continue;
    report({
      path: pathOf(all.findIndex(({ zone }) => zone === made.zone)),
      given: `${names} names, of ${side === "main" ? "the domain and of all route.hosts" : "the route.hosts of internal services"}`,
      allowed: `at most ${config.quotas.certificateNames} names of a certificate ${cited(quota)}`,
      fix: `route by a wildcard such as *.${made.zone}, or set quotas.certificateNames to what AWS has granted`,
      reads: [["quotas", "certificateNames"]],
    });
  }
}
