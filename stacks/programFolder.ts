import { relative, sep } from "node:path";
import { nearestWith, repositoryRoot } from "../contract/repositoryRoot";

/**
 * Where the Pulumi project is in its repository, as `infra` or `.`: what the actions of its pipeline find it by, wherever
 * CodeBuild puts the source.
 * @param from a folder of the project, a full path. Default: the working directory, in which Pulumi runs the program.
 * @param env default: this process's.
 */
export function folderInRepository(from = process.cwd(), env = process.env): string {
  // Upwards, since the program may lie deeper than its project (`main`).
  const folder = nearestWith("Pulumi.yaml", from) ?? from;
  return relative(repositoryRoot(folder, env), folder).split(sep).join("/") || ".";
}
