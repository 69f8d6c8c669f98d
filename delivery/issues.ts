import type { z } from "zod";

/** What is wrong with a file, one line each: `services.web.passed: Invalid input`. */
export function describeIssues(error: z.ZodError): string[] {
  return error.issues.map(({ path, message }) => `${path.join(".") || "it"}: ${message}`);
}
