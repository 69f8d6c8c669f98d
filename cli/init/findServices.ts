import { existsSync, readFileSync } from "node:fs";
import { join, posix } from "node:path";
import { buildContext } from "./buildContext";
import {
  composeFilesOf,
  dockerfilesOf,
  isCandidate,
  isForPeople,
  type LeftOut,
} from "./candidates";
import { composeServices, type ComposeService } from "./compose";
import { readDockerfile } from "./dockerfile";
import { withProcfiles } from "./procfile";
import { eachOnce, nameByPlace, validName } from "./serviceNames";
import { portOfServer, writesToItsRoot } from "./serverImages";
import { buildKey } from "./sharedImages";
import { readableFiles } from "./sourceFiles";

/** A service that a repository can build. Paths are from the repository's root. */
export interface FoundService {
  readonly name: string;
  readonly dockerfile: string;
  /** The folder that the Dockerfile copies from. */
  readonly context: string;
  readonly target?: string;
  readonly args: Readonly<Record<string, string>>;
  readonly command?: readonly string[];
  readonly entrypoint?: readonly string[];
  /** What runs once before each deployment. */
  readonly releaseCommand?: readonly string[];
  /** Undefined where nothing says that it listens. */
  readonly port?: number;
  /** What its health check asks by HTTP: the compose file's, else its Dockerfile's. */
  readonly healthPath?: string;
  /** Whether its image is one that writes to its own file system. */
  readonly writes: boolean;
  /** What the Dockerfile starts itself. */
  readonly starts: ReturnType<typeof readDockerfile>["starts"];
  /** Where it was found, beside its Dockerfile, and what is to be known of that: for a person, a line each. */
  readonly comments: readonly string[];
}

export interface Found {
  readonly services: readonly FoundService[];
  readonly leftOut: readonly LeftOut[];
}

/**
 * What of a repository can be a service: what its compose files build, then its other Dockerfiles.
 * @param root of the repository, a full path.
 * @param all its files, from the root.
 */
export function findServices(root: string, all: readonly string[]): Found {
  const files = readableFiles(root, all.filter(isCandidate));
  const compose = composeFilesOf(files);
  const read = compose.files.map((file) => composeServices(textOf(root, file), file));
  const composed = read.flatMap(({ services }) => services);
  const isThere = (service: ComposeService) => existsSync(join(root, dockerfileOf(service)));
  const there = composed.filter(isThere);
  const dockerfiles = dockerfilesOf(files, new Set(there.map(dockerfileOf)));
  const isBuilt = (dockerfile: string) => /^\s*FROM\s/im.test(textOf(root, dockerfile));
  const kept = there.filter((service) => !isForPeople(dockerfileOf(service)));
  const found = withProcfiles(root, files, [
    ...kept.map((service) => fromCompose(root, service, isSpokenFor(service, kept))),
    ...dockerfiles.files.filter(isBuilt).map((file) => serviceOf(root, nameByPlace(file), file)),
  ]);
  const leftOut = [
    ...compose.leftOut,
    ...read.flatMap((each) => each.leftOut),
    ...composed.filter((service) => !isThere(service)).map(withoutDockerfile),
    ...dockerfiles.leftOut,
    ...dockerfiles.files
      .filter((file) => !isBuilt(file))
      .map((path) => ({ path, reason: "it has no FROM" })),
    ...found.leftOut,
  ];
  return { services: eachOnce(found.services), leftOut };
}

function withoutDockerfile(service: ComposeService): LeftOut {
  const { name, file } = service;
  return { path: `${name} of ${file}`, reason: `there is no ${dockerfileOf(service)}` };
}

/** Whether the Dockerfile's port is another's: of several that run one build, of whoever publishes it or says no command. */
function isSpokenFor(service: ComposeService, all: readonly ComposeService[]): boolean {
  const same = all.filter((each) => keyOf(each) === keyOf(service));
  const own = ({ command, entrypoint, unread }: ComposeService) =>
    command !== undefined || entrypoint !== undefined || unread.length > 0;
  const speaker =
    same.find(({ port }) => port !== undefined) ?? same.find((each) => !own(each)) ?? same[0];
  return own(service) && speaker !== service;
}

function keyOf(service: ComposeService): string {
  return buildKey({ ...service, dockerfile: dockerfileOf(service) });
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
  const facts = readDockerfile(textOf(root, dockerfile), target);
  const { healthPath, image, copied, starts, hidesPort } = facts;
  const port = facts.port ?? portOfServer(image);
  return {
    ...{ name, dockerfile, args: {} },
    context: context ?? buildContext(root, dockerfile, copied),
    ...(target === undefined ? {} : { target }),
    ...(port === undefined ? {} : { port }),
    ...(healthPath === undefined ? {} : { healthPath }),
    writes: writesToItsRoot(image),
    starts,
    comments: hidesPort ? ["EXPOSE names a variable that has no value in its Dockerfile."] : [],
  };
}

/** @param portIsOthers whether what the Dockerfile says of a port holds for another service. */
function fromCompose(root: string, given: ComposeService, portIsOthers: boolean): FoundService {
  const { file, name, context, target, args, port, healthPath, command, entrypoint } = given;
  const found = serviceOf(root, validName(name), dockerfileOf(given), { context, target });
  const { port: exposed, ...read } = found;
  const listens = port ?? (portIsOthers ? undefined : exposed);
  return {
    ...{ ...read, args },
    ...(listens === undefined ? {} : { port: listens }),
    ...(healthPath === undefined ? {} : { healthPath }),
    ...(entrypoint === undefined ? {} : { entrypoint }),
    ...(command === undefined ? {} : { command }),
    comments: [
      `From ${name} of ${file}.`,
      ...given.unread.map(
        ({ key, why }) => `Its ${key} there ${why}: write it here, as ${key}: [...].`,
      ),
    ],
  };
}

function dockerfileOf({ context, dockerfile }: ComposeService): string {
  return posix.join(context, dockerfile);
}

function textOf(root: string, file: string): string {
  return readFileSync(join(root, file), "utf8");
}
