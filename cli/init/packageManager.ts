import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { npmLockFiles, otherLockFiles } from "../../contract/lockFiles";
import { isRecord } from "../../contract/record";
import { DeliveryError } from "../../delivery/errors";

/** Those that are not npm. */
export type OtherManager = (typeof otherLockFiles)[number]["manager"];

const marks: readonly (readonly [file: string, manager: OtherManager | "npm"])[] = [
  ...npmLockFiles.map((file) => [file, "npm"] as const),
  ...otherLockFiles.map(({ file, manager }) => [file, manager] as const),
  ["pnpm-workspace.yaml", "pnpm"],
];

/**
 * Who installs the packages of a folder, where that is not npm: as the `packageManager` of its package.json says, by which
 * corepack goes, else by its lock file.
 */
export function otherManager(folder: string): OtherManager | undefined {
  const { packageManager } = packageJson(folder);
  const [said] = typeof packageManager === "string" ? packageManager.split("@") : [];
  const [, found = "npm"] = marks.find(([file]) => existsSync(join(folder, file))) ?? [];
  return otherLockFiles.find(({ manager }) => manager === (said ?? found))?.manager;
}

/**
 * A project's packages are npm's: the actions of its pipeline install them by `npm ci`, on hosts that have no other manager.
 * In a folder of its own that goes beside any other; in one that another manager installs, they would undo each other's work.
 * @param root of the repository, a full path.
 * @param place of the project in it, as `infra`; `.` is the root.
 * @returns the other manager that the root has, which the project is beside.
 * @throws DeliveryError where the project would be in the way of that one.
 */
export function managerBeside(root: string, place: string): OtherManager | undefined {
  const folder = join(root, place);
  const own = otherManager(folder);
  const why = "and Gantry's project is npm's: the actions of its pipeline install it by npm ci";
  if (own !== undefined) {
    const other = place === "." ? "infra" : "gantry";
    throw new DeliveryError(
      `the packages of ${place === "." ? "the repository's root" : place} are ${own}'s, ${why}. Name a folder of its own: --folder ${other}`,
    );
  }
  const manager = otherManager(root);
  const globs = manager === undefined ? [] : workspaces(root, manager);
  if (manager !== undefined && isMember(place, globs)) {
    const exclude =
      manager === "pnpm" ? `Add "!${place}" to packages in pnpm-workspace.yaml, or name` : "Name";
    throw new DeliveryError(
      `${place} would be a member of ${manager}'s workspace (${globs.join(", ")}), ${why}. ${exclude} a folder outside of it: --folder <folder>`,
    );
  }
  return manager;
}

/** The patterns of a workspace's members. */
function workspaces(root: string, manager: OtherManager): readonly string[] {
  const { workspaces: given } = packageJson(root);
  const file = join(root, "pnpm-workspace.yaml");
  const listed =
    manager === "pnpm"
      ? existsSync(file) && fieldsOf(parse(readFileSync(file, "utf8"))).packages
      : isRecord(given)
        ? given.packages
        : given;
  return Array.isArray(listed) ? listed.map(String) : [];
}

/** A later pattern wins, and one that begins with `!` takes out. */
function isMember(place: string, globs: readonly string[]): boolean {
  const last = globs.filter((glob) => patternOf(glob).test(place)).at(-1);
  return last !== undefined && !last.startsWith("!");
}

function patternOf(glob: string): RegExp {
  const path = glob.replace(/^!/, "").replace(/^\.\//, "").replace(/\/+$/, "");
  const source = path
    .replace(/[.+^${}()|[\]\\]/g, "\\$&")
    .replace(/\*\*\/|\*\*|\*|\?/g, (star) =>
      star === "**/" ? "(.*/)?" : star === "**" ? ".*" : star === "*" ? "[^/]*" : "[^/]",
    );
  return new RegExp(`^${source}$`);
}

/** Empty where there is none, or none that can be read: its manager says what is wrong with it. */
function packageJson(folder: string): Readonly<Record<string, unknown>> {
  try {
    return fieldsOf(JSON.parse(readFileSync(join(folder, "package.json"), "utf8")));
  } catch {
    return {};
  }
}

function fieldsOf(value: unknown): Readonly<Record<string, unknown>> {
  return isRecord(value) ? value : {};
}
