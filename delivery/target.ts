import { copyFile, readFile } from "node:fs/promises";
import { join } from "node:path";
import { parse } from "yaml";
import { parseConfig, type EnvironmentConfig } from "../stacks/config";
import { readEngineConfig, type EngineConfig } from "../stacks/config/engineYaml";
import { artifactFolder, artifacts } from "../contract/artifacts";
import { isRecord } from "../contract/record";
import { repositoryRoot } from "../contract/repositoryRoot";
import { environmentNames, type EnvironmentNames } from "../contract/names";
import { DeliveryError, messageOf } from "./errors";
import { asJson } from "./issues";
import { toStandardError, type Log } from "./progress";
import { noStackText, projectFile, stackFileName, stacksOf } from "./projectFolder";

/** The environment that a command works on. */
export interface Target {
  /** The folder of the program: where Pulumi.yaml is. */
  readonly folder: string;
  /** The root of the repository that it lies in: paths in config are relative to it. */
  readonly root: string;
  /** The Pulumi project, which addresses of resources (URNs) begin with. */
  readonly project: string;
  readonly stack: string;
  readonly region: string;
  readonly config: EnvironmentConfig;
  readonly names: EnvironmentNames;
}

interface ProjectFile {
  readonly name?: string;
}

/** What a stack's file says. */
export interface StackFile extends EngineConfig {
  /** The Pulumi project. */
  readonly project: string;
  /** Its path. */
  readonly file: string;
  readonly text: string;
}

/** The file of a stack in its project, where Pulumi looks for it. */
export function stackFileOf(folder: string, stack: string): string {
  return join(folder, stackFileName(stack));
}

/**
 * Where the file of a stack is read: in the project, or beside the source where it is kept in a bucket and a build was handed it.
 * @param note is told where the source has another one, which does not count. Default: nobody is.
 * @throws DeliveryError where the build was handed another stack's, or a commit brings another one as well.
 */
async function placeOfStackFile(
  folder: string,
  stack: string,
  env: NodeJS.ProcessEnv = process.env,
  note?: Log,
): Promise<string> {
  const own = stackFileOf(folder, stack);
  const handed = artifactFolder(artifacts.config, env);
  if (handed === undefined) return own;
  const file = stackFileOf(handed, stack);
  const [text, ownText] = await Promise.all([readIfThere(file), readIfThere(own)]);
  const name = stackFileName(stack);
  if (text === undefined) {
    throw new DeliveryError(
      `the bucket that gantry:pipeline.config names has no ${name} in the object of ${stack}: gantry config push --stack ${stack} ` +
        "puts it there. Nothing was done",
    );
  }
  if (ownText === undefined || ownText === text) return file;
  if (isPromotedInto(text)) {
    // Releases that were made before the file was moved go on to have it: nobody can take it out of them.
    note?.(
      `${name} is that of the bucket: the release was made of a commit with another one, which does not count`,
    );
    return file;
  }
  throw new DeliveryError(
    `the source has ${name}, and the bucket that gantry:pipeline.config names has another one: nobody knows which is meant. Nothing was done. ` +
      `To keep it in the bucket alone: git rm --cached ${name}, add it to .gitignore, and commit; to keep it in git: take config out of gantry:pipeline, pulumi up --stack ${stack}`,
  );
}

/** Whether releases come to the stack from another one, by its file. */
function isPromotedInto(text: string): boolean {
  try {
    const pipeline = asJson(readEngineConfig(text).values["gantry:pipeline"] ?? "");
    return isRecord(pipeline) && pipeline.source === undefined;
  } catch {
    return true; // what is wrong with it is said where it is read
  }
}

/**
 * Copies the file of a stack that is kept in a bucket to where Pulumi looks for it. Nothing else may run in the folder afterwards: the
 * file would be part of the source.
 */
export async function putInProject({
  folder,
  stack,
}: Pick<Target, "folder" | "stack">): Promise<void> {
  const file = await placeOfStackFile(folder, stack);
  if (file !== stackFileOf(folder, stack)) await copyFile(file, stackFileOf(folder, stack));
}

async function readIfThere(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}

/**
 * Reads a stack's file as Pulumi's engine does, and checks nothing of what it says.
 * @param file default: {@link stackFileOf}, or what a build was handed from a bucket.
 * @throws DeliveryError where a file is missing, or is no YAML with settings.
 */
export async function readStackFile(
  folder: string,
  stack: string,
  file?: string,
  env: NodeJS.ProcessEnv = process.env,
): Promise<StackFile> {
  if (file === undefined) requireStack(folder, stack, env);
  const project = (await readYaml<ProjectFile>(join(folder, projectFile))).name;
  if (!project) {
    throw new DeliveryError(
      `${join(folder, projectFile)} names no project: give it a name, such as name: shop`,
    );
  }
  const path = file ?? (await placeOfStackFile(folder, stack, env, toStandardError));
  await readYaml(path);
  return readFileAs(path, (text) => ({ project, file: path, text, ...readEngineConfig(text) }));
}

/**
 * Reads an environment from `Pulumi.yaml` and `Pulumi.<stack>.yaml`, as the program itself would.
 * @param env where the region is read from, if the stack's file names none. Default: this process's.
 * @param file what is read in place of the stack's file.
 * @throws DeliveryError where a file is missing or no region is named; ConfigError with every fault of the config.
 */
export async function readTarget(
  folder: string,
  stack: string,
  env: NodeJS.ProcessEnv = process.env,
  file?: string,
): Promise<Target> {
  const { project, values, secretKeys, rewritten } = await readStackFile(folder, stack, file, env);
  const region = values["aws:region"] ?? env.AWS_REGION ?? env.AWS_DEFAULT_REGION;
  if (!region) {
    throw new DeliveryError(
      `no region is known for ${stack}: set aws:region in Pulumi.${stack}.yaml, or AWS_REGION`,
    );
  }
  const config = parseConfig({ project, stack, region, values, secretKeys, rewritten });
  return {
    ...{ folder, root: repositoryRoot(folder, env), project, stack, region, config },
    names: environmentNames(config),
  };
}

/** @throws DeliveryError with what there is, for whoever is in the wrong folder or misspelt the stack. */
export function requireStack(
  folder: string,
  stack: string,
  env: NodeJS.ProcessEnv = process.env,
): void {
  const stacks = stacksOf(folder, env);
  if (!stacks.includes(stack)) throw new DeliveryError(noStackText(folder, stack, stacks));
}

async function readYaml<T extends object>(path: string): Promise<Partial<T>> {
  const content: unknown = await readFileAs(path, (text): unknown => parse(text) ?? {});
  if (typeof content === "object") return content as Partial<T>;
  throw new DeliveryError(`${path} holds no settings: write them as name: value, one a line`);
}

async function readFileAs<T>(path: string, read: (text: string) => T): Promise<T> {
  try {
    return read(await readFile(path, "utf8"));
  } catch (error) {
    const reason = messageOf(error);
    throw new DeliveryError(
      `${path} cannot be read: correct what is wrong in it`,
      reason.split("\n").filter((line) => line.trim() !== ""),
    );
  }
}
