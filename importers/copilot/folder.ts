import { existsSync, readdirSync, statSync } from "node:fs";
import { dirname, join, posix, relative, resolve, sep } from "node:path";
import { repositoryRoot } from "../../contract/repositoryRoot";
import { ImportError } from "../importError";
import type { Note } from "../imported";
import { readSource, type SourceNode } from "../source";

/** A file of Copilot's folder; it goes by its path from the repository's root, as config's paths do. */
export interface CopilotFile {
  readonly node: SourceNode;
  /** The folder below `copilot/` that it is in: a service's or an environment's name. */
  readonly owner: string;
}

export interface CopilotFolder {
  readonly workspace: SourceNode | undefined;
  readonly services: readonly CopilotFile[];
  readonly environments: readonly CopilotFile[];
  readonly pipelines: readonly CopilotFile[];
  readonly addons: readonly CopilotFile[];
  readonly patches: readonly CopilotFile[];
  readonly others: readonly Note[];
}

/**
 * Reads the folder `copilot`, or the one that it is in.
 * @throws ImportError where it is none.
 */
export function readCopilotFolder(folder: string): CopilotFolder {
  const there = statSync(folder, { throwIfNoEntry: false });
  if (there === undefined)
    throw new ImportError(`${folder} does not exist: name the folder that has copilot/ in it`);
  if (!there.isDirectory())
    throw new ImportError(`${folder} is a file: name the folder that has copilot/ in it`);
  const inside = join(folder, "copilot");
  const root = existsSync(inside) && statSync(inside).isDirectory() ? inside : folder;
  const files = readdirSync(root, { recursive: true, encoding: "utf8" })
    .map((file) => file.split("\\").join("/"))
    .filter((file) => !/(?:^|\/)node_modules\//.test(file) && statSync(join(root, file)).isFile())
    .sort();
  const place = placeOf(root);
  const read = (file: string): CopilotFile => ({
    node: readSource(`${place}/${file}`, join(root, file)),
    owner: ownerOf(file),
  });
  const found = (pattern: RegExp, not?: RegExp) =>
    files.filter((file) => pattern.test(file) && !not?.test(file)).map(read);
  const services = found(/^[^/]+\/manifest\.ya?ml$/);
  if (services.length === 0) {
    throw new ImportError(
      `${relative(".", root) || "."} is no Copilot folder: it has no <service>/manifest.yml. Name the folder that has copilot/ in it`,
    );
  }
  return {
    services,
    workspace: files.includes(".workspace") ? read(".workspace").node : undefined,
    environments: found(/^environments\/[^/]+\/manifest\.ya?ml$/),
    pipelines: found(/^pipelines\/[^/]+\/manifest\.ya?ml$|^pipeline\.ya?ml$/),
    addons: found(/(?:^|\/)addons\/.*\.ya?ml$/),
    patches: found(/(?:^|\/)overrides\/.*\.ya?ml$/),
    others: files.filter((file) => !isRead(file)).map((file) => noteOf(file, place)),
  };
}

/** Where `copilot` is in the repository: Copilot's own paths begin beside it, and config's at the repository's root. */
function placeOf(root: string): string {
  const folder = resolve(root);
  return relative(repositoryRoot(dirname(folder)), folder)
    .split(sep)
    .join("/");
}

/** Where a path of a service's manifest leads, from the repository's root: it begins beside `copilot`. */
export function fromWorkspace({ file }: SourceNode, path: string): string {
  const workspace = file.split("/").slice(0, -3).join("/");
  return posix.join(workspace, path);
}

function isRead(file: string): boolean {
  return (
    file === ".workspace" ||
    /^[^/]+\/manifest\.ya?ml$|^(?:environments|pipelines)\/[^/]+\/manifest\.ya?ml$|^pipeline\.ya?ml$/.test(
      file,
    ) ||
    /(?:^|\/)(?:addons|overrides)\/.*\.ya?ml$/.test(file)
  );
}

function ownerOf(file: string): string {
  const parts = file.split("/");
  return ["environments", "pipelines"].includes(parts[0]) ? (parts[1] ?? parts[0]) : parts[0];
}

function noteOf(file: string, place: string): Note {
  const name = `${place}/${file}`;
  if (/(?:^|\/)overrides\//.test(file)) {
    return {
      file: name,
      what: "overrides by CDK: a program that changes Copilot's CloudFormation",
      fix: "write environment({ transform }) in index.ts, where config has no key",
    };
  }
  if (/buildspec/.test(file)) {
    return {
      file: name,
      what: "the pipeline's build",
      fix: "nothing: Gantry builds every image itself; tests are a service's test key",
    };
  }
  return {
    file: name,
    what: "a file that Copilot's manifests do not need",
    fix: "look whether a service reads it",
  };
}
