import { existsSync, readFileSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { DeliveryError } from "../../delivery/errors";

/** What a project asks npm for. */
export interface Dependencies {
  readonly dependency: string;
  readonly rehearsal: string;
  /** What must lie in the project for that: paths in it, with the files that they are copies of. */
  readonly tarballs: Readonly<Record<string, string>>;
}

/** The folder of a project that has what no registry has. Not `vendor`: beside a `go.mod` Go takes that for its own. */
const folder = "tarballs";

/**
 * Gantry as this command was installed: of a registry that very version, since both packages must be of one; of a tarball a
 * copy in the project, with the rehearsal's where that lies beside. The actions of a pipeline install it from the commit.
 * @param command a file of the package.
 * @throws DeliveryError where the tarball is gone.
 */
export function dependenciesFor(command: string, version: string): Dependencies {
  const tarball = tarballOf(command);
  if (tarball === undefined) return { dependency: version, rehearsal: version, tarballs: {} };
  if (!existsSync(tarball)) {
    throw new DeliveryError(
      `gantry was installed from ${tarball}, which is not there any more; the project needs a copy: put it back`,
    );
  }
  const beside = join(dirname(tarball), `gantry-rehearsal-${version}.tgz`);
  const hasRehearsal = existsSync(beside);
  const copied = [tarball, ...(hasRehearsal ? [beside] : [])];
  const place = (file: string) => `${folder}/${basename(file)}`;
  return {
    dependency: `file:${place(tarball)}`,
    rehearsal: hasRehearsal ? `file:${place(beside)}` : version,
    tarballs: Object.fromEntries(copied.map((file) => [place(file), file])),
  };
}

/** The files that they become. Many a repository ignores tarballs, as leftovers of `npm pack`. */
export function tarballFiles({ tarballs }: Dependencies): Readonly<Record<string, Uint8Array>> {
  const files = Object.entries(tarballs).map(([path, from]) => [path, readFileSync(from)] as const);
  if (files.length === 0) return {};
  return Object.fromEntries([...files, [`${folder}/.gitignore`, Buffer.from("!*.tgz\n")]]);
}

interface InstalledTree {
  readonly packages?: Readonly<Record<string, { readonly resolved?: string }>>;
}

/** The file that npm installed it from, as npm noted it; undefined where it was none. */
function tarballOf(command: string): string | undefined {
  const [, place] = /^(.*)[\\/]node_modules[\\/]gantry[\\/]/.exec(command) ?? [];
  const note = place === undefined ? "" : join(place, "node_modules", ".package-lock.json");
  if (place === undefined || !existsSync(note)) return undefined;
  const { packages } = JSON.parse(readFileSync(note, "utf8")) as InstalledTree;
  const [, path] = /^file:(.*\.tgz)$/.exec(packages?.["node_modules/gantry"]?.resolved ?? "") ?? [];
  return path === undefined ? undefined : resolve(place, path);
}
