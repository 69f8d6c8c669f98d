import type { StackDefaults } from "./config/defaults";

/**
 * What staging is where its config says nothing: small, cheap, quick to tear down, and open to
 * sessions in its tasks. A stack of `gantry:kind: staging` starts from here.
 */
export const staging: StackDefaults = {
  network: { cidr: "10.10.0.0/16", zones: 2, nat: "single" },
  cluster: { containerInsights: "disabled" },
  logs: { retentionDays: 14 },
  registry: { keepReleases: 20 },
  protection: false,
  alarms: false,
  dashboard: false,
  cache: { backupDays: 0 },
  database: { standby: false },
  service: {
    ...{ cpu: 256, memoryMiB: 512, exec: true, scaling: { min: 1, max: 2 } },
    strategy: "rolling",
  },
  pipeline: { approval: false, alarms: false },
  drift: false,
};
