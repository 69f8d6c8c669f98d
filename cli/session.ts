import { mkdir, readFile, writeFile } from "node:fs/promises";
import { hostname, userInfo } from "node:os";
import { dirname, join, resolve } from "node:path";
import { variables } from "../contract/variables";
import {
  artifactFolder,
  artifacts,
  releaseFiles,
  releaseFolder,
  verificationFile as verificationFileName,
} from "../contract/artifacts";
import {
  interactiveAttempts,
  makeClients,
  type CallLimits,
  type Clients,
} from "../delivery/clients";
import { Deadline, timeoutMinutesOf } from "../delivery/deadline";
import { DeliveryError, messageOf } from "../delivery/errors";
import { withRegistry, type ImageRegistry } from "../delivery/images/registry";
import { Ledger, type ReleaseOrigin } from "../delivery/ledger";
import { readOrigin } from "../delivery/releaseOrigin";
import { systemClock } from "../delivery/clock";
import { readTarget, type Target } from "../delivery/target";
import { parseRelease, type Release } from "../contract/manifest";
import { commandTimes, deliveryTimes, type TimedAction } from "../contract/times";
import { repositoryRoot } from "../contract/repositoryRoot";
import { tell, type CommonOptions } from "./command";

/** What a command works with. */
export interface Session {
  readonly target: Target;
  readonly clients: Clients;
  readonly ledger: Ledger;
}

/** For a command that changes something: where it is interrupted, it says that this is not over. */
export async function openSession(options: CommonOptions): Promise<Session> {
  const session = await openReading(options);
  tellInterruption(session.target.stack);
  return session;
}

/** {@link openSession} for a command that changes nothing. @param limits of calls to AWS. Default: those of a deployment. */
export async function openReading(
  { stack, folder }: CommonOptions,
  limits?: CallLimits,
): Promise<Session> {
  const target = await readTarget(resolve(folder), stack);
  const clients = makeClients(target.region, undefined, undefined, limits);
  const ledger = new Ledger(clients.dynamodb, target.names.ledger, systemClock, stack);
  return { target, clients, ledger };
}

let tellsInterruption = false;

/**
 * Has a command that changes something by now say so where Ctrl-C, or whoever stops its build, ends it: without a word it would look as if
 * nothing were left to do. Ends it all the same, as do those beside it that listen.
 */
export function tellInterruption(stack: string): void {
  if (tellsInterruption) return;
  tellsInterruption = true;
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.once(signal, () => {
      tell(
        `interrupted (${signal}): what this was doing is not over. Run it again, which takes it up; ` +
          `gantry status --stack ${stack} says how things are`,
      );
      process.kill(process.pid, signal);
    });
  }
}

/** {@link openReading} for a person who waits for an answer, and changes no service. */
export function openQuestion(options: CommonOptions): Promise<Session> {
  return openReading(options, { attempts: interactiveAttempts });
}

/** Who does it: an execution of the pipeline, or a person. */
export function whoActs(env: NodeJS.ProcessEnv = process.env): { owner: string; actor: string } {
  const person = `${userInfo().username}@${hostname()}`;
  return {
    owner: env[variables.execution] || person,
    actor: env.CODEBUILD_INITIATOR || person,
  };
}

/**
 * When this command ends, whatever it waits for: before the action's time-out, or where a person calls it as if it were one.
 * @throws DeliveryError where the environment's time-out is none.
 */
export function deadlineOf({ target }: Session, action: TimedAction): Deadline {
  const times = deliveryTimes(target.config);
  return new Deadline(systemClock, commandTimes(times, action, timeoutMinutesOf()));
}

/** Runs `work` with the registry of the environment. */
export function withTargetRegistry<T>(
  { clients }: Session,
  work: (registry: ImageRegistry) => Promise<T>,
): Promise<T> {
  return withRegistry(clients.ecr, work);
}

/** Where the release is described: the artifact `Release`, else what a promoted bundle brings along. */
export function releaseFile(folder: string, given: string | undefined, name: string): string {
  if (given !== undefined) return resolve(given);
  const bundled = join(repositoryRoot(resolve(folder)), releaseFolder);
  return join(artifactFolder(artifacts.release) ?? bundled, name);
}

/**
 * Where the result of the verification is: the artifact `Verification`, where nothing else is given.
 * @throws DeliveryError outside of the pipeline.
 */
export function verificationFile(given: string | undefined): string {
  if (given !== undefined) return resolve(given);
  const folder = artifactFolder(artifacts.verification);
  if (folder !== undefined) return join(folder, verificationFileName);
  throw new DeliveryError(
    "nothing says how the verification went: give --verification <file>, which gantry verify writes",
  );
}

/** @throws DeliveryError where there is no such file; ReleaseError where it is malformed. */
export async function readRelease(folder: string, given: string | undefined): Promise<Release> {
  const path = releaseFile(folder, given, releaseFiles.release);
  return parseRelease(await readText(path, "the release", "--release"), path);
}

/** Where a release comes from, as the evidence beside it says; undefined where there is none. */
export function originOf(
  folder: string,
  given: string | undefined,
  { id }: Release,
): Promise<ReleaseOrigin | undefined> {
  const beside =
    given === undefined
      ? releaseFile(folder, undefined, releaseFiles.evidence)
      : join(dirname(resolve(given)), releaseFiles.evidence);
  return readOrigin(beside, id);
}

/** @throws DeliveryError naming what is missing, and the option that says where it is. */
export async function readText(path: string, what: string, option: string): Promise<string> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    const reason = messageOf(error);
    throw new DeliveryError(`${what} cannot be read: ${reason}. Say where it is: ${option} <file>`);
  }
}

/** @throws DeliveryError where it is not JSON. */
export async function readJson<T>(path: string, what: string, option: string): Promise<T> {
  const text = await readText(path, what, option);
  try {
    return JSON.parse(text) as T;
  } catch {
    throw new DeliveryError(`${what} in ${path} is not JSON`);
  }
}

/**
 * Writes files of these names and contents into a folder, which is made.
 * @throws DeliveryError where that is not possible.
 */
export async function writeFiles(
  folder: string,
  files: Readonly<Record<string, string>>,
): Promise<void> {
  try {
    await mkdir(folder, { recursive: true });
    for (const [name, content] of Object.entries(files)) {
      await writeFile(join(folder, name), content);
    }
  } catch (error) {
    const reason = messageOf(error);
    throw new DeliveryError(
      `the result cannot be written: ${reason}. Name a folder that you may write to: --output <folder>`,
    );
  }
}

/**
 * Writes a page for people.
 * @throws DeliveryError where that is not possible.
 */
export async function writePage(file: string, html: string): Promise<void> {
  try {
    await writeFile(file, html);
  } catch (error) {
    const reason = messageOf(error);
    throw new DeliveryError(
      `the page cannot be written: ${reason}. Name a file in a folder that is there, and that you may write: --html <file>`,
    );
  }
}

export function asJson(content: unknown): string {
  return `${JSON.stringify(content, undefined, 2)}\n`;
}
