/** The field of the stream by which objects are put into folders, and that of the table. */
export const partitionKey = "log_group";

/**
 * The folder of a log group: its name with dots for slashes, `gantry.shop.staging.services.web`. What is no log, as the message by which
 * CloudWatch Logs tries a new subscription, which names no group, is in `control`. In jq 1.6, which Firehose runs; {@link folderOf}
 * says the same.
 */
export const partitionQuery =
  `{${partitionKey}:(if .messageType=="DATA_MESSAGE" then ` +
  `(.logGroup|ltrimstr("/")|split("/")|join(".")) else "control" end)}`;

/** The folder of a log group, by its name. */
export function folderOf(logGroupName: string): string {
  return logGroupName.replace(/^\//, "").replaceAll("/", ".");
}
