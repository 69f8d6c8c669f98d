import type * as pulumi from "@pulumi/pulumi";
import type { Fault } from "../shared/validation";
import { allowedSecretReference, parseSecretReference } from "./secretReference";

/** What is wrong with references to secrets by variable. */
export function secretFaults(
  path: string,
  secrets: Readonly<Record<string, pulumi.Input<string>>> = {},
): Fault[] {
  return Object.entries(secrets).flatMap(([variable, text]) => {
    // Whether an output is an ARN is known with its value.
    if (typeof text !== "string") return [];
    try {
      parseSecretReference(text);
      return [];
    } catch (error) {
      return [
        {
          path: `${path}.${variable}`,
          // Never the text, which may be the secret itself.
          given: error instanceof Error ? error.message : "a text",
          allowed: allowedSecretReference,
          fix: "put the value into Secrets Manager or SSM and name it here",
        },
      ];
    }
  });
}
