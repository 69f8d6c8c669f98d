import type { Check } from "../checks";

export const checkCluster: Check = ({ cluster, services }, report) => {
  if (cluster.capacity === "fargateSpot" && cluster.spotWeight + cluster.onDemandWeight === 0) {
    report({
      path: ["cluster", "spotWeight"],
      allowed: "1 or more, where onDemandWeight is 0",
      fix: "set spotWeight: 1",
      reads: [["cluster", "onDemandWeight"]],
    });
  }
  if (cluster.capacity !== "ec2") return;
  const { instanceType, minInstances, maxInstances } = cluster.ec2;
  if (minInstances > maxInstances) {
    report({
      path: ["cluster", "ec2", "minInstances"],
      allowed: `at most maxInstances, which is ${maxInstances}`,
      fix: `set minInstances: ${maxInstances}, or raise maxInstances`,
      reads: [["cluster", "ec2", "maxInstances"]],
    });
  }
  const architecture = architectureOf(instanceType);
  for (const [name, service] of Object.entries(services)) {
    if (service.architecture === architecture) continue;
    report({
      path: ["services", name, "architecture"],
      allowed: `${architecture}, which ${instanceType} is`,
      fix: `set architecture: ${architecture}, or choose another cluster.ec2.instanceType`,
      reads: [["cluster", "ec2", "instanceType"]],
    });
  }
};

/** Graviton has a g behind the generation: t4g, m7gd, c6gn, im4gn. The first had a name of its own: a1. */
function architectureOf(instanceType: string): "X86_64" | "ARM64" {
  return /^(a1|[a-z]+\d+g[a-z]*)\./.test(instanceType) ? "ARM64" : "X86_64";
}
