import type { DriftCheckArgs } from "../../components";
import { fetched } from "./pullRequestRoleArgs";

/** Of a stack with its state in a bucket. */
export function driftCheck(more: Partial<DriftCheckArgs> = {}): DriftCheckArgs {
  return {
    ofAccount: "arn:aws:ecs:eu-west-1:123456789012:cluster/shop--staging",
    stack: "staging",
    prefix: "shop--staging",
    projectName: "shop--staging--drift",
    buildspec: "version: 0.2\nphases: { build: { commands: [node drift.js] } }",
    ...fetched,
    parts: [],
    schedule: { expression: "rate(1 day)" },
    ledger: { tableName: "shop--staging--deployments", partition: "drift" },
    metricNamespace: "Gantry/Drift",
    ...more,
  };
}
