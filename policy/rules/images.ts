import { when, type Rule } from "../rule";
import { at, isAbsent, isOff, isOn, notKnown, numberOf, textOf } from "../values";

const repositories = ["aws:ecr/repository:Repository"];
const logGroups = ["aws:cloudwatch/logGroup:LogGroup"];

export const imageRules: readonly Rule[] = [
  {
    name: "ecr-scan-on-push",
    severity: "high",
    because:
      "An image that is not scanned comes to production with what the world knows to be broken.",
    fix: "set imageScanningConfiguration.scanOnPush to true, or add an aws.ecr.RegistryScanningConfiguration",
    types: repositories,
    checkInStack: ({ properties }, stack) =>
      when(
        isOff(at(properties, "imageScanningConfiguration", "scanOnPush")) &&
          stack.all(["aws:ecr/registryScanningConfiguration:RegistryScanningConfiguration"])
            .length === 0,
        "images are not scanned when they are pushed",
      ),
  },
  {
    name: "ecr-immutable-tags",
    severity: "high",
    because: "A tag that can be pushed again makes what runs another thing than what was tested.",
    fix: "set imageTagMutability to IMMUTABLE, or to IMMUTABLE_WITH_EXCLUSION for single tags",
    types: repositories,
    check: ({ properties: { imageTagMutability: is } }) =>
      when(is !== notKnown && !/^IMMUTABLE/.test(textOf(is) ?? ""), "tags can be pushed again"),
  },
  {
    name: "ecr-key",
    severity: "low",
    because: "With a key of one's own, who reads images is decided and logged by KMS, too.",
    fix: "set encryptionConfigurations to [{ encryptionType: KMS, kmsKey }]; it replaces the repository",
    types: repositories,
    check: ({ properties }) => {
      const type = at(properties, "encryptionConfigurations", 0, "encryptionType");
      return when(type !== notKnown && !/^KMS/.test(textOf(type) ?? ""), "no key of KMS is named");
    },
  },
  {
    name: "ecr-lifecycle",
    severity: "low",
    because: "Images that nobody needs are paid for until somebody deletes them.",
    fix: "add an aws.ecr.LifecyclePolicy of the repository",
    types: repositories,
    checkInStack: (repository, stack) => {
      const policies = ["aws:ecr/lifecyclePolicy:LifecyclePolicy"];
      return when(
        stack.about(repository, policies, "repository", ["name"]).length === 0 &&
          !stack.mayBeAbout(repository, policies, "repository"),
        "no lifecycle policy is about the repository",
      );
    },
  },
  {
    name: "ecr-force-delete",
    severity: "high",
    because: "With forceDelete every image goes with its repository, those of a rollback, too.",
    fix: "leave forceDelete out",
    inProduction: true,
    types: repositories,
    check: ({ properties }) => when(isOn(properties.forceDelete), "forceDelete is on"),
  },
  {
    name: "logs-retention",
    severity: "high",
    because:
      "A log group without retention keeps everything for ever, personal data, too, and is paid for.",
    fix: "set retentionInDays",
    types: logGroups,
    check: ({ properties: { retentionInDays: days, logGroupClass } }) =>
      // Of this class CloudWatch keeps logs for two days, and takes no other number.
      when(
        logGroupClass !== "DELIVERY" && (isAbsent(days) || numberOf(days) === 0),
        "logs are kept for ever",
      ),
  },
  {
    name: "logs-key",
    severity: "low",
    because: "With a key of one's own, who reads logs is decided and logged by KMS, too.",
    fix: "set kmsKeyId to a key whose policy lets logs.<region>.amazonaws.com use it",
    types: logGroups,
    check: ({ properties }) => when(isAbsent(properties.kmsKeyId), "no key of KMS is named"),
  },
];
