/** Where a secret of a task is kept: what ECS reads when it starts the task. */
export type SecretReference =
  | {
      readonly kind: "secretsManagerArn";
      /** The secret alone, without ECS's suffix: what a role is allowed to read. */
      readonly secretArn: string;
      /** `valueFrom` of the container's secret: ECS wants all three fields behind the ARN, or none. */
      readonly valueFrom: string;
    }
  | {
      readonly kind: "secretsManagerName";
      readonly name: string;
      /** The key of the secret's JSON. Without it, the whole secret. */
      readonly jsonKey?: string;
    }
  | { readonly kind: "parameterArn"; readonly arn: string }
  | { readonly kind: "parameterName"; readonly name: string };

/** What a reference may be, for messages. */
export const allowedSecretReference =
  "an ARN or a name in Secrets Manager (name, name:jsonKey) or SSM (/path/name)";

const secretsManagerArn =
  /^(arn:aws[a-z-]*:secretsmanager:[a-z0-9-]+:\d{12}:secret:[A-Za-z0-9/_+=.@!-]+)(?::([^:\s]*)(?::([^:\s]*)(?::([^:\s]*))?)?)?$/;
const parameterArn = /^arn:aws[a-z-]*:ssm:[a-z0-9-]+:\d{12}:parameter(\/[A-Za-z0-9_.-]+)+$/;
const parameterName = /^(\/[A-Za-z0-9_.-]+)+$/;
const secretName = /^([A-Za-z0-9/_+=.@!-]{1,512})(?::([A-Za-z0-9_.@-]+))?$/;

/**
 * Reads a reference to a secret.
 * @throws Error where the text is none. The message never repeats the text: it may be the secret itself.
 */
export function parseSecretReference(text: string): SecretReference {
  const ofSecret = secretsManagerArn.exec(text);
  if (ofSecret) {
    const [, secretArn, ...fields] = ofSecret;
    const [jsonKey = "", versionStage = "", versionId = ""] = fields;
    const whole = jsonKey === "" && versionStage === "" && versionId === "";
    const valueFrom = whole ? secretArn : [secretArn, jsonKey, versionStage, versionId].join(":");
    return { kind: "secretsManagerArn", secretArn, valueFrom };
  }
  if (parameterArn.test(text)) {
    return { kind: "parameterArn", arn: text };
  }
  if (text.startsWith("/")) {
    if (text.length <= 1011 && parameterName.test(text)) {
      return { kind: "parameterName", name: text };
    }
    throw new Error("not the name of an SSM parameter: /path/name of letters, digits, _ . and -");
  }
  if (text.startsWith("arn:")) {
    throw new Error("an ARN of neither a Secrets Manager secret nor an SSM parameter");
  }
  const named = secretName.exec(text);
  if (!named || looksLikeValue(text)) {
    throw new Error("a value that is neither an ARN nor a name");
  }
  const [, name, jsonKey] = named;
  return { kind: "secretsManagerName", name, ...(jsonKey ? { jsonKey } : {}) };
}

const tokenBeginnings =
  /^(AKIA|ASIA|ghp_|gho_|ghs_|github_pat_|glpat-|sk-|sk_live_|sk_test_|rk_live_|xox[abp]-|eyJ|SG\.|AIza|npm_|pul-)/;

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Whether a text that could be a name is more probably the secret itself. */
function looksLikeValue(text: string): boolean {
  if (tokenBeginnings.test(text) || uuid.test(text) || text.endsWith("=")) return true;
  if (/[/_.-]/.test(text.slice(1, -1))) return false;
  const mixed = /\d/.test(text) && /[a-z]/.test(text) && /[A-Z]/.test(text);
  return mixed || (text.length >= 20 && /\d/.test(text)) || /[+!=@]/.test(text);
}

/** The AWS service that keeps what a reference names. */
export function secretStore(text: string): "secretsManager" | "parameterStore" {
  const { kind } = parseSecretReference(text);
  return kind === "secretsManagerArn" || kind === "secretsManagerName"
    ? "secretsManager"
    : "parameterStore";
}
