import { z } from "zod";

/** The first 8 characters of the commit, and the build number. */
const idPattern = /^[0-9a-f]{8}-[0-9]+$/;
export const exampleId = "3f9c2a1b-17";

/** Whether a text could be the id of a release. */
export function isReleaseId(text: string): boolean {
  return idPattern.test(text);
}

const imageSchema = z.strictObject({
  /** The repository, without tag or digest. */
  uri: z.string().regex(/^[a-z0-9][a-z0-9._:/-]*$/, "a repository, without tag or digest"),
  tag: z.string().regex(/^[A-Za-z0-9_][A-Za-z0-9._-]{0,127}$/, "an image tag"),
  digest: z.string().regex(/^sha256:[0-9a-f]{64}$/, "sha256: and 64 hexadecimal digits"),
  /** What it was built for: its tasks run on that, whatever config says by now. Default: what config says. */
  architecture: z.enum(["X86_64", "ARM64"]).optional(),
});

const releaseSchema = z.strictObject({
  id: z.string().regex(idPattern, `such as ${exampleId}`),
  commit: z.string().regex(/^[0-9a-f]{40}$/, "a full commit, 40 hexadecimal digits"),
  createdAt: z.iso.datetime({ error: "a time in UTC, such as 2026-01-31T12:00:00Z" }),
  /** By service. */
  images: z.record(z.string(), imageSchema),
});

/** The set of image digests built from one commit. */
export type Release = Readonly<z.infer<typeof releaseSchema>>;
export type ReleaseImage = Readonly<z.infer<typeof imageSchema>>;

/**
 * A release manifest that cannot be trusted. Pulumi prints its message without a stack trace: it bears the mark by which
 * `RunError.isInstance` knows one, since loading Pulumi for a class would cost every command half a second.
 */
export class ReleaseError extends Error {
  override readonly name = "ReleaseError";
  readonly __pulumiRunError = true;
}

/**
 * Reads a release manifest.
 * @param origin where the text came from, for the error.
 * @throws ReleaseError naming the origin and every fault.
 */
export function parseRelease(text: string, origin: string): Release {
  let given: unknown;
  try {
    given = JSON.parse(text);
  } catch {
    throw unreadable(origin, [`it is not JSON: ${JSON.stringify(text.slice(0, 60))}`]);
  }
  const parsed = releaseSchema.safeParse(given);
  if (!parsed.success) {
    throw unreadable(
      origin,
      parsed.error.issues.map(({ path, message }) => `${path.join(".") || "it"}: ${message}`),
    );
  }
  const { id, commit } = parsed.data;
  if (!commit.startsWith(id.slice(0, 8))) {
    throw unreadable(origin, [`id: ${id} does not begin as the commit ${commit} does`]);
  }
  return parsed.data;
}

function unreadable(origin: string, faults: readonly string[]): ReleaseError {
  return new ReleaseError(
    `${origin} is malformed; nothing was changed:\n` +
      faults.map((fault) => `  ${fault}\n`).join("") +
      "A release names id, commit, createdAt and, for each service, an image with uri, tag and digest.\n" +
      "Put back the manifest of the last good release.",
  );
}
