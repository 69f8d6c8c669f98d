import { choice, section } from "./fields";

/** From the worst; NONE lets everything pass. */
export const scanSeverities = ["CRITICAL", "HIGH", "MEDIUM", "LOW", "NONE"] as const;

/** What the scan of one service's images may find, where that differs from the pipeline's `scan`. */
export function serviceScanSchema() {
  return section({
    /** The least severity that stops a release of it. Default: the pipeline's `scan.severity`. */
    severity: choice(scanSeverities).optional(),
    /** What happens to an image that ECR has no scan for, such as one `FROM scratch`. Default: `stop`. */
    unsupported: choice(["stop", "pass"]).default("stop"),
  });
}
