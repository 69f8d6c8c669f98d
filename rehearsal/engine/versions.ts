import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { EngineError } from "./errors";

/** Compares dotted version numbers; a leading `v` and whatever follows the numbers (`-alpha`) do not count. */
export function compareVersions(a: string, b: string): number {
  const [left, right] = [numbers(a), numbers(b)];
  for (let i = 0; i < Math.max(left.length, right.length); i++) {
    const difference = (left[i] ?? 0) - (right[i] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

function numbers(version: string): number[] {
  const match = /^v?(\d+(?:\.\d+)*)/.exec(version.trim());
  return match?.[1]?.split(".").map(Number) ?? [];
}

/** The version that a go.mod requires of a module, without the `v`. */
export function requiredModule(goMod: string, module: string): string {
  const escaped = module.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
  const match = new RegExp(`${escaped} v(\\S+)`).exec(goMod);
  if (match?.[1] === undefined) throw new Error(`go.mod requires no ${module}`);
  return match[1];
}

/** The Go version that a go.mod asks for. */
export function requiredGo(goMod: string): string {
  const match = /^go (\S+)$/m.exec(goMod);
  if (match?.[1] === undefined) throw new Error("go.mod has no go line");
  return match[1];
}

/** The version of a package as the project's program finds it. */
export function installedPackage(project: string, name: string): string {
  const file = join(packageFolder(project, name), "package.json");
  return (JSON.parse(readFileSync(file, "utf8")) as { version: string }).version;
}

/**
 * The folder of a package as the project's program finds it, which npm may have put further up.
 * @throws EngineError where it is not installed.
 */
export function packageFolder(project: string, name: string): string {
  try {
    return dirname(createRequire(join(project, "package.json")).resolve(`${name}/package.json`));
  } catch {
    const fix = [`run npm install in ${project}`];
    throw new EngineError(`${name} is not installed for the program.`, [project], fix);
  }
}
