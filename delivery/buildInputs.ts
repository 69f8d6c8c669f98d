import { realpath } from "node:fs/promises";
import { join, relative, sep } from "node:path";
import { dockerfilePath, type BuildConfig, type ServiceConfig } from "../stacks/config";
import { requireUnchanged, type Commit } from "./commit";
import type { BuildInputs } from "../contract/build/contextHash";
import { DeliveryError } from "./errors";
import { contextRules, ignoreFilesOf } from "../contract/build/contextRules";
import type { Target } from "./target";

/** A service whose image is built here. */
export interface BuiltService extends Pick<ServiceConfig, "architecture"> {
  readonly build: BuildConfig;
}

/**
 * What the image of a service is built from at a commit.
 * @throws DeliveryError where a link leads out of the repository, or a file that the builder would see is not the commit's.
 */
export async function buildInputs(
  { root }: Pick<Target, "root">,
  { build, architecture }: BuiltService,
  commit: Commit,
): Promise<BuildInputs> {
  const { context, target, args, secrets } = build;
  const inputs: BuildInputs = {
    context: join(root, context),
    dockerfile: join(root, dockerfilePath(build)),
    ...(target === undefined ? {} : { target }),
    ...{ buildArgs: args, secrets, architecture },
  };
  const { docker, containers } = ignoreFilesOf(inputs);
  const files = [inputs.dockerfile, docker, containers].filter((file) => file !== undefined);
  const realContext = await placeOf(root, inputs.context);
  const deciding = await Promise.all(files.map((file) => placeOf(root, file)));
  const rules = contextRules(inputs);
  await requireUnchanged(root, [realContext, ...deciding], commit, (path) => {
    const inContext = fromFolder(realContext, path);
    const isCopied = !isOutside(inContext) && !rules.excludes(inContext);
    return isCopied || deciding.includes(path);
  });
  return inputs;
}

/**
 * A place's path from the repository's root, with links followed, as git has it. Config is checked by its words alone: a link may
 * lead anywhere. What is missing is told when it is read.
 */
async function placeOf(root: string, path: string): Promise<string> {
  const repository = await realpath(root);
  const real = await realpath(path).catch(() => undefined);
  const place = real === undefined ? fromFolder(root, path) : fromFolder(repository, real);
  if (!isOutside(place)) return place || ".";
  throw new DeliveryError(
    `${fromFolder(root, path)} is a link out of the repository, to ${real}: what an image is built of is in its commit`,
  );
}

function isOutside(path: string): boolean {
  return path === ".." || path.startsWith("../");
}

function fromFolder(folder: string, path: string): string {
  return relative(folder, path).split(sep).join("/");
}
