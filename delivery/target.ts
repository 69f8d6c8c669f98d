import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { parse } from "yaml";
import { parseConfig, type EnvironmentConfig } from "../stacks/config";
import { environmentNames, type EnvironmentNames } from "../stacks/names";
import { DeliveryError } from "./errors";

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

interface ProjectFile {
  readonly name?: string;
}

interface StackFile {
  readonly config?: Readonly<Record<string, unknown>>;
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
  const project = (await readYaml<ProjectFile>(join(folder, "Pulumi.yaml"))).name;
  if (!project) {
    throw new DeliveryError(`${join(folder, "Pulumi.yaml")} names no project`);
  }
  const { config: given = {} } = await readYaml<StackFile>(join(folder, `Pulumi.${stack}.yaml`));
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

async function readYaml<T>(path: string): Promise<T> {
  try {
    return (parse(await readFile(path, "utf8")) ?? {}) as T;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new DeliveryError(
      `${path} cannot be read: ${reason}. Run gantry in the folder of Pulumi.yaml, and name a stack that has a file there.`,
    );
  }
}
