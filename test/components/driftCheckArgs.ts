import type { DriftCheckArgs } from "../../components";

/** Of a stack with its state in a bucket. */
export function driftCheck(more: Partial<DriftCheckArgs> = {}): DriftCheckArgs {
  return {
    ofAccount: "arn:aws:ecs:eu-west-1:123456789012:cluster/shop--staging",
    stack: "staging",
    prefix: "shop--staging",
    projectName: "shop--staging--drift",
    buildspec: "version: 0.2\nphases: { build: { commands: [node drift.js] } }",
    bundle: {
      url: "s3://shop-artifacts/bundles/1.js",
      variable: "BUNDLE",
      objectsArn: "arn:aws:s3:::shop-artifacts/bundles/*",
      keyArn: "arn:aws:kms:eu-west-1:123456789012:key/1",
    },
    state: {
      backendUrl: "s3://acme-pulumi-state",
      project: "shop",
      passphraseSecret: "gantry/shop/staging/passphrase",
    },
    parts: [],
    schedule: { expression: "rate(1 day)" },
    ledger: { tableName: "shop--staging--deployments", partition: "drift" },
    metricNamespace: "Gantry/Drift",
    ...more,
  };
}
