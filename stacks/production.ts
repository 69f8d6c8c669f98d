import type { StackDefaults } from "./config/defaults";

/**
 * What production is where its config says nothing: it survives the loss of a zone, keeps its data
 * against a mistaken `destroy`, waits for a person before it deploys, and leads requests to new tasks
 * once they are verified. Its network differs from staging's, so that the two can be peered.
 */
export const production: StackDefaults = {
  network: { cidr: "10.20.0.0/16", zones: 3, nat: "perZone" },
  cluster: { containerInsights: "enhanced" },
  logs: { retentionDays: 365 },
  registry: { keepReleases: 50 },
  protection: true,
  alarms: true,
  dashboard: true,
  cache: { backupDays: 1 },
  database: { standby: true },
  service: {
    ...{ cpu: 512, memoryMiB: 1024, exec: false, scaling: { min: 2, max: 10 } },
    strategy: "blueGreen",
  },
  pipeline: { approval: true, alarms: true },
  drift: true,
};
