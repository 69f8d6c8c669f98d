import { directCallersOf } from "../addresses";
import { callersOf } from "../callers";
import type { Check } from "../checks";
import { cited, quotas as starting } from "../limits";
import { sides, servicesOf } from "../sides";
import type { EnvironmentConfig } from "../types";
import { usable } from "../uses";
import { verifiedPrivately } from "../verification";
import { volumesOf } from "../volumes";

const { rulesPerSecurityGroup: starts } = starting;

/** A rule for each service that reaches another, or what it uses: of those that one security group has in that direction. */
export const checkCallerRules: Check = (config, report) => {
  const most = config.quotas.rulesPerSecurityGroup;
  const told = (count: number, whom: string) => ({
    given: `${count} rules for those that ${whom}`,
    allowed: `at most ${most} rules of a security group ${cited(starts)}`,
    fix: "let fewer reach it, or set quotas.rulesPerSecurityGroup to what AWS has granted",
    reads: [["quotas", "rulesPerSecurityGroup"]],
  });
  for (const name of Object.keys(config.services)) {
    const count = rulesOf(name, config);
    if (count > most) report({ path: ["services", name], ...told(count, "reach it") });
  }
  for (const [name, sections] of usable(config)) {
    const users = Object.values(config.services).filter(({ uses }) => uses.includes(name));
    for (const section of sections) {
      if (section === "buckets" || users.length <= most) continue;
      report({ path: [section, name], ...told(users.length, "use it") });
    }
  }
  for (const [name, { fileSystem = "create" }] of Object.entries(volumesOf(config.services))) {
    const users = Object.entries(config.services).filter(([, { volumes }]) =>
      Object.hasOwn(volumes, name),
    );
    if (fileSystem !== "create" || users.length <= most) continue;
    report({
      path: ["services", users[most][0], "volumes", name],
      ...told(users.length, "mount it"),
    });
  }
};

/** Rules of the group of a service's tasks: of callers, of its load balancer, and of a pipeline's verification. */
function rulesOf(name: string, config: EnvironmentConfig): number {
  const { services } = config;
  const { kind } = services[name];
  const direct = directCallersOf(name, services).filter(
    // A private service takes both at one port, by one rule.
    (caller) => kind !== "private" || services[caller].kind === "job",
  );
  const balanced = sides.filter((side) => servicesOf(side, config).some(([each]) => each === name));
  const verified = verifiedPrivately(config).filter(([each]) => each === name);
  return callersOf(name, services).length + direct.length + balanced.length + verified.length;
}
