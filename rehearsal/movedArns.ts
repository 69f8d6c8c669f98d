import { isPair, isScalar, visit, type Document } from "yaml";
import { parseSecretReference } from "../components/service/secretReference";

/** Whose keys the emulator's own are. */
export const emulatedAccount = "123456789012";

/** What must be of the stack's own region, and mostly of its account. */
const placed = /^(arn:aws[a-z-]*:(?:ssm|acm|secretsmanager)):([a-z0-9-]+):\d{12}(?=:)/;

const secretArn =
  /^arn:aws[a-z-]*:secretsmanager:[^:]+:\d{12}:secret:(.+)-[A-Za-z0-9]{6}(?::|$)([^:]*)/;

/**
 * The reference by name of a secret that an ARN names: the last six characters of an ARN are chosen anew wherever a secret is
 * made. Anything else stays what it is.
 */
export function byName(reference: string): string {
  const [, name, jsonKey] = secretArn.exec(reference) ?? [];
  if (name === undefined) return reference;
  const named = jsonKey ? `${name}:${jsonKey}` : name;
  try {
    return parseSecretReference(named).kind === "secretsManagerName" ? named : reference;
  } catch {
    return reference;
  }
}

/**
 * Makes the ARNs of a stack's file those of the emulator's account, and of a region where one is given; secrets of Secrets
 * Manager go by their names.
 */
export function moveArns(document: Document.Parsed, region: unknown): void {
  visit(document, {
    Scalar: (_, node, path) => {
      if (typeof node.value !== "string" || !placed.test(node.value)) return;
      const isSecret = path.some(
        (each) => isPair(each) && isScalar(each.key) && each.key.value === "secrets",
      );
      const text = isSecret ? byName(node.value) : node.value;
      node.value = text.replace(placed, (_whole, service: string, place: string) =>
        [service, typeof region === "string" ? region : place, emulatedAccount].join(":"),
      );
    },
  });
}
