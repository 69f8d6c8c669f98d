import { isRecord } from "../../contract/record";
import { asJson } from "../../delivery/issues";

/** A policy that denies everything that does not come by TLS. @param region tells the partition. */
export function tlsOnlyPolicy(bucket: string, region: string): object {
  const arn = `arn:${partitionOf(region)}:s3:::${bucket}`;
  return {
    Version: "2012-10-17",
    Statement: [
      {
        Sid: "TlsOnly",
        Effect: "Deny",
        Principal: "*",
        Action: "s3:*",
        Resource: [arn, `${arn}/*`],
        Condition: { Bool: { "aws:SecureTransport": "false" } },
      },
    ],
  };
}

function partitionOf(region: string): string {
  if (region.startsWith("cn-")) return "aws-cn";
  return region.startsWith("us-gov-") ? "aws-us-gov" : "aws";
}

/** Whether a bucket's policy denies everybody all that does not come by TLS. */
export function isTlsOnly(policy: string): boolean {
  const document = asJson(policy);
  const statements = isRecord(document) ? listOf(document.Statement) : [];
  return statements.some(
    (statement) =>
      isRecord(statement) &&
      statement.Effect === "Deny" &&
      isEverybody(statement.Principal) &&
      listOf(statement.Action).some((action) => action === "s3:*" || action === "*") &&
      deniesPlain(statement.Condition),
  );
}

function isEverybody(principal: unknown): boolean {
  return principal === "*" || (isRecord(principal) && listOf(principal.AWS).includes("*"));
}

/** Names of condition keys are the same in small letters and in capitals. */
function deniesPlain(condition: unknown): boolean {
  if (!isRecord(condition) || Object.keys(condition).length !== 1) return false;
  const { Bool } = condition;
  if (!isRecord(Bool) || Object.keys(Bool).length !== 1) return false;
  const [[key, value]] = Object.entries(Bool);
  return key.toLowerCase() === "aws:securetransport" && listOf(value).map(String).includes("false");
}

function listOf(value: unknown): unknown[] {
  if (value === undefined) return [];
  return Array.isArray(value) ? value : [value];
}
