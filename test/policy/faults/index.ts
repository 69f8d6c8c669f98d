import { buildFaults } from "./builds";
import { databaseFaults } from "./databases";
import { identityFaults } from "./identities";
import { imageFaults } from "./images";
import { keyFaults } from "./keys";
import { loadBalancingFaults } from "./loadBalancing";
import { networkFaults } from "./network";
import { storageFaults } from "./storage";
import { taskFaults } from "./tasks";
import type { Fault } from "./fault";

export const faults: readonly Fault[] = [
  ...storageFaults,
  ...databaseFaults,
  ...imageFaults,
  ...networkFaults,
  ...identityFaults,
  ...keyFaults,
  ...loadBalancingFaults,
  ...taskFaults,
  ...buildFaults,
];
