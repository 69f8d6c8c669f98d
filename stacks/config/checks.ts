import { checkAudit } from "./audit";
import { checkAlarms } from "./checks/alarms";
import { checkApproval } from "./checks/approval";
import { checkCallerRules } from "./checks/callerRules";
import { checkCalls } from "./checks/calls";
import { checkCertificate } from "./checks/certificate";
import { checkCluster } from "./checks/cluster";
import { checkCodePipeline } from "./checks/codePipeline";
import { checkContainers } from "./checks/containers";
import { checkDeployment } from "./checks/deployment";
import { checkEgress } from "./checks/egress";
import { checkEncryptionKey } from "./encryptionKey";
import { checkExistingLoadBalancer } from "./checks/existingLoadBalancer";
import { checkHostNetwork } from "./checks/hostNetwork";
import { checkImageOf } from "./checks/imageOf";
import { checkInstances } from "./checks/instances";
import { checkIpv6 } from "./checks/ipv6";
import { checkJobs } from "./checks/jobs";
import { checkLoadBalancer } from "./checks/loadBalancer";
import { checkMessages } from "./checks/messages";
import { checkNames } from "./checks/names";
import { checkNetwork } from "./checks/network";
import { checkObservability } from "./observability";
import { checkPermissions } from "./checks/permissions";
import { checkPipeline } from "./checks/pipeline";
import { checkPlainSecrets } from "./checks/plainSecrets";
import { checkPosture } from "./checks/posture";
import { checkProtocols } from "./checks/protocols";
import { checkDrift } from "./checks/drift";
import { checkPullRequests } from "./checks/pullRequests";
import { checkRoutes } from "./checks/routes";
import { checkRules } from "./checks/rules";
import { checkScaling } from "./checks/scaling";
import { checkSecretPlaces } from "./checks/secretPlaces";
import { checkServices } from "./checks/services";
import { checkSizes } from "./checks/sizes";
import { checkSpot } from "./checks/spot";
import { checkTaskResources } from "./checks/taskResources";
import { checkVerification } from "./checks/verification";
import { checkVerifyUrls } from "./checks/verifyUrls";
import { checkVolumes } from "./checks/volumes";
import { checkWaf } from "./checks/waf";
import { checkWritablePaths } from "./checks/writablePaths";
import { checkServiceUrls } from "./checks/serviceUrls";
import { checkZones } from "./checks/zones";
import { checkTimes } from "./checks/times";
import { checkUses } from "./checks/uses";
import type { Path } from "./path";
import type { EnvironmentConfig } from "./types";

/** What a check of several values has to say; where `reads` are faulty themselves, it is not said. */
export interface Report {
  (fault: {
    path: Path;
    /** Without it, what stands at the path. */
    given?: string;
    allowed: string;
    fix: string;
    /** The key of `posture.relaxed` that says a danger aloud. */
    sayable?: string;
    reads?: readonly Path[];
    /** Whether it is not said either where anything inside the path is faulty. */
    whole?: boolean;
  }): void;
}

/** @param now undefined where the day does not count. */
export type Check = (config: EnvironmentConfig, report: Report, now: Date | undefined) => void;

/** What no value is wrong in alone: each check looks at values that must agree. */
export const checks: readonly Check[] = [
  checkNames,
  checkNetwork,
  checkZones,
  checkEncryptionKey,
  checkCluster,
  checkInstances,
  checkHostNetwork,
  checkLoadBalancer,
  checkExistingLoadBalancer,
  checkIpv6,
  checkWaf,
  checkCertificate,
  checkServices,
  checkScaling,
  checkDeployment,
  checkAudit,
  checkAlarms,
  checkObservability,
  checkJobs,
  checkMessages,
  checkTaskResources,
  checkSpot,
  checkVolumes,
  checkContainers,
  checkWritablePaths,
  checkImageOf,
  checkEgress,
  checkCalls,
  checkPermissions,
  checkPlainSecrets,
  checkSecretPlaces,
  checkSizes,
  checkRoutes,
  checkRules,
  checkCallerRules,
  checkProtocols,
  checkVerifyUrls,
  checkServiceUrls,
  checkPipeline,
  checkApproval,
  checkPullRequests,
  checkDrift,
  checkTimes,
  checkUses,
  checkCodePipeline,
  checkVerification,
  checkPosture,
];
