import * as aws from "@pulumi/aws";
import { keyArn, type Fault } from "./fault";

function withLifecycle(name: string) {
  const repository = new aws.ecr.Repository(name);
  const policy = '{"rules":[]}';
  new aws.ecr.LifecyclePolicy(`${name}-lifecycle`, { repository: repository.name, policy });
  return repository;
}

export const imageFaults: readonly Fault[] = [
  {
    rule: "ecr-scan-on-push",
    says: /not scanned/,
    wrong: (name) => new aws.ecr.Repository(name),
    right: (name) =>
      new aws.ecr.Repository(name, { imageScanningConfiguration: { scanOnPush: true } }),
  },
  {
    rule: "ecr-scan-on-push",
    says: /not scanned/,
    wrong: (name) =>
      new aws.ecr.Repository(name, { imageScanningConfiguration: { scanOnPush: false } }),
    // Scanned by a rule of the registry.
    right: (name) => {
      new aws.ecr.RegistryScanningConfiguration(`${name}-scans`, { scanType: "ENHANCED" });
      return new aws.ecr.Repository(name);
    },
  },
  {
    rule: "ecr-immutable-tags",
    says: /pushed again/,
    wrong: (name) => new aws.ecr.Repository(name, { imageTagMutability: "MUTABLE" }),
    right: (name) => new aws.ecr.Repository(name, { imageTagMutability: "IMMUTABLE" }),
  },
  {
    rule: "ecr-key",
    says: /no key of KMS/,
    wrong: (name) => new aws.ecr.Repository(name),
    right: (name) =>
      new aws.ecr.Repository(name, {
        encryptionConfigurations: [{ encryptionType: "KMS", kmsKey: keyArn }],
      }),
  },
  {
    rule: "ecr-lifecycle",
    says: /no lifecycle policy/,
    wrong: (name) => new aws.ecr.Repository(name),
    right: withLifecycle,
  },
  {
    rule: "ecr-force-delete",
    says: /forceDelete is on/,
    wrong: (name) => new aws.ecr.Repository(name, { forceDelete: true }),
    right: (name) => new aws.ecr.Repository(name),
  },
  {
    rule: "logs-retention",
    says: /kept for ever/,
    wrong: (name) => new aws.cloudwatch.LogGroup(name),
    right: (name) => new aws.cloudwatch.LogGroup(name, { retentionInDays: 30 }),
  },
  {
    rule: "logs-retention",
    says: /kept for ever/,
    wrong: (name) => new aws.cloudwatch.LogGroup(name, { retentionInDays: 0 }),
    right: (name) => new aws.cloudwatch.LogGroup(name, { retentionInDays: 365 }),
  },
  {
    rule: "logs-key",
    says: /no key of KMS/,
    wrong: (name) => new aws.cloudwatch.LogGroup(name),
    right: (name) => new aws.cloudwatch.LogGroup(name, { kmsKeyId: keyArn }),
  },
];
