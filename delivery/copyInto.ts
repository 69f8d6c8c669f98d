import type { Clients } from "./clients";
import type { Clock } from "./clock";
import { DeliveryError } from "./errors";
import type { ImageRegistry } from "./images/registry";
import { findImage } from "./images/repository";

/** Where an image is copied to, and by what. */
export interface CopyOptions {
  readonly clients: Pick<Clients, "ecr">;
  readonly clock: Clock;
  readonly progress: (line: string) => void;
  /**
   * Does its work with a registry that may read and write the repositories; whatever else is read is public. Not called where
   * nothing is copied.
   */
  readonly withRegistry: <T>(
    uris: readonly string[],
    work: (registry: ImageRegistry) => Promise<T>,
  ) => Promise<T>;
  /** Whose repository it is. */
  readonly service: string;
  readonly repository: string;
  /** The repository's address. */
  readonly uri: string;
}

/** Between attempts to copy, in milliseconds: a connection that broke comes back, or it does not. */
const pausesMs = [2_000, 10_000];

/**
 * Copies an image by its digest into a service's repository under a tag.
 * @throws DeliveryError where the copy fails each time, or another image has the tag.
 */
export async function copyInto(
  options: Omit<CopyOptions, "withRegistry"> & { readonly registry: ImageRegistry },
  image: { readonly from: string; readonly tag: string; readonly digest: string },
): Promise<void> {
  const { clients, clock, progress, registry, service, repository, uri } = options;
  const { from, tag, digest } = image;
  const to = `${uri}:${tag}`;
  const stored = () => findImage(clients.ecr, repository, { imageTag: tag });
  progress(`${service}: copying ${from} to ${to}`);
  for (const pause of [...pausesMs, undefined]) {
    try {
      await registry.copy(from, to);
      break;
    } catch (error) {
      // Another build of the commit may have come first.
      const there = await stored();
      if (there?.digest === digest) return;
      if (!(error instanceof DeliveryError) || there || pause === undefined) throw error;
      progress(`${service}: ${error.message}; once more in ${pause / 1000} s`);
      await clock.sleep(pause);
    }
  }
  const there = await stored();
  if (there?.digest === digest) return;
  throw new DeliveryError(
    `${to} is ${there?.digest ?? "not there"} and not ${digest}, which was copied; nothing is released from it. ` +
      "Run the build again.",
  );
}
