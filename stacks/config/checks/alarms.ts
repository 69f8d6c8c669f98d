import type { Check } from "../checks";

/** Load balancers count the requests of web services alone, and Container Insights counts tasks. */
export const checkAlarms: Check = ({ cluster, services }, report) => {
  for (const [name, service] of Object.entries(services)) {
    if (service.kind === "job" || service.kind === "web" || !service.alarms) continue;
    const path = ["services", name, "alarms"];
    for (const key of ["errorPercent", "latencySeconds"] as const) {
      if (service.alarms[key] === undefined) continue;
      report({
        path: [...path, key],
        allowed: `nothing with kind: ${service.kind}, whose requests no load balancer counts`,
        fix: `remove ${key}`,
        reads: [["services", name, "kind"]],
      });
    }
    if (cluster.containerInsights !== "disabled") continue;
    report({
      path,
      allowed: `false with kind: ${service.kind} where cluster.containerInsights is disabled: nothing counts its tasks`,
      fix: "set cluster.containerInsights: enabled, or remove alarms",
      reads: [["cluster", "containerInsights"]],
    });
  }
};
