import {
  ecrRepositoryOf,
  parseImageReference,
  repositoryOfReference,
  type ImageReference,
} from "../contract/imageReference";
import { configPathOf, containerOf } from "../contract/containers";
import { contentTag } from "../contract/build/contextHash";
import { DeliveryError } from "./errors";
import { addTag, commitTagOf, findImage } from "./images/repository";
import type { ImageRegistry } from "./images/registry";
import type { Commit } from "./commit";
import { copyInto, type CopyOptions } from "./copyInto";

export interface CopiedImageOptions extends CopyOptions {
  readonly commit: Commit;
  /** The image that is built elsewhere, by tag or digest. */
  readonly image: string;
  readonly architecture: "X86_64" | "ARM64";
}

/** An image of elsewhere in the service's own repository. */
export interface CopiedImage {
  readonly tag: string;
  readonly digest: string;
  /** Whether it was there already. */
  readonly reused: boolean;
  /** The tag of what it is, which stays with it. */
  readonly content: string;
}

/**
 * Copies an image that is built elsewhere into a service's repository, by the digest that its tag has now, of the one architecture.
 * What the commit got before stays what it has, wherever the tag has been moved to since. An image that is named by its digest
 * and was copied before is not asked for again.
 * @throws DeliveryError where it cannot be read or copied, or is not for the architecture.
 */
export async function copiedImage(options: CopiedImageOptions): Promise<CopiedImage> {
  const { clients, repository, service, progress, commit, image } = options;
  const reference = parseImageReference(image);
  if (reference === undefined) throw new DeliveryError(`${image} is no image`);
  const tag = commit.id.slice(0, 8);
  const existing = await findImage(clients.ecr, repository, { imageTag: tag });
  if (existing) {
    progress(`${service}: ${tag} is there already; nothing is copied`);
    const content = contentOf(reference.digest ?? existing.digest);
    // An earlier run may have ended between the two tags.
    await addTag(clients.ecr, repository, existing.digest, content);
    return { tag, digest: existing.digest, reused: true, content };
  }
  const pinned = reference.digest && (await foundBy(options, reference.digest));
  if (pinned) return pinned;
  const origin = repositoryOfReference(reference);
  const accesses = ecrRepositoryOf(reference) ? [origin, options.uri] : [options.uri];
  return options.withRegistry(accesses, async (registry) => {
    const digest = await digestOf(registry, reference, options);
    const found = reference.digest ? undefined : await foundBy(options, digest);
    if (found) return found;
    await copyInto({ ...options, registry }, { from: `${origin}@${digest}`, tag, digest });
    const content = contentOf(reference.digest ?? digest);
    if (!(await addTag(clients.ecr, repository, digest, content))) {
      progress(`${service}: ${content} stays on the image that had it before`);
    }
    return { tag, digest, reused: false, content };
  });
}

function contentOf(digest: string): string {
  return contentTag(digest.slice("sha256:".length).slice(0, 16));
}

async function foundBy(
  { clients, repository, service, progress, image }: CopiedImageOptions,
  given: string,
): Promise<CopiedImage | undefined> {
  const content = contentOf(given);
  const found = await findImage(clients.ecr, repository, { imageTag: content });
  const tag = found && commitTagOf(found);
  if (!found || !tag) return undefined;
  progress(`${service}: ${image} was copied as ${tag}; that image is taken (${content})`);
  return { tag, digest: found.digest, reused: true, content };
}

/** Of the image for the one architecture: ECR scans no index of several. */
async function digestOf(
  registry: ImageRegistry,
  reference: ImageReference,
  { image, service, architecture, progress }: CopiedImageOptions,
): Promise<string> {
  const address = addressOf(reference);
  const { digests, architectures } = await registry.inspect(address).catch((error: unknown) => {
    throw unreadable(error, reference, service);
  });
  if (Object.hasOwn(digests, architecture)) {
    progress(`${service}: ${image} is ${digests[architecture]} for ${architecture}`);
    return digests[architecture];
  }
  throw new DeliveryError(
    `${address} is for ${architectures.join(", ")}, and services.${containerOf(service).service}.architecture is ${architecture}; nothing was ` +
      "copied. Name an image that is for it, or change the architecture.",
  );
}

/** With its digest alone where it has one: tools take no two. */
function addressOf(reference: ImageReference): string {
  const { tag = "latest", digest } = reference;
  return `${repositoryOfReference(reference)}${digest === undefined ? `:${tag}` : `@${digest}`}`;
}

function unreadable(error: unknown, reference: ImageReference, service: string): unknown {
  if (!(error instanceof DeliveryError)) return error;
  const told = error.details.join(" ");
  const name = repositoryOfReference(reference);
  const fix = fixOf(told, reference);
  return new DeliveryError(
    `${name}, which ${configPathOf(service)}.image names, cannot be read; nothing was copied. ${fix}`,
    [error.message, ...error.details],
  );
}

function fixOf(told: string, reference: ImageReference): string {
  const ecr = ecrRepositoryOf(reference);
  if (/toomanyrequests|too many requests|429/i.test(told)) {
    return (
      "Its registry takes no more requests from this address for now, which CodeBuild shares among many: copy it by gantry mirror, or " +
      "name it in public.ecr.aws or a pull through cache of ECR."
    );
  }
  if (ecr) {
    return (
      `The build's role may pull it once pulumi up has run with this config; a repository of account ${ecr.accountId}, ` +
      "where that is another one, must let this account's roles pull as well (its repository policy)."
    );
  }
  if (/unauthorized|denied|authentication required|401|403/i.test(told)) {
    return (
      "Registries that ask who pulls are ECR alone, for now: copy it into a repository there, or name it through a pull " +
      "through cache. A public registry answers so of an image that there is not: check its name."
    );
  }
  return "Check its name and tag, and that its registry is up.";
}
