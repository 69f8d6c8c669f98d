import { posix } from "node:path";
import { z } from "zod";
import { namedSecretSchema } from "./access";
import { scalar, section, text, textOr } from "./fields";

/** How an image is built, with every default filled in. */
export interface BuildConfig {
  /** Folder whose files the Dockerfile may copy, from the repository's root; `.` is the root itself. */
  readonly context: string;
  /** The Dockerfile, from the context, outside of which it may lie; see {@link dockerfilePath}. */
  readonly dockerfile: string;
  /** The stage of the Dockerfile that is built. Absent: the last one. */
  readonly target?: string;
  readonly args: Readonly<Record<string, string>>;
  /** Secrets that the Dockerfile mounts, by their ids: references as those of a service. */
  readonly secrets: Readonly<Record<string, string>>;
}

const allowedFolder = "a folder of the repository, such as app";
const allowedDockerfile = "a file of the repository, such as Dockerfile, from the context";

/** A folder, or the fields that Docker Compose has for it. */
export function buildSchema() {
  const fields = section({
    /** Folder whose files the Dockerfile may copy, from the repository's root. Default: `.`, the root itself. */
    context: text(allowedFolder, folderFault).optional(),
    /** The Dockerfile, from the context, as Compose has it. Default: `Dockerfile`. */
    dockerfile: text(allowedDockerfile, dockerfileFault).optional(),
    /** The stage of the Dockerfile that is built. Default: the last one. */
    target: scalar(
      text("a stage of the Dockerfile, such as runtime", /^[a-z0-9][a-z0-9_.-]*$/i),
    ).optional(),
    /** Arguments of the build. Default: none; GANTRY_COMMIT is always given. */
    args: z
      .record(z.string(), scalar(z.string({ error: "a text, number or boolean" })), {
        error: "build arguments by name",
      })
      .optional(),
    /** What `RUN --mount=type=secret,id=...` of the Dockerfile reads: names or ARNs in Secrets Manager or SSM. Default: none. */
    secrets: z
      .record(z.string(), namedSecretSchema(), { error: "references to secrets by id" })
      .superRefine(refuseIds)
      .optional(),
  }).superRefine(({ context = ".", dockerfile = "Dockerfile" }, issues) => {
    if (folderFault(context) !== undefined || !climbs(posix.join(context, dockerfile))) return;
    const fix = "name a file inside the repository";
    issues.addIssue({
      ...{ code: "custom", path: ["dockerfile"], message: allowedDockerfile },
      params: { fix },
    });
  });
  return textOr(
    text(allowedFolder, folderFault),
    fields,
    `${allowedFolder}, or { context, dockerfile, target, args, secrets }`,
  );
}

/** @param name of the service, which its folder is called by default. */
export function completeBuild(name: string, given: GivenBuild | undefined): BuildConfig {
  const fields: GivenFields =
    typeof given === "object" ? given : { context: given ?? defaultFolder(name) };
  const { context = ".", dockerfile = "Dockerfile", args = {}, secrets = {}, target } = fields;
  return {
    context: posix.normalize(context).replace(/(?<=.)\/$/, ""),
    dockerfile: posix.normalize(dockerfile),
    ...(target === undefined ? {} : { target }),
    ...{ args, secrets },
  };
}

/** Where a service is built from that says nothing: `app` for `web`, else the folder of its name. */
export function defaultFolder(name: string): string {
  return name === "web" ? "app" : name;
}

/** The Dockerfile's path from the repository's root. */
export function dockerfilePath({ context, dockerfile }: BuildConfig): string {
  return posix.join(context, dockerfile);
}

/**
 * Where a service's own commands run (`test`, `verify`): the folder of its Dockerfile, since a context may be the whole
 * repository; the repository's root where its image is built elsewhere.
 */
export function commandFolder(build: BuildConfig | undefined): string {
  return build === undefined ? "." : posix.dirname(dockerfilePath(build));
}

/** Builders take them in a list of fields with commas between. */
function refuseIds(secrets: Readonly<Record<string, string>>, issues: z.core.$RefinementCtx): void {
  for (const id of Object.keys(secrets)) {
    if (/^[A-Za-z_][\w.-]*$/.test(id)) continue;
    issues.addIssue({
      ...{ code: "custom", path: [id], message: "an id of letters, digits, _ . and -" },
      params: { fix: "call it NPM_TOKEN or similar, as the Dockerfile's mount does" },
    });
  }
}

function folderFault(given: string): string | undefined {
  const fault = placeFault(given, "the repository's root, such as app");
  if (fault !== undefined) return fault;
  return given.split("/").includes("..") ? "name a folder inside the repository" : undefined;
}

function dockerfileFault(given: string): string | undefined {
  return placeFault(given, "the context, such as Dockerfile");
}

/** @param from what paths begin at, with an example. */
function placeFault(given: string, from: string): string | undefined {
  if (given.trim() === "" || /[\\\0\r\n]/.test(given)) return `write it relative to ${from}`;
  // Compose takes repositories too; what they have is not the commit's.
  if (/^[a-z][a-z0-9+.-]+:|^[^/]+@[^/]+:/i.test(given)) return "name a place in this repository";
  return /^([/~]|[a-z]:)/i.test(given) ? `write it relative to ${from}` : undefined;
}

function climbs(path: string): boolean {
  return posix.normalize(path).split("/")[0] === "..";
}

type GivenFields = Exclude<GivenBuild, string>;

export type GivenBuild = z.output<ReturnType<typeof buildSchema>>;
