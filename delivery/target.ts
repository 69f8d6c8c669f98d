import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { parse } from "yaml";
import { parseConfig, type EnvironmentConfig } from "../stacks/config";
import { nearest } from "../stacks/config/nearest";
import { environmentNames, type EnvironmentNames } from "../stacks/names";
import { DeliveryError, messageOf } from "./errors";

/** The environment that a command works on. */
export interface Target {
  /** The folder of the program: where Pulumi.yaml is. */
  readonly folder: string;
  /** The Pulumi project, which addresses of resources (URNs) begin with. */
  readonly project: string;
  readonly stack: string;
  readonly region: string;
  readonly config: EnvironmentConfig;
  readonly names: EnvironmentNames;
}

const projectFile = "Pulumi.yaml";

interface ProjectFile {
  readonly name?: string;
}

interface StackFile {
  /** Null where nothing follows the key. */
  readonly config?: Readonly<Record<string, unknown>> | null;
}

/**
 * Reads an environment from `Pulumi.yaml` and `Pulumi.<stack>.yaml`, as the program itself would.
 * @param env where the region is read from, if the stack's file names none. Default: this process's.
 * @throws DeliveryError where a file is missing or no region is named; ConfigError with every fault of the config.
 */
export async function readTarget(
  folder: string,
  stack: string,
  env: NodeJS.ProcessEnv = process.env,
): Promise<Target> {
  await requireStack(folder, stack);
  const project = (await readYaml<ProjectFile>(join(folder, projectFile))).name;
  if (!project) {
    throw new DeliveryError(
      `${join(folder, projectFile)} names no project: give it a name, such as name: shop`,
    );
  }
  const given = (await readYaml<StackFile>(join(folder, `Pulumi.${stack}.yaml`))).config ?? {};
  const region = given["aws:region"] ?? env.AWS_REGION ?? env.AWS_DEFAULT_REGION;
  if (typeof region !== "string" || region === "") {
    throw new DeliveryError(
      `no region is known for ${stack}: set aws:region in Pulumi.${stack}.yaml, or AWS_REGION`,
    );
  }
  const { values, secretKeys } = asPulumiHasThem(given);
  const config = parseConfig({ project, stack, region, values, secretKeys });
  return { folder, project, stack, region, config, names: environmentNames(config) };
}

/** Objects as JSON, and which keys are encrypted: as `pulumi.runtime.allConfig()` hands them to a program. */
function asPulumiHasThem(given: Readonly<Record<string, unknown>>) {
  const entries = Object.entries(given).map(
    ([key, value]) => [key, typeof value === "string" ? value : JSON.stringify(value)] as const,
  );
  const secretKeys = Object.keys(given).filter((key) => {
    const value = given[key];
    return typeof value === "object" && value !== null && "secure" in value;
  });
  return { values: Object.fromEntries(entries), secretKeys: new Set(secretKeys) };
}

/** Whoever is in the wrong folder, or misspelt the stack, is told what there is. */
async function requireStack(folder: string, stack: string): Promise<void> {
  const files = await readdir(folder).catch((): string[] => []);
  if (!files.includes(projectFile)) {
    throw new DeliveryError(
      `there is no ${projectFile} in ${folder}: run gantry in the folder of the program, or name it: --folder <folder>`,
    );
  }
  const stacks = files.flatMap((file) => /^Pulumi\.(.+)\.yaml$/.exec(file)?.[1] ?? []).sort();
  if (stacks.includes(stack)) return;
  const meant = nearest(stack, stacks);
  throw new DeliveryError(
    `there is no stack ${stack} in ${folder}: it has ${stacks.join(", ") || "none"}` +
      `${meant ? `. Is ${meant} meant?` : ""} (a stack has a file Pulumi.<stack>.yaml there)`,
  );
}

async function readYaml<T extends object>(path: string): Promise<Partial<T>> {
  let content: unknown;
  try {
    content = parse(await readFile(path, "utf8")) ?? {};
  } catch (error) {
    const reason = messageOf(error);
    throw new DeliveryError(
      `${path} cannot be read: correct what is wrong in it`,
      reason.split("\n").filter((line) => line.trim() !== ""),
    );
  }
  if (typeof content === "object") return content as Partial<T>;
  throw new DeliveryError(`${path} holds no settings: write them as name: value, one a line`);
}
