import { privateRanges } from "../../../components/service/clients";
import type { Check } from "../checks";
import { cited, quotas as starting } from "../limits";

/** Each place once, and no more rules than a security group has. */
export const checkEgress: Check = ({ network, quotas, services }, report) => {
  const most = quotas.rulesPerSecurityGroup;
  for (const [name, { egress }] of Object.entries(services)) {
    if (egress === "all") continue;
    const path = ["services", name, "egress"];
    const keys = egress.map(({ to, port, protocol }) => `${to} ${protocol} ${port}`);
    keys.forEach((key, index) => {
      if (keys.indexOf(key) === index) return;
      report({
        path: [...path, index],
        given: key,
        allowed: "each place once with a port",
        fix: "remove one of them",
      });
    });
    // The VPC, and what AWS is reached by.
    const own = (network.mode === "create" ? 1 : privateRanges.length) + 1;
    if (egress.length + own <= most) continue;
    report({
      path,
      given: `${egress.length} places, and ${own} that every service has`,
      allowed: `at most ${most} rules of a security group ${cited(starting.rulesPerSecurityGroup)}`,
      fix: "put networks together in a prefix list, or set quotas.rulesPerSecurityGroup to what AWS has granted",
      reads: [["quotas", "rulesPerSecurityGroup"]],
    });
  }
};
