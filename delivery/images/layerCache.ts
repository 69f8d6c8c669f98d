import { variables } from "../../contract/variables";
import { describeEnd, tryRun } from "../run";
import type { BuilderOptions } from "./builder";
import { toolLimits } from "./limits";
import { repositoryOf } from "./registry";

/** Where a build leaves its layers for builds on other hosts. */
export interface LayerCache {
  /** `<repository>:<tag>` that it is written to, with the layers of all stages. */
  readonly to: string;
  /** The same of an earlier build, as far as there is one. Asked by builders that make use of it. */
  readonly from: () => Promise<string | undefined>;
}

/** A builder of buildx that reads and writes layers in a registry. */
export interface CachingBuilder {
  /** Undefined is the one that buildx takes by itself. */
  readonly name?: string;
  /** Removes what was started for it. */
  readonly remove: () => Promise<void>;
}

/**
 * A builder of buildx that can keep layers in a registry. Docker's own can where its engine keeps images by containerd, as
 * Docker 29 and Docker Desktop do, and CodeBuild's image does not ("Registry cache", Docker's manual). For others a BuildKit is
 * started from the image that `GANTRY_BUILDKIT_IMAGE` names, as AWS does it ("Reduce Docker image build time on AWS CodeBuild
 * using Amazon ECR as a remote cache").
 * @returns undefined where there is none; `onOutput` is told why, where one was to be started.
 */
export async function cachingBuilder(
  { to }: Pick<LayerCache, "to">,
  options: BuilderOptions,
): Promise<CachingBuilder | undefined> {
  if (await cachesByItself(options)) return { remove: () => Promise.resolve() };
  const image = options.env[variables.buildkitImage];
  return image ? started(image, repositoryOf(to), options) : undefined;
}

async function cachesByItself({ env, limits = toolLimits }: BuilderOptions): Promise<boolean> {
  const asked = { env, timeoutMs: limits.askMs };
  const { stdout } = await tryRun("docker", ["buildx", "inspect"], asked);
  const driver = /^Driver:\s*(\S+)/m.exec(stdout)?.[1];
  if (driver !== "docker") return driver !== undefined;
  const info = await tryRun("docker", ["info", "--format", "{{json .DriverStatus}}"], asked);
  return info.stdout.includes("io.containerd.snapshotter");
}

/** From the copy of its image in the repository. Where there is none one is left there: who made it answers few who give no name. */
async function started(
  image: string,
  repository: string,
  options: BuilderOptions,
): Promise<CachingBuilder | undefined> {
  const { env, onOutput, limits = toolLimits } = options;
  const docker = (timeoutMs: number, ...args: string[]) =>
    tryRun("docker", args, { env, timeoutMs });
  const name = `gantry-${process.pid}`;
  const remove = async () => void (await docker(limits.askMs, "buildx", "rm", "--force", name));
  // What is pushed of it is for this host alone, and the next build may be on another one.
  const copy = `${repository}:buildkit.${image.slice(image.lastIndexOf(":") + 1)}.${process.arch}`;
  const hasCopy = (await docker(limits.inspectMs, "pull", "--quiet", copy)).code === 0;
  const driver = [
    "--driver",
    "docker-container",
    "--driver-opt",
    `image=${hasCopy ? copy : image}`,
  ];
  const create = ["buildx", "create", "--name", name, ...driver, "--bootstrap"];
  const finished = await docker(limits.inspectMs, ...create);
  if (finished.code !== 0) {
    const reason = finished.output.trim().split("\n").at(-1) || describeEnd(finished);
    onOutput(`the layer cache is not used, since ${image} does not start: ${reason}\n`);
    await remove();
    return undefined;
  }
  if (!hasCopy && (await docker(limits.askMs, "tag", image, copy)).code === 0) {
    const pushed = await docker(limits.inspectMs, "push", "--quiet", copy);
    onOutput(
      pushed.code === 0 ? `${image} is kept as ${copy}\n` : `${image} cannot be kept as ${copy}\n`,
    );
  }
  return { name, remove };
}

/** The options of `docker buildx build`. */
export async function cacheOptions(
  { name }: CachingBuilder,
  { from, to }: LayerCache,
): Promise<string[]> {
  const earlier = await from();
  return [
    ...(name === undefined ? [] : ["--builder", name]),
    ...(earlier === undefined ? [] : ["--cache-from", `type=registry,ref=${earlier}`]),
    ...["--cache-to", `type=registry,ref=${to},${written.join()}`],
  ];
}

/**
 * The layers of all stages, for what an image is copied from takes the time; as an image's manifest, since ECR takes no other;
 * and a cache that cannot be written fails no build.
 */
const written = ["mode=max", "image-manifest=true", "oci-mediatypes=true", "ignore-error=true"];
