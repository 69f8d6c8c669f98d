import { readdirSync } from "node:fs";
import { join, normalize, resolve, sep } from "node:path";
import { artifactFolder, artifacts } from "../contract/artifacts";
import { meantHint } from "../stacks/config/nearest";
import { DeliveryError } from "./errors";

/** The file that makes a folder a Pulumi project. */
export const projectFile = "Pulumi.yaml";

/**
 * The files of a project's folder.
 * @throws DeliveryError where it is none, naming the one above it, or below it, that is.
 */
export function filesOfProject(folder: string): readonly string[] {
  const files = namesIn(folder);
  if (files.includes(projectFile)) return files;
  const found = projectsBelow(folder).at(0) ?? projectAbove(folder);
  const fix = found
    ? `${join(found, projectFile)} is there: --folder ${found}`
    : "run gantry in the folder of the program, or name it: --folder <folder>. gantry init makes one";
  throw new DeliveryError(`there is no ${projectFile} in ${folder}: ${fix}`);
}

/** What the file of a stack is called. */
export function stackFileName(stack: string): string {
  return `Pulumi.${stack}.yaml`;
}

/**
 * The stacks of a project: those that have a file there, or where a build was handed it from a bucket, in alphabetical order.
 * @throws DeliveryError where the folder is no project.
 */
export function stacksOf(folder: string, env: NodeJS.ProcessEnv = process.env): string[] {
  const files = filesOfProject(folder);
  const handed = artifactFolder(artifacts.config, env);
  const all = new Set([...files, ...(handed === undefined ? [] : namesIn(handed))]);
  return [...all].flatMap((file) => /^Pulumi\.(.+)\.yaml$/.exec(file)?.[1] ?? []).sort();
}

/** What is said of a stack that is none of the folder's. @param stacks those that there are. */
export function noStackText(folder: string, stack: string, stacks: readonly string[]): string {
  return (
    `there is no stack ${stack} in ${folder}: it has ${stacks.join(", ") || "none"}` +
    `${meantHint(stack, stacks, ". ")} (a stack has a file Pulumi.<stack>.yaml there)`
  );
}

/** Of a folder of the program: as `../..`. */
function projectAbove(folder: string): string | undefined {
  const levels = resolve(folder).split(sep).length - 1;
  const above = Array.from({ length: levels }, (_, level) => join("..", "../".repeat(level)));
  const found = above.find((path) => namesIn(join(folder, path)).includes(projectFile));
  return found === undefined ? undefined : normalize(found).replace(/\/$/, "");
}

/** Down to `infra/` of a repository, or `deploy/infra/`. */
function projectsBelow(folder: string, levels = 2, path = ""): string[] {
  if (levels === 0) return [];
  return foldersIn(join(folder, path)).flatMap((name) => {
    const place = join(path, name);
    const here = namesIn(join(folder, place)).includes(projectFile) ? [place] : [];
    return [...here, ...projectsBelow(folder, levels - 1, place)];
  });
}

function foldersIn(folder: string): string[] {
  try {
    return readdirSync(folder, { withFileTypes: true })
      .filter((entry) => entry.isDirectory() && !/^(\.|node_modules$)/.test(entry.name))
      .map(({ name }) => name);
  } catch {
    return []; // not ours to read
  }
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return []; // absent, or no folder
  }
}
