import type { Check } from "./check";
import { accountCheck } from "./checks/account";
import { servicesCheck } from "./checks/services";
import { toolsCheck } from "./checks/tools";
import type { CheckName } from "./names";

/** Every check by its name. */
export const checks: Readonly<Record<CheckName, Check>> = {
  account: accountCheck,
  services: servicesCheck,
  tools: toolsCheck,
};
