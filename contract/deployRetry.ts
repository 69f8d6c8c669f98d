import type { DeploymentWindows } from "./deploymentWindows";

/**
 * Whether Deploy refuses what a pipeline then tries again by itself: where gates open at a time that is known, and where a newer release
 * has to wait until an older one is concluded that people have approved.
 */
export function triesAgain({
  windows,
  soakMinutes,
  approval,
  source,
}: {
  readonly windows?: DeploymentWindows;
  readonly soakMinutes: number;
  readonly approval: boolean | "afterVerification";
  readonly source?: unknown;
}): boolean {
  const isConcludedLater = approval === "afterVerification" && source === undefined;
  return windows !== undefined || soakMinutes > 0 || isConcludedLater;
}
