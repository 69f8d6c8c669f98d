import { posix } from "node:path";
import { wordsOfName } from "./serviceNames";

/** What no service is made of, and why. */
export interface LeftOut {
  readonly path: string;
  readonly reason: string;
}

/** Files that services may be made of, and those that are not, with why. */
export interface Chosen {
  readonly files: readonly string[];
  readonly leftOut: readonly LeftOut[];
}

const isDockerfile =
  /(^|\/)((Dockerfile|Containerfile)([._-][\w.-]+)?|[\w.-]+[._-](Dockerfile|Containerfile))$/i;
/** Beside a Dockerfile, or what one is made of. */
const isOther =
  /\.((docker|container)ignore|j2|jinja2?|te?mpl|template|erb|in|md|txt|orig|bak|sh)$/i;
/** In the order in which Compose looks for one of them in a folder. */
const composeNames = ["compose.yaml", "compose.yml", "docker-compose.yml", "docker-compose.yaml"];
const isComposeOverlay = /^(docker-)?compose[.-][\w.-]+\.ya?ml$/;
const ofNoService =
  /(^|[/._-])(dev|devel|development|local|tests?|testing|e2e|ci|debug|fixtures?|examples?|samples?|docs|builder|base)([/._-]|$)/i;

/** Whether any of this looks at a file. */
export function isCandidate(file: string): boolean {
  const name = posix.basename(file);
  return isDockerfile.test(file) || name === "Procfile" || isCompose(name);
}

function isCompose(name: string): boolean {
  return composeNames.includes(name) || isComposeOverlay.test(name);
}

/** The compose files that Compose itself would take, one in a folder. */
export function composeFilesOf(all: readonly string[]): Chosen {
  const own = all.filter(
    (file) => isCompose(posix.basename(file)) && !ofNoService.test(posix.dirname(file)),
  );
  const inFolder = (file: string) =>
    own
      .filter((other) => posix.dirname(other) === posix.dirname(file))
      .map((o) => posix.basename(o));
  const taken = (file: string) => composeNames.find((name) => inFolder(file).includes(name));
  const files = own.filter((file) => posix.basename(file) === taken(file));
  const leftOut = own
    .filter((file) => !files.includes(file))
    .map((path) => ({
      path,
      reason: isComposeOverlay.test(posix.basename(path))
        ? "Compose takes it only where it is told to"
        : `Compose takes ${taken(path)} beside it`,
    }));
  return { files, leftOut };
}

/** @param built Dockerfiles that compose files build. */
export function dockerfilesOf(all: readonly string[], built: ReadonlySet<string>): Chosen {
  const named = all.filter((file) => isDockerfile.test(file) && !isOther.test(file));
  const forPeople = [...new Set([...named, ...built])].filter(isForPeople);
  const own = named.filter((file) => !isForPeople(file));
  const files = own.filter((file) => variantOf(file, own, built) === file);
  return {
    files: files.filter((file) => !built.has(file)),
    leftOut: [
      ...forPeople.map((path) => ({ path, reason: "for development or tests, by its name" })),
      ...own
        .filter((file) => !files.includes(file) && !built.has(file))
        .map((path) => ({ path, reason: `another build of ${variantOf(path, own, built)}` })),
    ],
  };
}

/** By its name or its folders'. */
export function isForPeople(dockerfile: string): boolean {
  return ofNoService.test(dockerfile);
}

/** Of several Dockerfiles of one service in a folder: what a compose file builds, what is for production, or the plain one. */
function variantOf(
  file: string,
  all: readonly string[],
  built: ReadonlySet<string>,
): string | undefined {
  const service = (one: string) => `${posix.dirname(one)}/${wordsOfName(one).service}`;
  const same = all.filter((other) => service(other) === service(file));
  const variants = (one: string) => wordsOfName(one).variants;
  return (
    same.find((one) => built.has(one)) ??
    same.find((one) => variants(one).some((word) => /^(prod|production|release)$/i.test(word))) ??
    same.find((one) => variants(one).length === 0) ??
    same[0]
  );
}
