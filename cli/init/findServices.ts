import { existsSync, readFileSync } from "node:fs";
import { join, posix } from "node:path";
import { buildContext } from "./buildContext";
import { composeServices, type ComposeService } from "./compose";
import { readDockerfile } from "./dockerfile";
import { withProcfiles } from "./procfile";
import { eachOnce, nameByPlace, validName } from "./serviceNames";
import { buildKey } from "./sharedImages";

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
  /** What its HEALTHCHECK asks by HTTP. */
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
  /** What no service was made of, with why. */
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
  const built = [
    ...kept.map((service) => fromCompose(root, service, isSpokenFor(service, kept))),
    ...dockerfiles
      .filter((file) => !ofNoService.test(file))
      .map((file) => serviceOf(root, nameByPlace(file), file)),
  ];
  const { services, leftOut } = withProcfiles(root, files, built);
  const ofPeople = forPeople.map((path) => ({
    path,
    reason: "for development or tests, by its name",
  }));
  return { services: eachOnce(services), leftOut: [...ofPeople, ...leftOut] };
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
  const facts = readDockerfile(read(root, dockerfile), target);
  const { port, healthPath, image, copied, starts } = facts;
  return {
    ...{ name, dockerfile, args: {} },
    context: context ?? buildContext(root, dockerfile, copied),
    ...(target === undefined ? {} : { target }),
    ...(port === undefined ? {} : { port }),
    ...(healthPath === undefined ? {} : { healthPath }),
    writes: writesToItsRoot.test(image),
    ...{ starts, comments: [] },
  };
}

/** Servers whose official images keep caches, logs or process ids below their root: read-only they do not start. */
const writesToItsRoot = /(^|\/)(nginx|nginx-unprivileged|httpd|php|wordpress|caddy)([:@]|$)/;

/** @param portIsOthers whether what the Dockerfile says of a port holds for another service. */
function fromCompose(root: string, given: ComposeService, portIsOthers: boolean): FoundService {
  const { file, name, context, target, args, port, command, entrypoint, unread } = given;
  const found = serviceOf(root, validName(name), dockerfileOf(given), { context, target });
  const { port: exposed, ...read } = found;
  const listens = port ?? (portIsOthers ? undefined : exposed);
  return {
    ...{ ...read, args },
    ...(listens === undefined ? {} : { port: listens }),
    ...(entrypoint === undefined ? {} : { entrypoint }),
    ...(command === undefined ? {} : { command }),
    comments: [
      `From ${name} of ${file}.`,
      ...unread.map(
        (key) => `Its ${key} there has variables of a shell: write it here, as ${key}: [...].`,
      ),
    ],
  };
}

function dockerfileOf({ context, dockerfile }: ComposeService): string {
  return posix.join(context, dockerfile);
}

function read(root: string, file: string): string {
  return readFileSync(join(root, file), "utf8");
}
