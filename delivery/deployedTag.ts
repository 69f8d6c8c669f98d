import { BatchGetImageCommand, PutImageCommand, type ECRClient } from "@aws-sdk/client-ecr";
import type { Release } from "../contract/manifest";
import { releasedContainers } from "../stacks/config/containers";
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
 * Records in the registry what a deployment deployed: an image index for each service, which refers to its image and has
 * the deployment's tag. ECR counts age from the first push, so an image itself seems old however lately it was deployed, and
 * it takes 1000 tags; an index is as young as its deployment, has one tag, and keeps the image that it refers to
 * (`components/registry/lifecyclePolicy.ts`). Recording again is nothing to do.
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
  const known = releasedContainers(target.config.services);
  for (const [service, { digest }] of Object.entries(release.images)) {
    // A release that is gone back to may have services that the environment has not any more.
    if (!Object.hasOwn(known, service)) continue;
    await putIndex(ecr, target.names.repository(service), digest, tag);
  }
}

async function putIndex(
  ecr: ECRClient,
  repositoryName: string,
  imageDigest: string,
  imageTag: string,
): Promise<void> {
  const image = await imageOf(ecr, repositoryName, imageDigest, imageTag);
  try {
    await ecr.send(
      new PutImageCommand({
        repositoryName,
        imageManifest: deploymentIndex(image, imageTag),
        imageManifestMediaType: indexType,
        imageTag,
      }),
    );
  } catch (error) {
    const { name } = error as Error;
    if (name === "ImageAlreadyExistsException") return;
    if (name !== "ImageTagAlreadyExistsException") throw error;
    // A deployment of an earlier version tagged the image itself.
    if (await isTagged(ecr, repositoryName, imageDigest, imageTag)) return;
    throw new DeliveryError(
      `${repositoryName}@${imageDigest} cannot be tagged ${imageTag}: the tag names another image. Was the ledger ` +
        "deleted, so that numbers begin anew? Delete the tag in ECR once no rollback needs its image.",
      [],
      { cause: error },
    );
  }
}

const indexType = "application/vnd.oci.image.index.v1+json";

/** What an index says of the image that it refers to. */
export interface IndexedImage {
  readonly digest: string;
  readonly mediaType: string;
  readonly manifest: string;
}

/** The same text for the same deployment and image, so that its digest is the same, too. */
export function deploymentIndex(
  { digest, mediaType, manifest }: IndexedImage,
  deployment: string,
): string {
  return JSON.stringify({
    schemaVersion: 2,
    mediaType: indexType,
    manifests: [{ mediaType, digest, size: Buffer.byteLength(manifest) }],
    annotations: { "gantry.deployment": deployment },
  });
}

async function imageOf(
  ecr: ECRClient,
  repositoryName: string,
  imageDigest: string,
  imageTag: string,
): Promise<IndexedImage> {
  const { images = [] } = await ecr.send(
    new BatchGetImageCommand({
      repositoryName,
      imageIds: [{ imageDigest }],
      acceptedMediaTypes: manifestTypes,
    }),
  );
  const [image] = images;
  if (image?.imageManifest) {
    return {
      digest: imageDigest,
      mediaType: image.imageManifestMediaType ?? manifestTypes[0],
      manifest: image.imageManifest,
    };
  }
  throw new DeliveryError(
    `${repositoryName}@${imageDigest} cannot be tagged ${imageTag}: the image is not in the repository. ` +
      "It was deleted while it was being deployed; deploy a release whose images are there.",
  );
}

async function isTagged(
  ecr: ECRClient,
  repositoryName: string,
  imageDigest: string,
  imageTag: string,
): Promise<boolean> {
  const { images = [] } = await ecr.send(
    new BatchGetImageCommand({ repositoryName, imageIds: [{ imageDigest, imageTag }] }),
  );
  return images.length > 0;
}
