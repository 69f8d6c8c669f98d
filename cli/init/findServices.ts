import { existsSync, readFileSync } from "node:fs";
import { join, posix } from "node:path";
import { buildContext } from "./buildContext";
import { composeServices, type ComposeService } from "./compose";
import { readDockerfile } from "./dockerfile";
import { eachOnce, nameByPlace, validName } from "./serviceNames";

/** A service that a repository can build. Paths are from the repository's root. */
export interface FoundService {
  readonly name: string;
  readonly dockerfile: string;
  /** The folder that the Dockerfile copies from. */
  readonly context: string;
  readonly target?: string;
  readonly args: Readonly<Record<string, string>>;
  readonly command?: readonly string[];
  /** Undefined where nothing says that it listens. */
  readonly port?: number;
  /** What its HEALTHCHECK asks by HTTP. */
  readonly healthPath?: string;
  /** Whether its image is one that writes to its own file system. */
  readonly writes: boolean;
}

export interface Found {
  readonly services: readonly FoundService[];
  /** Dockerfiles that no service was made of, with why. */
  readonly leftOut: readonly { readonly path: string; readonly reason: string }[];
}

const isDockerfile =
  /(^|\/)((Dockerfile|Containerfile)(\.[\w-]+)?|[\w.-]+\.(Dockerfile|Containerfile))$/i;
const isIgnoreFile = /\.(docker|container)ignore$/i;
const isComposeFile = /(^|\/)(docker-)?compose\.ya?ml$/;
const ofNoService =
  /(^|[/._-])(dev|devel|development|local|tests?|testing|e2e|ci|debug|fixtures?|examples?|samples?|docs|builder|base)([/._-]|$)/i;

/**
 * What of a repository can be a service: what its compose files build, then its other Dockerfiles.
 * @param root of the repository, a full path.
 * @param files of it, from the root.
 */
export function findServices(root: string, files: readonly string[]): Found {
  const composed = files
    .filter((file) => isComposeFile.test(file) && !ofNoService.test(posix.dirname(file)))
    .flatMap((file) => composeServices(read(root, file), file) ?? [])
    .filter((service) => existsSync(join(root, dockerfileOf(service))));
  const kept = composed.filter((service) => !ofNoService.test(dockerfileOf(service)));
  const taken = new Set(composed.map(dockerfileOf));
  const dockerfiles = files.filter(
    (file) => isDockerfile.test(file) && !isIgnoreFile.test(file) && !taken.has(file),
  );
  const forPeople = [...dockerfiles, ...taken].filter((file) => ofNoService.test(file));
  return {
    services: eachOnce([
      ...kept.map((service) => fromCompose(root, service)),
      ...dockerfiles
        .filter((file) => !ofNoService.test(file))
        .map((file) => serviceOf(root, nameByPlace(file), file)),
    ]),
    leftOut: forPeople.map((path) => ({ path, reason: "for development or tests, by its name" })),
  };
}

/**
 * A service by its Dockerfile.
 * @param dockerfile from the root.
 * @param context default: see {@link buildContext}.
 */
export function serviceOf(
  root: string,
  name: string,
  dockerfile: string,
  { context, target }: { readonly context?: string; readonly target?: string } = {},
): FoundService {
  const { port, healthPath, image, copied } = readDockerfile(read(root, dockerfile), target);
  return {
    ...{ name, dockerfile, args: {} },
    context: context ?? buildContext(root, dockerfile, copied),
    ...(target === undefined ? {} : { target }),
    ...(port === undefined ? {} : { port }),
    ...(healthPath === undefined ? {} : { healthPath }),
    writes: writesToItsRoot.test(image),
  };
}

/** Servers whose official images keep caches, logs or process ids below their root: read-only they do not start. */
const writesToItsRoot = /(^|\/)(nginx|nginx-unprivileged|httpd|php|wordpress|caddy)([:@]|$)/;

function fromCompose(root: string, given: ComposeService): FoundService {
  const { name, context, target, args, port, command } = given;
  const read = serviceOf(root, validName(name), dockerfileOf(given), { context, target });
  return {
    ...{ ...read, args },
    ...(port === undefined ? {} : { port }),
    ...(command === undefined ? {} : { command }),
  };
}

function dockerfileOf({ context, dockerfile }: ComposeService): string {
  return posix.join(context, dockerfile);
}

function read(root: string, file: string): string {
  return readFileSync(join(root, file), "utf8");
}
