import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parseIgnoreFile, type IgnoreFile } from "./ignoreFile";

/** Where an image's files come from, with full paths. */
export interface BuildPlace {
  readonly context: string;
  readonly dockerfile: string;
}

/** The files that may say what stays out of a context. */
export interface IgnoreFiles {
  /** Beside the Dockerfile, for it alone: BuildKit, podman and buildah know it, docker's old builder does not. */
  readonly ofDockerfile?: string;
  /** What docker reads; undefined where there is none. */
  readonly docker?: string;
  /** What podman and buildah read; undefined where there is none. */
  readonly containers?: string;
}

/**
 * Which ignore files hold. docker (Docker docs, "Build context") takes `<Dockerfile>.dockerignore`, else the context's
 * `.dockerignore`. buildah, and podman by it (`ContainerIgnoreFile` in its pkg/parse), also know both by the name
 * `.containerignore`, which goes before the context's `.dockerignore`.
 */
export function ignoreFilesOf({ context, dockerfile }: BuildPlace): IgnoreFiles {
  const first = (...paths: readonly string[]) => paths.find((path) => existsSync(path));
  const beside = `${dockerfile}.dockerignore`;
  const inContext = join(context, ".dockerignore");
  return {
    ofDockerfile: first(beside),
    docker: first(beside, inContext),
    containers: first(
      ...[beside, `${dockerfile}.containerignore`, join(context, ".containerignore"), inContext],
    ),
  };
}

/** What is certain to stay out of the image, whichever builder makes it: what all of them leave out. */
export function contextRules(place: BuildPlace): IgnoreFile {
  const { docker, containers } = ignoreFilesOf(place);
  const files = docker === containers ? [docker] : [docker, containers];
  const rules = files.map((path) => parseIgnoreFile(path ? readFileSync(path, "utf8") : ""));
  return {
    excludes: (path) => rules.every((each) => each.excludes(path)),
    mayIncludeBelow: (folder) =>
      rules.some((each) => !each.excludes(folder) || each.mayIncludeBelow(folder)),
  };
}
