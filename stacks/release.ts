import { readFile } from "node:fs/promises";
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import type { EnvironmentNames } from "./names";

const imageSchema = z.strictObject({
  /** The repository, without tag or digest. */
  uri: z.string().regex(/^[a-z0-9][a-z0-9._:/-]*$/, "a repository, without tag or digest"),
  tag: z.string().regex(/^[A-Za-z0-9_][A-Za-z0-9._-]{0,127}$/, "an image tag"),
  digest: z.string().regex(/^sha256:[0-9a-f]{64}$/, "sha256: and 64 hexadecimal digits"),
});

const releaseSchema = z.strictObject({
  /** The first 8 characters of the commit, and the build number. */
  id: z.string().regex(/^[0-9a-f]{8}-[0-9]+$/, "such as 3f9c2a1b-17"),
  commit: z.string().regex(/^[0-9a-f]{40}$/, "a full commit, 40 hexadecimal digits"),
  createdAt: z.iso.datetime({ error: "a time in UTC, such as 2026-01-31T12:00:00Z" }),
  /** By service. */
  images: z.record(z.string(), imageSchema),
});

/** The set of image digests built from one commit. */
export type Release = Readonly<z.infer<typeof releaseSchema>>;
export type ReleaseImage = Readonly<z.infer<typeof imageSchema>>;

/** A release manifest that cannot be trusted. Pulumi prints its message without a stack trace. */
export class ReleaseError extends pulumi.RunError {}

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

/** The variable with which plan and deploy hand over their candidate: the path of a release manifest. */
export const candidateVariable = "GANTRY_RELEASE";

/**
 * The release that the environment shall run: the candidate that `GANTRY_RELEASE` names, else what the pointer says.
 * Undefined before the first release.
 * @throws ReleaseError when the manifest or the pointer is malformed.
 */
export async function readRelease(names: EnvironmentNames): Promise<Release | undefined> {
  const candidate = process.env[candidateVariable];
  if (candidate) {
    return parseRelease(await readCandidate(candidate), `the release manifest ${candidate}`);
  }
  const found = await aws.ssm.getParametersByPath({ path: names.releasePointerPath });
  const index = found.names.indexOf(names.releasePointer);
  return index < 0
    ? undefined
    : parseRelease(found.values[index], `the release pointer ${names.releasePointer} in SSM`);
}

async function readCandidate(path: string): Promise<string> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new ReleaseError(
      `${candidateVariable} names a release manifest that cannot be read: ${reason}\n` +
        `Name an existing file, or unset ${candidateVariable} to keep the running release.`,
    );
  }
}

function unreadable(origin: string, faults: readonly string[]): ReleaseError {
  return new ReleaseError(
    `${origin} is malformed; nothing was changed:\n` +
      faults.map((fault) => `  ${fault}\n`).join("") +
      "A release names id, commit, createdAt and, for each service, an image with uri, tag and digest.\n" +
      "Put back the manifest of the last good release.",
  );
}
