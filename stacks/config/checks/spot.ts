import type { Check } from "../checks";

/** Hosts are bought by the cluster, and not by a service. */
export const checkSpot: Check = ({ cluster, services }, report) => {
  if (cluster.capacity !== "ec2") return;
  for (const [name, service] of Object.entries(services)) {
    if (service.kind === "job" || service.spot === undefined) continue;
    report({
      path: ["services", name, "spot"],
      allowed: "nothing with cluster.capacity: ec2, where tasks run on hosts",
      fix: "remove spot, or set cluster.capacity: fargate",
      reads: [["cluster", "capacity"]],
    });
  }
};
