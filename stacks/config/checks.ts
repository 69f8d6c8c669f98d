import { checkCluster } from "./checks/cluster";
import { checkLoadBalancer } from "./checks/loadBalancer";
import { checkNames } from "./checks/names";
import { checkNetwork } from "./checks/network";
import { checkPipeline } from "./checks/pipeline";
import { checkRoutes } from "./checks/routes";
import { checkServices } from "./checks/services";
import type { Path } from "./path";
import type { EnvironmentConfig } from "./types";

/** What a check of several values has to say; where `reads` are faulty themselves, it is not said. */
export interface Report {
  (fault: {
    path: Path;
    /** Without it, what stands at the path. */
    given?: string;
    allowed: string;
    mend: string;
    reads?: readonly Path[];
    /** Whether it is not said either where anything inside the path is faulty. */
    whole?: boolean;
  }): void;
}

export type Check = (config: EnvironmentConfig, report: Report) => void;

/** What no value is wrong in alone: each check looks at values that must agree. */
export const checks: readonly Check[] = [
  checkNames,
  checkNetwork,
  checkCluster,
  checkLoadBalancer,
  checkServices,
  checkRoutes,
  checkPipeline,
];
