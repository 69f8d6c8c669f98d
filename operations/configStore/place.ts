import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { parse } from "yaml";
import { isRecord } from "../../contract/record";
import { configKey, environmentNames } from "../../contract/names";
import { DeliveryError, messageOf } from "../../delivery/errors";
import { asJson } from "../../delivery/issues";
import { filesOfProject, projectFile } from "../../delivery/projectFolder";
import { stackFileOf } from "../../delivery/target";
import { readEngineConfig } from "../../stacks/config/engineYaml";
import { readIfThere } from "../config/replace";

/** Where the file of a stack is kept, in a bucket and here. */
export interface ConfigPlace {
  readonly folder: string;
  readonly stack: string;
  /** The Pulumi project. */
  readonly project: string;
  readonly bucket: string;
  readonly key: string;
  readonly region: string;
  /** The file here, which need not be there. */
  readonly file: string;
  /** The stack's pipeline, where the file here has one. */
  readonly pipeline?: {
    readonly name: string;
    /** Whether it takes the file from the bucket. */
    readonly takesConfig: boolean;
    /** Whether commits enter there, so that nothing is promoted into it. */
    readonly takesCommits: boolean;
  };
}

export interface PlaceOptions {
  readonly folder: string;
  readonly stack: string;
  /** `--bucket`. */
  readonly bucket?: string;
}

/**
 * The bucket that `--bucket` or the stack's file names (`gantry:pipeline.config.bucket`), else that of Pulumi's state. The stack's file need
 * not be there, nor be in order: it may be what is fetched.
 * @throws DeliveryError where nothing names a bucket or a region, or two are named.
 */
export async function placeOfConfig(
  { folder, stack, bucket: given }: PlaceOptions,
  env: NodeJS.ProcessEnv = process.env,
): Promise<ConfigPlace> {
  if (!/^[A-Za-z0-9_-][A-Za-z0-9_.-]{0,99}$/.test(stack)) {
    throw new DeliveryError(
      `${JSON.stringify(stack)} cannot be a stack: it has letters, digits, hyphens, underscores and periods alone`,
    );
  }
  const { project, backendUrl } = await readProject(folder);
  const file = stackFileOf(folder, stack);
  const values = valuesIn(file);
  const pipeline = asRecord(asJson(values["gantry:pipeline"] ?? ""));
  const said = textOf(asRecord(pipeline?.config)?.bucket);
  if (given !== undefined && said !== undefined && given !== said) {
    throw new DeliveryError(
      `--bucket is ${given}, and gantry:pipeline.config.bucket of Pulumi.${stack}.yaml is ${said}, where its pipeline looks: leave --bucket out, or change the file. Nothing was done`,
    );
  }
  const states = [textOf(asRecord(pipeline?.state)?.backendUrl), backendUrl];
  const state = states.map(bucketOfState).find((one) => one !== undefined);
  const bucket = given ?? said ?? state?.bucket;
  if (bucket === undefined) {
    throw new DeliveryError(
      `nothing says which bucket has Pulumi.${stack}.yaml: name it, --bucket <bucket>. Gantry goes by gantry:pipeline.config.bucket of the file, ` +
        `and else by the bucket of Pulumi's state (backend.url of ${projectFile})`,
    );
  }
  const ofState = bucket === state?.bucket ? state.region : undefined;
  const region =
    textOf(values["aws:region"]) ?? ofState ?? (env.AWS_REGION || env.AWS_DEFAULT_REGION);
  if (!region) {
    throw new DeliveryError(
      `no region is known for ${bucket}: set AWS_REGION to that of ${stack}. Nothing was done`,
    );
  }
  // What names a product is its own setting, and else the project.
  const name = textOf(values["gantry:name"]) ?? project;
  return {
    ...{ folder, stack, project, bucket, region, file },
    key: configKey(project, stack),
    ...("gantry:pipeline" in values
      ? {
          pipeline: {
            name: environmentNames({ name, stack }).pipeline,
            takesConfig: said !== undefined,
            takesCommits: pipeline?.source !== undefined,
          },
        }
      : {}),
  };
}

/** `s3://<bucket>/<key>`. */
export function addressOf({ bucket, key }: Pick<ConfigPlace, "bucket" | "key">): string {
  return `s3://${bucket}/${key}`;
}

async function readProject(folder: string) {
  filesOfProject(folder);
  const file = join(folder, projectFile);
  let content: unknown;
  try {
    content = parse(await readFile(file, "utf8"));
  } catch (error) {
    throw new DeliveryError(`${file} cannot be read: ${messageOf(error)}. Nothing was done`);
  }
  const project = textOf(asRecord(content)?.name);
  if (project === undefined) {
    throw new DeliveryError(`${file} names no project: give it a name, such as name: shop`);
  }
  return { project, backendUrl: textOf(asRecord(asRecord(content)?.backend)?.url) };
}

/** Of a file that is absent or no YAML, none. */
function valuesIn(file: string): Readonly<Record<string, string>> {
  try {
    return readEngineConfig(readIfThere(file)?.toString() ?? "").values;
  } catch {
    return {};
  }
}

function bucketOfState(url: string | undefined) {
  const [, bucket, query = ""] = /^s3:\/\/([^/?]+)[^?]*(\?.*)?$/.exec(url ?? "") ?? [];
  if (bucket === undefined) return undefined;
  return { bucket, region: new URLSearchParams(query).get("region") ?? undefined };
}

function asRecord(value: unknown): Record<string, unknown> | undefined {
  return isRecord(value) ? value : undefined;
}

function textOf(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}
