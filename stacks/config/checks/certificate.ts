import type { Check } from "../checks";
import { cited, limits, quotas as starting } from "../limits";

/** The certificate that is made for a domain: its own name first, then the hosts of all routes. */
export const checkCertificate: Check = ({ loadBalancer, services, quotas }, report) => {
  const { domain } = loadBalancer;
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
  const hosts = Object.entries(services).flatMap(([name, service]) =>
    service.kind === "web" ? service.route.hosts.map((host) => ({ name, host })) : [],
  );
  const names = new Set([domain.name, ...hosts.map(({ host }) => host)]);
  const quota = starting.certificateNames;
  if (names.size <= quotas.certificateNames) return;
  report({
    path: ["loadBalancer", "domain"],
    given: `${names.size} names, of the domain and of all route.hosts`,
    allowed: `at most ${quotas.certificateNames} names of a certificate ${cited(quota)}`,
    fix: `route by a wildcard such as *.${domain.zone}, or set quotas.certificateNames to what AWS has granted`,
    reads: [["quotas", "certificateNames"]],
  });
};
