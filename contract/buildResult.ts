import { z } from "zod";

const buildResultSchema = z.strictObject({
  service: z.string(),
  /** The commit that was built, which need not be the one that the image was first made of. */
  commit: z.string().regex(/^[0-9a-f]{40}$/, "a full commit, 40 hexadecimal digits"),
  tag: z.string().regex(/^[A-Za-z0-9_][A-Za-z0-9._-]{0,127}$/, "an image tag"),
  digest: z.string().regex(/^sha256:[0-9a-f]{64}$/, "sha256: and 64 hexadecimal digits"),
  /** What came of the tests, such as `passed in 12 s`. */
  tests: z.string(),
});

/** What the build of a service leaves for the release of the same execution. */
export type BuildResult = Readonly<z.infer<typeof buildResultSchema>>;

/** Key of a service's result below the place of all results. A retried build replaces its own. */
export function buildResultKey(execution: string, service: string): string {
  return `${execution}/${service}.json`;
}

/** Reads a result; answers what is wrong with it where it is none. */
export function parseBuildResult(text: string): BuildResult | readonly string[] {
  let given: unknown;
  try {
    given = JSON.parse(text);
  } catch {
    return ["it is not JSON"];
  }
  const parsed = buildResultSchema.safeParse(given);
  if (parsed.success) return parsed.data;
  return parsed.error.issues.map(({ path, message }) => `${path.join(".") || "it"}: ${message}`);
}
