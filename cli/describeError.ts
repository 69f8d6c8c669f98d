import { inspect } from "node:util";
import { DeliveryError } from "../delivery/errors";

/**
 * What a person reads when a command failed: of a refusal its message and details, of AWS what it said, of Pulumi's and
 * of config errors the message. Only a defect is shown with its trace.
 */
export function describeError(error: unknown): string {
  if (error instanceof DeliveryError) {
    return [`gantry: ${error.message}`, ...error.details.map((line) => `  ${line}`)].join("\n");
  }
  if (!(error instanceof Error)) return `gantry: ${inspect(error)}`;
  if (isForPeople(error)) return `gantry: ${error.message}`;
  if (isOfAws(error)) {
    const { requestId } = error.$metadata;
    const request = requestId ? ` (request ${requestId})` : "";
    return `gantry: AWS refused: ${error.name}: ${error.message}${request}`;
  }
  if (error.name === "CredentialsProviderError") {
    return (
      `gantry: no AWS credentials were found: ${error.message}\n` +
      "  Set AWS_PROFILE, or sign in: aws sso login"
    );
  }
  return `gantry: this is a defect, please report it:\n${error.stack ?? inspect(error)}`;
}

/** Pulumi's RunError, which config and release errors are: known by its mark, since importing Pulumi takes long. */
function isForPeople(error: Error): boolean {
  return "__pulumiRunError" in error;
}

function isOfAws(error: Error): error is Error & { $metadata: { requestId?: string } } {
  return "$metadata" in error && typeof error.$metadata === "object" && error.$metadata !== null;
}
