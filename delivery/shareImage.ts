import { copyInto, type CopyOptions } from "./copyInto";
import { DeliveryError } from "./errors";
import { addTag, findImage } from "./images/repository";

/** The service that gets the image into its own repository, and what it gets. */
export interface ShareImage extends CopyOptions {
  /** The service whose build made the image, and the address of its repository. */
  readonly maker: string;
  readonly makerUri: string;
  readonly image: { readonly tag: string; readonly digest: string };
  readonly contentTag: string;
}

/**
 * Copies an image by its digest into the repository of another service, which runs it too, and gives it its content's tag there.
 * A repeated call copies nothing.
 * @returns the tag that it has there: the same, unless that is on another image since a time when the service had a build of
 *   its own; then `<commit>-<maker>`.
 * @throws DeliveryError where both tags are on other images, or the copy fails or has another digest.
 */
export async function shareImage(options: ShareImage): Promise<string> {
  const { clients, image, contentTag, progress, service, repository, makerUri, uri } = options;
  const { tag, isThere } = await freeTag(options);
  if (isThere) progress(`${service}: ${repository}:${tag} is there already`);
  else {
    const { digest } = image;
    await options.withRegistry([makerUri, uri], (registry) =>
      copyInto({ ...options, registry }, { from: `${makerUri}@${digest}`, tag, digest }),
    );
  }
  if (!(await addTag(clients.ecr, repository, image.digest, contentTag))) {
    progress(`${service}: ${contentTag} stays on the image that had it before`);
  }
  return tag;
}

async function freeTag({
  clients,
  image,
  maker,
  repository,
}: ShareImage): Promise<{ tag: string; isThere: boolean }> {
  const taken: string[] = [];
  for (const tag of [image.tag, `${image.tag.slice(0, 8)}-${maker}`]) {
    const there = await findImage(clients.ecr, repository, { imageTag: tag });
    if (there === undefined) return { tag, isThere: false };
    if (there.digest === image.digest) return { tag, isThere: true };
    taken.push(`${repository}:${tag} is ${there.digest}`);
  }
  throw new DeliveryError(
    `the image of ${maker}, ${image.digest}, gets no tag in ${repository}, whose tags do not move: delete one of the ` +
      "images there that nothing runs, and build again",
    taken,
  );
}
