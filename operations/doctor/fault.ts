import type { PreflightFault } from "../../delivery/preflight/fault";
import type { Finding } from "./check";

/** What the preflight of a release would refuse: the next one is. */
export function findingOf({ where, fault, fix }: PreflightFault): Finding {
  const command = /^(?:aws|npx gantry|gantry|pulumi) \S+/.test(fix) ? fix : undefined;
  return {
    ...{ severity: "error", where, what: fault },
    ...(command === undefined ? { fix } : { fix: "run this", command }),
  };
}
