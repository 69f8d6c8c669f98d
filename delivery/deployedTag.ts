import { BatchGetImageCommand, PutImageCommand, type ECRClient } from "@aws-sdk/client-ecr";
import type { Release } from "../stacks/manifest";
import { DeliveryError } from "./errors";
import type { Target } from "./target";

/** Every kind of manifest: ECR would convert one that is not accepted, and that has another digest. */
export const manifestTypes = [
  "application/vnd.oci.image.manifest.v1+json",
  "application/vnd.oci.image.index.v1+json",
  "application/vnd.docker.distribution.manifest.v2+json",
  "application/vnd.docker.distribution.manifest.list.v2+json",
];

/** The tag of what a deployment deployed: it never moves, and the lifecycle policy goes by it. */
export function deployedTag({ stack }: Pick<Target, "stack">, number: number): string {
  return `${stack}-${number}`;
}

/**
 * Tags the images of a release as deployed, so that they outlive those that never were. Tagging again is nothing to do.
 * @param number of the deployment.
 * @throws DeliveryError where an image is missing, or the tag names another one.
 */
export async function tagDeployed(
  ecr: ECRClient,
  target: Target,
  release: Release,
  number: number,
): Promise<void> {
  const tag = deployedTag(target, number);
  for (const [service, { digest }] of Object.entries(release.images)) {
    // A release that is gone back to may have services that the environment has not any more.
    if (!Object.hasOwn(target.config.services, service)) continue;
    await tagImage(ecr, target.names.repository(service), digest, tag);
  }
}

async function tagImage(
  ecr: ECRClient,
  repositoryName: string,
  imageDigest: string,
  imageTag: string,
): Promise<void> {
  const { images = [] } = await ecr.send(
    new BatchGetImageCommand({
      repositoryName,
      imageIds: [{ imageDigest }],
      acceptedMediaTypes: manifestTypes,
    }),
  );
  const [image] = images;
  if (!image?.imageManifest) {
    throw new DeliveryError(
      `${repositoryName}@${imageDigest} cannot be tagged ${imageTag}: the image is not in the repository. ` +
        "It was deleted while it was being deployed; deploy a release whose images are there.",
    );
  }
  try {
    await ecr.send(
      new PutImageCommand({
        repositoryName,
        imageManifest: image.imageManifest,
        imageManifestMediaType: image.imageManifestMediaType,
        imageDigest,
        imageTag,
      }),
    );
  } catch (error) {
    const { name } = error as Error;
    if (name === "ImageAlreadyExistsException") return;
    if (name !== "ImageTagAlreadyExistsException") throw error;
    throw new DeliveryError(
      `${repositoryName}@${imageDigest} cannot be tagged ${imageTag}: the tag names another image. Was the ledger ` +
        "deleted, so that numbers begin anew? Delete the tag in ECR once no rollback needs its image.",
      [],
      { cause: error },
    );
  }
}
