import { existsSync } from "node:fs";
import { join, relative } from "node:path";
import { lockFolder, otherLockFiles } from "../contract/lockFiles";
import { nearestWith, repositoryRoot } from "../contract/repositoryRoot";
import { ConfigError, type EnvironmentConfig } from "./config";

/**
 * A pipeline whose actions could not install the program: they do it by `npm ci`, which needs npm's lock file, the
 * project's own or that of the workspace that it is in. A builder image of one's own has the packages already.
 * @param from a folder of the project, a full path. Default: the working directory, in which Pulumi runs the program.
 * @throws ConfigError before anything is registered.
 */
export function refuseUnlockedPackages(
  { pipeline, stack }: Pick<EnvironmentConfig, "pipeline" | "stack">,
  from = process.cwd(),
  env = process.env,
): void {
  if (pipeline === undefined || pipeline.builder !== undefined) return;
  const folder = nearestWith("Pulumi.yaml", from) ?? from;
  const root = repositoryRoot(folder, env);
  const locked = lockFolder(folder);
  if (locked !== undefined && !relative(root, locked).startsWith("..")) return;
  const other = otherLockFiles.find(({ file }) => existsSync(join(folder, file)))?.file;
  const place = relative(root, folder) || "the repository's root";
  throw new ConfigError(stack, [
    {
      path: "gantry:pipeline",
      given: `no package-lock.json in ${place}${other ? `, but ${other}` : ""}`,
      allowed: "a program whose packages npm ci installs: the pipeline's actions run it",
      fix: other
        ? `give it a folder of its own, and run npm install there: gantry init --folder <folder>`
        : `run npm install in ${place}, and commit package-lock.json`,
    },
  ]);
}
