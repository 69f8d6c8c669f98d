import { existsSync, readFileSync } from "node:fs";
import { join, posix, relative } from "node:path";
import { ignoreFilesOf } from "../../contract/build/contextRules";
import { parseIgnoreFile } from "../../contract/build/ignoreFile";
import type { FoundService } from "./findServices";

type Build = Pick<FoundService, "name" | "context" | "dockerfile">;

/**
 * What to write into ignore files, for a person: a build's context that has the project in it makes every image anew with
 * each change of the project, and its files are copied into them.
 * @param root of the repository, and `folder` of the project: full paths.
 * @returns nothing where every ignore file leaves the project out already.
 */
export function ignoreAdvice(
  services: readonly Build[],
  root: string,
  folder: string,
): readonly string[] {
  const lacking = new Map<string, { readonly lines: readonly string[]; names: string[] }>();
  for (const { name, context, dockerfile } of services) {
    const place = relative(join(root, context), folder).split("\\").join("/");
    if (place === ".." || place.startsWith("../")) continue;
    const patterns = place === "" ? ["Pulumi*.yaml", ".gantry", "node_modules"] : [place];
    for (const file of filesFor(root, { context, dockerfile })) {
      const lines = patterns.filter((pattern) => !isLeftOut(file, pattern));
      if (lines.length === 0) continue;
      const path = relative(root, file).split("\\").join("/");
      const known = lacking.get(path) ?? { lines, names: [] };
      lacking.set(path, { ...known, names: [...known.names, name] });
    }
  }
  return [...lacking].flatMap(([path, { lines, names }]) => [
    `The build of ${names.join(", ")} takes in Gantry's own files: each change of them would build anew, and the image would hold them.`,
    `Add to ${path}${existsSync(join(root, path)) ? "" : " (a new file)"}:`,
    ...lines.map((line) => `  ${line}`),
  ]);
}

/** The files that builders heed; where there is none, the one that all of them would. */
function filesFor(root: string, { context, dockerfile }: Omit<Build, "name">): string[] {
  const place = { context: join(root, context), dockerfile: join(root, dockerfile) };
  const { docker, containers } = ignoreFilesOf(place);
  const usual = join(place.context, ".dockerignore");
  return [...new Set([docker ?? usual, containers ?? usual])];
}

/** Whether a file leaves out what a project has, with what is made in it later. */
function isLeftOut(file: string, pattern: string): boolean {
  const rules = parseIgnoreFile(existsSync(file) ? readFileSync(file, "utf8") : "");
  const own = ["Pulumi.yaml", "package.json", ".gantry/state.json", "node_modules/gantry/index.js"];
  const inRoot: Readonly<Record<string, readonly string[]>> = {
    "Pulumi*.yaml": ["Pulumi.yaml", "Pulumi.staging.yaml"],
    ".gantry": [".gantry/state.json"],
    node_modules: ["node_modules/gantry/index.js"],
  };
  const files = inRoot[pattern] ?? own.map((name) => posix.join(pattern, name));
  return files.every((path) => rules.excludes(path));
}
