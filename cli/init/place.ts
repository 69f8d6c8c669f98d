import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { DeliveryError } from "../../delivery/errors";
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
 * Looks at the folder that a project goes into. A program and settings of TypeScript that are the team's own stay what they
 * are: the project's have another name then, which Pulumi.yaml says.
 * @throws DeliveryError where it has a Pulumi project that is not Gantry's.
 */
export function placeIn(folder: string): Place {
  const file = join(folder, projectFile);
  if (existsSync(file)) return placeOf(folder, parse(readFileSync(file, "utf8")) as ProjectFile);
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
