import { readFileSync } from "node:fs";
import { join, posix } from "node:path";
import { words } from "../../importers/values";
import { secretInCommand } from "../../stacks/config/secretValues";
import type { LeftOut } from "./candidates";
import type { Found, FoundService } from "./findServices";
import { validName } from "./serviceNames";
import { buildKey } from "./sharedImages";

/** A line of a Procfile: `worker: bundle exec sidekiq`. */
interface Process {
  readonly type: string;
  readonly line: string;
}

/** Process types by which people open a session. */
const sessions = /^(console|shell|bash|repl|rake|psql|debug)$/;

/**
 * Services with what a Procfile beside their Dockerfile, or in its context, says: a service for each of its lines, and
 * `release` before each deployment. Where a compose file has several services of that Dockerfile, these stay as they are.
 * @param files of the repository, from its root.
 */
export function withProcfiles(
  root: string,
  files: readonly string[],
  services: readonly FoundService[],
): Found {
  const leftOut: LeftOut[] = [];
  const builds = [...new Map(services.map((each) => [buildKey(each), each])).values()];
  const all = builds.flatMap((build) => {
    const same = services.filter((each) => buildKey(each) === buildKey(build));
    const file = procfileOf(build, builds, files);
    if (file === undefined) return same;
    const all = processesIn(readFileSync(join(root, file), "utf8"));
    const processes = all.filter((process) => reasonAgainst(process) === undefined);
    leftOut.push(
      ...all.flatMap((process) => {
        const reason = reasonAgainst(process);
        return reason === undefined ? [] : [{ path: `${process.type} of ${file}`, reason }];
      }),
    );
    if (same.length > 1) leftOut.push(...besideCompose(processes, same, file));
    const [first, ...rest] = same.length > 1 ? same : servicesOf(same[0], file, processes);
    const release = processes.find(({ type }) => type === "release");
    return [release ? withRelease(first, file, release) : first, ...rest];
  });
  return { services: all, leftOut };
}

/** Lines of what no service of the compose file is called. */
function besideCompose(
  processes: readonly Process[],
  services: readonly FoundService[],
  file: string,
): LeftOut[] {
  const named = new Set(["release", ...services.map(({ name }) => name)]);
  const reason = "a compose file says which services its image has";
  return processes
    .filter(({ type }) => !named.has(type))
    .map(({ type }) => ({ path: `${type} of ${file}`, reason }));
}

/** Why nothing is made of a line; undefined where something is. */
function reasonAgainst({ type, line }: Process): string | undefined {
  if (sessions.test(type)) return "a session for people";
  return secretInCommand(line) === undefined
    ? undefined
    : "its command has what looks like a secret: name that in secrets, and write the service yourself";
}

/** Of several Dockerfiles that could be meant the one that is called so and nothing else. */
function procfileOf(
  build: FoundService,
  all: readonly FoundService[],
  files: readonly string[],
): string | undefined {
  const beside = ({ dockerfile, context }: FoundService) =>
    [posix.dirname(dockerfile), context].map((folder) => posix.join(folder, "Procfile"));
  return beside(build).find((file) => {
    if (!files.includes(file)) return false;
    const others = all.filter((each) => each !== build && beside(each).includes(file));
    const isPlain = /(^|\/)(Dockerfile|Containerfile)$/.test(build.dockerfile);
    return (
      others.length === 0 || (isPlain && posix.dirname(build.dockerfile) === posix.dirname(file))
    );
  });
}

/** Types and commands; comments and what is no line of its kind are passed over. */
export function processesIn(text: string): Process[] {
  return text.split(/\r?\n/).flatMap((each) => {
    const [, type, line] = /^([A-Za-z0-9_-]+):\s*(\S.*?)\s*$/.exec(each) ?? [];
    return type === undefined ? [] : [{ type, line }];
  });
}

function servicesOf(
  own: FoundService,
  file: string,
  processes: readonly Process[],
): readonly [FoundService, ...FoundService[]] {
  const web = processes.find(({ type }) => type === "web");
  const others = processes.filter(({ type }) => type !== "web" && type !== "release");
  const workers = others.map((process) => workerOf(own, file, process));
  if (web !== undefined) return [webOf(own, file, web), ...workers];
  const [first, ...rest] = workers;
  return own.port === undefined && first !== undefined ? [first, ...rest] : [own, ...workers];
}

/** A Procfile's web process listens on what PORT says, so that any port will do. */
function webOf(own: FoundService, file: string, { line }: Process): FoundService {
  const isTold = own.command !== undefined || own.starts.length > 0;
  return {
    ...own,
    port: own.port ?? 3000,
    ...(isTold ? {} : { command: commandOf(line) }),
    comments: [
      ...own.comments,
      isTold
        ? `Is web of ${file} as well; the image's own command is kept.`
        : `From web of ${file}.`,
    ],
  };
}

function workerOf(own: FoundService, file: string, { type, line }: Process): FoundService {
  const name = posix.dirname(own.dockerfile) === "." ? type : `${own.name}-${type}`;
  const isBehind = own.starts.includes("ENTRYPOINT");
  return {
    ...own,
    ...{ name: validName(name), command: commandOf(line), port: undefined },
    comments: [
      `From ${type} of ${file}.`,
      ...(isBehind
        ? ["It runs behind the image's entry point; entrypoint: [...] replaces that."]
        : []),
    ],
  };
}

function withRelease(own: FoundService, file: string, { line }: Process): FoundService {
  const comments = [...own.comments, `Its release command is from release of ${file}.`];
  return { ...own, releaseCommand: commandOf(line), comments };
}

/** Lines are a shell's. What a shell makes nothing of runs without one, which gets signals itself. */
function commandOf(line: string): readonly string[] {
  const plain = /^\w+=|[*?[~()\\#!]/.test(line) ? undefined : words(line);
  if (plain !== undefined) return plain;
  const isOne = !/^\w+=|^exec |[|&;<>()`]/.test(line);
  return ["sh", "-c", isOne ? `exec ${line}` : line];
}
