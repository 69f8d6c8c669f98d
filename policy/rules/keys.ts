import { secretInVariable } from "../../stacks/config/secretValues";
import { when, type Rule } from "../rule";
import { isAbsent, isOff, notKnown, numberOf, textOf } from "../values";

const keys = ["aws:kms/key:Key"];
const trails = ["aws:cloudtrail/trail:Trail"];

export const keyRules: readonly Rule[] = [
  {
    name: "kms-rotation",
    severity: "high",
    because: "A key that is never rotated encrypts everything that there ever was.",
    fix: "set enableKeyRotation to true: KMS keeps the older material for what it has encrypted",
    types: keys,
    check: ({ properties }) => {
      const { enableKeyRotation, keyUsage, customerMasterKeySpec, customKeyStoreId } = properties;
      // Only of symmetric keys whose material KMS makes.
      const canRotate =
        (isAbsent(keyUsage) || keyUsage === "ENCRYPT_DECRYPT") &&
        (isAbsent(customerMasterKeySpec) || customerMasterKeySpec === "SYMMETRIC_DEFAULT") &&
        isAbsent(customKeyStoreId);
      return when(canRotate && isOff(enableKeyRotation), "the key is not rotated");
    },
  },
  {
    name: "kms-deletion-window",
    severity: "medium",
    because:
      "When a key is gone, so is what it has encrypted; until then a deletion can be taken back.",
    fix: "leave deletionWindowInDays out (30 days)",
    inProduction: true,
    types: keys,
    check: ({ properties: { deletionWindowInDays: days } }) =>
      when(
        (numberOf(days) ?? 30) < 14,
        `a deletion can be taken back for ${numberOf(days)} days alone`,
      ),
  },
  {
    name: "secrets-recovery",
    severity: "high",
    because: "A secret without a recovery window is gone at once, and with it what it opens.",
    fix: "leave recoveryWindowInDays out (30 days)",
    inProduction: true,
    types: ["aws:secretsmanager/secret:Secret"],
    check: ({ properties }) =>
      when(numberOf(properties.recoveryWindowInDays) === 0, "recoveryWindowInDays is 0"),
  },
  {
    name: "ssm-plain-secrets",
    severity: "high",
    because:
      "A parameter of type String is read by whoever may list parameters, and is not encrypted.",
    fix: "set type to SecureString, or use Secrets Manager",
    types: ["aws:ssm/parameter:Parameter"],
    check: ({ name, properties }) => {
      if (properties.type === "SecureString" || properties.type === notKnown) return [];
      const last = (textOf(properties.name) ?? name).split("/").at(-1) ?? "";
      const kind = secretInVariable(last.replace(/[-.]/g, "_"), textOf(properties.value) ?? "");
      return when(kind !== undefined, `the value looks like ${kind}`);
    },
  },
  {
    name: "cloudtrail-logging",
    severity: "high",
    because: "A trail that is off, or can be changed unnoticed, proves nothing.",
    fix: "leave enableLogging out, and set enableLogFileValidation to true",
    types: trails,
    check: ({ properties: { enableLogging, enableLogFileValidation } }) => [
      ...when(enableLogging === false, "enableLogging is false"),
      ...when(isOff(enableLogFileValidation), "log files are not signed"),
    ],
  },
  {
    name: "cloudtrail-regions",
    severity: "medium",
    because: "What somebody does in a region that nobody uses is what nobody should miss.",
    fix: "set isMultiRegionTrail to true",
    types: trails,
    check: ({ properties }) => when(isOff(properties.isMultiRegionTrail), "it records one region"),
  },
  {
    name: "cloudtrail-key",
    severity: "low",
    because: "With a key of one's own, who reads the trail is decided and logged by KMS, too.",
    fix: "set kmsKeyId",
    types: trails,
    check: ({ properties }) => when(isAbsent(properties.kmsKeyId), "no key of KMS is named"),
  },
];
