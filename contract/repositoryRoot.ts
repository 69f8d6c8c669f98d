import { existsSync } from "node:fs";
import { dirname, join, relative, sep } from "node:path";

/**
 * The root of the repository that a Pulumi project lies in, which paths in config are relative to: where CodeBuild put the
 * source, else the nearest folder upwards that has `.git`, else the project's own folder.
 * @param folder of the project, a full path.
 * @param env default: this process's.
 */
export function repositoryRoot(folder: string, env: NodeJS.ProcessEnv = process.env): string {
  // What CodePipeline hands over has no `.git`.
  const source = env.CODEBUILD_SRC_DIR;
  if (source && isWithin(folder, source)) return source;
  // A file, not a folder, in a work tree that git added to another one.
  return nearestWith(".git", folder) ?? folder;
}

/** The nearest folder upwards, this one included, that has an entry of that name; undefined where none has. */
export function nearestWith(name: string, folder: string): string | undefined {
  for (let place = folder; ; place = dirname(place)) {
    if (existsSync(join(place, name))) return place;
    if (place === dirname(place)) return undefined;
  }
}

function isWithin(folder: string, place: string): boolean {
  const path = relative(place, folder);
  return path !== ".." && !path.startsWith(`..${sep}`);
}
