import { z } from "zod";

const partSchema = z.strictObject({
  /** Of the archive, which is also its name: `installations/<SHA-256>.tar.gz`. */
  sha256: z.string().regex(/^[0-9a-f]{64}$/, "64 hexadecimal digits"),
  bytes: z.number().int().positive(),
});

/** A folder below the repository's root, or the root itself: with slashes, and no way out. */
const folder = z
  .string()
  .regex(/^(?!\/)(?!(.*\/)?\.\.(\/|$))[^\\]*$/, "a folder of the repository");

export const installationSchema = z.strictObject({
  /** What it runs on: see `hostOf`. */
  host: z.string().regex(/^\w+-\w+-\d+$/, "such as linux-x64-127"),
  /** The program's `node_modules`, as they lie below `folder`. */
  packages: partSchema.extend({ folder }),
  /** Pulumi's CLI with the host of Node programs, and the plugins: what a PULUMI_HOME has in `bin` and `plugins`. */
  pulumi: partSchema,
});

/** What actions that run Pulumi need beside the source, kept in S3 by the hash of its content. */
export type Installation = Readonly<z.infer<typeof installationSchema>>;
export type InstallationPart = Readonly<z.infer<typeof partSchema>>;

/** What an installation is for: system, processor, and the version of Node's interface to compiled packages. */
export function hostOf({ platform, arch, versions }: NodeJS.Process = process): string {
  return `${platform}-${arch}-${versions.modules}`;
}
