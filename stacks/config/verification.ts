import type { EnvironmentConfig } from "./types";

/**
 * Whether Verify must come from addresses that are let in: CodeBuild's own are shared by all accounts, and a load balancer
 * that is not open to the world refuses them. It runs inside the VPC then.
 */
export function verifiesInside({
  pipeline,
  loadBalancer,
  services,
}: Pick<EnvironmentConfig, "pipeline" | "loadBalancer" | "services">): boolean {
  return (
    pipeline !== undefined &&
    !loadBalancer.allowedCidrs.includes("0.0.0.0/0") &&
    Object.values(services).some(
      (service) => service.kind === "web" && service.verify !== undefined,
    )
  );
}
