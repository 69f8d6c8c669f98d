import { inspect } from "node:util";
import { DeliveryError } from "../delivery/errors";
import { ImportError } from "../importers/importError";
import { withoutSecrets } from "../stacks/config/secretValues";

/**
 * What a person reads when a command failed: of a refusal its message and details, of AWS what it said, of Pulumi's and
 * of config errors the message. Only a defect is shown with its trace. What looks like a secret is three stars: programs say it of
 * addresses that they could not reach.
 */
export function describeError(error: unknown): string {
  return withoutSecrets(textOf(error));
}

function textOf(error: unknown): string {
  if (error instanceof DeliveryError) {
    return [`gantry: ${error.message}`, ...error.details.map((line) => `  ${line}`)].join("\n");
  }
  if (error instanceof ImportError) return `gantry: ${error.message}`;
  if (!(error instanceof Error)) return `gantry: ${inspect(error)}`;
  if (isForPeople(error)) return `gantry: ${error.message}`;
  if (isOfAws(error)) {
    const { requestId, httpStatusCode } = error.$metadata;
    if (error.name === "TimeoutError" || (httpStatusCode === undefined && "syscall" in error)) {
      return (
        `gantry: AWS does not answer: ${error.message}\n` +
        "  Check the network, AWS_REGION and AWS_ENDPOINT_URL where they are set, and https://health.aws.amazon.com; " +
        "then run the same again"
      );
    }
    const request = requestId ? ` (request ${requestId})` : "";
    return `gantry: AWS refused: ${error.name}: ${error.message}${request}`;
  }
  if (error.name === "CredentialsProviderError") {
    const profile = process.env.AWS_PROFILE;
    return (
      `gantry: no AWS credentials were found: ${error.message}\n` +
      (profile
        ? `  AWS_PROFILE is ${profile}: name one that there is, or sign in to it: aws sso login --profile ${profile}`
        : "  Set AWS_PROFILE, or sign in: aws sso login")
    );
  }
  return `gantry: this is a defect, please report it:\n${error.stack ?? inspect(error)}`;
}

/** Pulumi's RunError, which config and release errors are: known by its mark, since importing Pulumi takes long. */
function isForPeople(error: Error): boolean {
  return "__pulumiRunError" in error;
}

interface AwsError extends Error {
  readonly $metadata: { readonly requestId?: string; readonly httpStatusCode?: number };
}

function isOfAws(error: Error): error is AwsError {
  return "$metadata" in error && typeof error.$metadata === "object" && error.$metadata !== null;
}
