import { containerOf } from "../contract/containers";
import { layerCachePrefix } from "../contract/imageTags";
import { variables } from "../contract/variables";
import { readBuildSecrets } from "./buildSecrets";
import type { Clients } from "./clients";
import type { Clock } from "./clock";
import { commitDetails, type Commit } from "./commit";
import type { BuildInputs } from "../contract/build/contextHash";
import { DeliveryError } from "./errors";
import type { ImageBuilder } from "./images/builder";
import { platformOf } from "./images/registry";
import type { LayerCache } from "./images/layerCache";
import { addTag, findImage, newestTag, type StoredImage } from "./images/repository";
import type { Target } from "./target";

export interface MakeImage {
  readonly target: Target;
  readonly service: string;
  readonly commit: Commit;
  readonly clients: Pick<Clients, "ecr" | "secrets" | "ssm">;
  readonly clock: Clock;
  /** Receives a line when something begins or is decided. */
  readonly progress: (line: string) => void;
  /** Does its work with a builder that may push to the repository; not called where nothing is built. */
  readonly withBuilder: <T>(
    repositoryUri: string,
    work: (builder: ImageBuilder) => Promise<T>,
  ) => Promise<T>;
  readonly repository: string;
  /** The repository's address. */
  readonly uri: string;
  readonly inputs: BuildInputs;
  /** The second tag: by what the image is made of. */
  readonly contentTag: string;
  /** Takes nothing of what earlier builds left: an image of the same content was refused. Default: no. */
  readonly fresh?: boolean;
}

/** Between attempts to push, in milliseconds: a connection that broke comes back, or it does not. */
const pushPausesMs = [2_000, 10_000];

/**
 * Builds an image and pushes it under a tag, and then under its content's tag.
 * @returns its digest, as the registry has it.
 * @throws DeliveryError; then the tag is not there, unless the message says otherwise.
 */
export async function makeImage(options: MakeImage, tag: string): Promise<string> {
  const { service, uri, progress, repository, clients } = options;
  const reference = `${uri}:${tag}`;
  const pushed = await options.withBuilder(uri, async (builder) => {
    progress(`${service}: ${builder.name} builds ${reference} for ${options.inputs.architecture}`);
    await buildWith(builder, options, reference);
    return pushWith(builder, options, reference, tag);
  });
  const stored = await findImage(clients.ecr, repository, { imageTag: tag });
  if (stored?.digest !== pushed) {
    throw new DeliveryError(
      `${reference} is not what was pushed: the registry has ${stored?.digest ?? "nothing"} there, and ${pushed} was ` +
        "pushed. Nothing is released from it. Another build of this commit may have come in between: run the " +
        "build again, which takes what the registry has.",
    );
  }
  if (!(await addTag(clients.ecr, repository, pushed, options.contentTag))) {
    progress(`${service}: ${options.contentTag} stays on the image that had it before`);
  }
  return pushed;
}

async function buildWith(
  builder: ImageBuilder,
  options: MakeImage,
  reference: string,
): Promise<void> {
  const { target, commit, fresh = false } = options;
  const { architecture, buildArgs, secrets = {}, ...files } = options.inputs;
  const platform = platformOf(architecture);
  const values = await readBuildSecrets(secrets, options);
  const details = await commitDetails(target.root, commit.id);
  const built = await builder.build({
    ...files,
    // Whatever changes with every commit comes last in a Dockerfile, or it spoils the cache; so there is but one.
    buildArgs: { ...buildArgs, [variables.commit]: commit.id },
    ...(values ? { secrets: values } : {}),
    ...{ platform, reference, ...(fresh ? { fresh } : {}) },
    ...(target.config.registry.layerCache ? { layerCache: layerCache(options, platform) } : {}),
    ...(details ? { sourceDateEpoch: Date.parse(details.committedAt) / 1000 } : {}),
  });
  if (built === architecture) return;
  throw new DeliveryError(
    `the image of ${options.service} is for ${built}, and services.${containerOf(options.service).service}.architecture is ${architecture}; ` +
      "nothing was pushed. Use a base image that exists for it (a digest may name one platform alone), or set " +
      `architecture: ${built}.`,
  );
}

/** In the service's own repository, which has most of the layers anyway. */
function layerCache(options: MakeImage, platform: string): LayerCache {
  const { clients, commit, fresh = false, progress, repository, service, uri } = options;
  const prefix = layerCachePrefix(platform);
  return {
    to: `${uri}:${prefix}${commit.id.slice(0, 8)}`,
    from: async () => {
      const tag = fresh ? undefined : await newestTag(clients.ecr, repository, prefix);
      if (tag === undefined) return undefined;
      progress(`${service}: layers are taken from ${tag}, as far as nothing changed`);
      return `${uri}:${tag}`;
    },
  };
}

async function pushWith(
  builder: ImageBuilder,
  { clock, progress, service, repository, clients }: MakeImage,
  reference: string,
  tag: string,
): Promise<string> {
  for (const pause of pushPausesMs) {
    try {
      return await builder.push(reference);
    } catch (error) {
      if (!(error instanceof DeliveryError)) throw error;
      const there = await findImage(clients.ecr, repository, { imageTag: tag });
      if (there) throw taken(reference, there, error);
      progress(`${service}: ${error.message}; once more in ${pause / 1000} s`);
      await clock.sleep(pause);
    }
  }
  // A tag is written when all of its image is there: one that was pushed half-way is nowhere to be seen.
  return builder.push(reference);
}

/** No repetition helps: the tag does not move, from whomever the image is. */
function taken(reference: string, { digest }: StoredImage, error: DeliveryError): DeliveryError {
  return new DeliveryError(
    `${reference} is ${digest} since this build began, and does not move: another build of the commit came first, or ` +
      "this one's own push arrived without its answer. Nothing is released from it. Run the build again, which " +
      "takes what the registry has.",
    [error.message, ...error.details],
  );
}
