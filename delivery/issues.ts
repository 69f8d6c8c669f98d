import type { z } from "zod";

/** What is wrong with a file, one line each: `services.web.passed: Invalid input`. */
export function describeIssues(error: z.ZodError): string[] {
  return error.issues.map(({ path, message }) => `${path.join(".") || "it"}: ${message}`);
}

/** What a JSON text says; undefined, which no schema takes, where it is none. */
export function asJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
