import type { Check } from "./check";
import { accountCheck } from "./checks/account";
import { addressesCheck } from "./checks/addresses";
import { alarmsCheck } from "./checks/alarms";
import { certificatesCheck } from "./checks/certificates";
import { connectionCheck } from "./checks/connection";
import { dnsCheck } from "./checks/dns";
import { imagesCheck } from "./checks/images";
import { keysCheck } from "./checks/keys";
import { parityCheck } from "./checks/parity";
import { pipelineCheck } from "./checks/pipeline";
import { quotasCheck } from "./checks/quotas";
import { releasesCheck } from "./checks/releases";
import { secretsCheck } from "./checks/secrets";
import { servicesCheck } from "./checks/services";
import { toolsCheck } from "./checks/tools";
import type { CheckName } from "./names";

/** Every check by its name. */
export const checks: Readonly<Record<CheckName, Check>> = {
  account: accountCheck,
  services: servicesCheck,
  secrets: secretsCheck,
  keys: keysCheck,
  images: imagesCheck,
  certificates: certificatesCheck,
  dns: dnsCheck,
  connection: connectionCheck,
  pipeline: pipelineCheck,
  releases: releasesCheck,
  alarms: alarmsCheck,
  quotas: quotasCheck,
  addresses: addressesCheck,
  parity: parityCheck,
  tools: toolsCheck,
};
