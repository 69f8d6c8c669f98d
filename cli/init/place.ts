import { existsSync, lstatSync, readFileSync, realpathSync, statSync } from "node:fs";
import { dirname, join, relative, resolve, sep } from "node:path";
import { parse } from "yaml";
import { DeliveryError, messageOf } from "../../delivery/errors";
import { projectFile } from "../../delivery/projectFolder";

/** What the files of a project are called in a folder, beside those of its owner. */
export interface Place {
  readonly program: string;
  /** TypeScript's settings; undefined where the program is a JavaScript module. */
  readonly tsconfig?: string;
  /** The product, where a project is there already. */
  readonly name?: string;
}

interface ProjectFile {
  readonly name?: string;
  readonly main?: string;
  readonly runtime?: { readonly options?: { readonly tsconfig?: string } } | string;
}

/**
 * The folder that a project goes into, which need not be there yet.
 * @param root of the repository, and `here`, where the person is: full paths.
 * @param given from there. Default: `infra` at the root.
 * @throws DeliveryError where it is no folder of the repository.
 */
export function projectFolder(root: string, here: string, given: string | undefined): string {
  const folder = given === undefined ? join(root, "infra") : resolve(here, given);
  if (isOutside(root, folder)) {
    throw new DeliveryError(`${folder} is outside of the repository ${root}: name a folder in it`);
  }
  const there = nearestThere(folder);
  const elsewhere = "name a folder of the repository: --folder gantry";
  if (!existsSync(there)) throw new DeliveryError(`${there} is a link to nothing: ${elsewhere}`);
  if (!statSync(there).isDirectory()) {
    throw new DeliveryError(`${there} is a file: ${elsewhere}`);
  }
  if (isOutside(realpathSync(root), realpathSync(there))) {
    throw new DeliveryError(`${there} is a link out of ${root}: ${elsewhere}`);
  }
  return folder;
}

function isOutside(root: string, folder: string): boolean {
  const way = relative(root, folder);
  return way === ".." || way.startsWith(`..${sep}`);
}

/** The folder, or the nearest above it that has an entry. */
function nearestThere(folder: string): string {
  const above = dirname(folder);
  if (above === folder) return folder;
  const nearest = nearestThere(above);
  // Below a file nothing can be asked for.
  const isBelow = nearest === above && existsSync(above) && statSync(above).isDirectory();
  const isThere = isBelow && lstatSync(folder, { throwIfNoEntry: false }) !== undefined;
  return isThere ? folder : nearest;
}

/**
 * Looks at the folder that a project goes into. A program and settings of TypeScript that are the team's own stay what they
 * are: the project's have another name then, which Pulumi.yaml says.
 * @throws DeliveryError where it has a Pulumi project that is not Gantry's, or none that can be read.
 */
export function placeIn(folder: string): Place {
  const file = join(folder, projectFile);
  if (existsSync(file)) return placeOf(folder, readProject(file));
  // For TypeScript in ES modules Pulumi's hooks take the team's `tsconfig.json`, whatever its options say, and check all
  // types at each run (`cmd/run/hooks.js` of @pulumi/pulumi).
  if (isOfModules(folder)) return { program: "gantry.mjs" };
  const free = (name: string, otherwise: string) =>
    existsSync(join(folder, name)) ? otherwise : name;
  return {
    program: free("index.ts", "gantry.ts"),
    tsconfig: free("tsconfig.json", "tsconfig.gantry.json"),
  };
}

function readProject(file: string): ProjectFile | null {
  try {
    return parse(readFileSync(file, "utf8")) as ProjectFile | null;
  } catch (error) {
    const [what] = messageOf(error).split("\n");
    throw new DeliveryError(
      `${file} is no YAML: ${what.replace(/:$/, "")}. Fix it, or name another folder: --folder gantry`,
    );
  }
}

/** As the project that is there has it. */
function placeOf(folder: string, project: ProjectFile | null): Place {
  const { name, main = "index.ts", runtime } = project ?? {};
  const program = join(folder, main);
  if (existsSync(program) && !/["']gantry["']/.test(readFileSync(program, "utf8"))) {
    throw new DeliveryError(
      `${folder} has a Pulumi project of another program: name another folder for Gantry's: --folder gantry`,
    );
  }
  const options = typeof runtime === "object" ? runtime.options : undefined;
  return {
    program: main,
    ...(main.endsWith(".ts") ? { tsconfig: options?.tsconfig ?? "tsconfig.json" } : {}),
    ...(name === undefined ? {} : { name }),
  };
}

/** By its package.json, as Node does; a folder that has none gets one that says nothing of it. */
function isOfModules(folder: string): boolean {
  const file = join(folder, "package.json");
  if (!existsSync(file)) return false;
  try {
    return (JSON.parse(readFileSync(file, "utf8")) as { type?: string }).type === "module";
  } catch {
    return false; // npm says what is wrong with it
  }
}
