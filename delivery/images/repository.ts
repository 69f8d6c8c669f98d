import {
  BatchGetImageCommand,
  DescribeImagesCommand,
  DescribeRepositoriesCommand,
  PutImageCommand,
  type ECRClient,
  type ImageDetail,
} from "@aws-sdk/client-ecr";
import { commitOfTag } from "../../contract/imageTags";
import { DeliveryError, isNamed } from "../errors";

type Ecr = Pick<ECRClient, "send">;

/** An image as ECR has it. */
export interface StoredImage {
  readonly digest: string;
  readonly tags: readonly string[];
  /** How many findings of each severity its scan had, where it has been scanned. */
  readonly findings: Readonly<Record<string, number>> | undefined;
}

/**
 * The address of each repository, as ECR says it.
 * @param stack whose repositories they are, for the error.
 * @throws DeliveryError where one is missing: it is made by the environment's own `pulumi up`.
 */
export async function repositoryUris(
  ecr: Ecr,
  repositories: readonly string[],
  stack: string,
): Promise<ReadonlyMap<string, string>> {
  try {
    const found = await ecr.send(
      new DescribeRepositoriesCommand({ repositoryNames: [...repositories] }),
    );
    return new Map(
      (found.repositories ?? []).map(({ repositoryName = "", repositoryUri = "" }) => [
        repositoryName,
        repositoryUri,
      ]),
    );
  } catch (error) {
    if (!isNamed(error, "RepositoryNotFoundException")) throw error;
    throw new DeliveryError(
      `${stack} lacks a repository for ${repositories.join(" or ")}; make it first: pulumi up --stack ${stack}`,
      [error.message],
    );
  }
}

/** The tag by which an image was built: it names the commit that the image tells when asked. */
export function commitTagOf({ tags }: StoredImage): string | undefined {
  const ofCommits = tags.filter((tag) => commitOfTag(tag) !== undefined);
  // The shortest is the commit's alone.
  return ofCommits.sort((a, b) => a.length - b.length)[0];
}

/** The image under a tag or digest; undefined where there is none. */
export async function findImage(
  ecr: Ecr,
  repository: string,
  id: { readonly imageTag: string } | { readonly imageDigest: string },
): Promise<StoredImage | undefined> {
  try {
    const { imageDetails = [] } = await ecr.send(
      new DescribeImagesCommand({ repositoryName: repository, imageIds: [id] }),
    );
    return imageDetails[0] && stored(imageDetails[0]);
  } catch (error) {
    if (isNamed(error, "ImageNotFoundException")) return undefined;
    throw error;
  }
}

/** Of the tags that begin with `prefix` that of the image which was pushed last; undefined where there is none. */
export async function newestTag(
  ecr: Ecr,
  repositoryName: string,
  prefix: string,
): Promise<string | undefined> {
  const found: { readonly tag: string; readonly pushedAt: number }[] = [];
  let nextToken: string | undefined;
  do {
    const page = await ecr.send(
      new DescribeImagesCommand({
        ...{ repositoryName, nextToken, maxResults: 1000 },
        filter: { tagStatus: "TAGGED" },
      }),
    );
    for (const { imageTags = [], imagePushedAt } of page.imageDetails ?? []) {
      const tag = imageTags.find((each) => each.startsWith(prefix));
      if (tag !== undefined) found.push({ tag, pushedAt: imagePushedAt?.getTime() ?? 0 });
    }
    nextToken = page.nextToken;
  } while (nextToken);
  return found.sort((a, b) => b.pushedAt - a.pushedAt)[0]?.tag;
}

function stored(detail: ImageDetail): StoredImage {
  return {
    digest: detail.imageDigest ?? "",
    tags: detail.imageTags ?? [],
    findings: detail.imageScanFindingsSummary?.findingSeverityCounts,
  };
}

/**
 * Gives an image one more tag.
 * @returns `false` where the tag is on another image and does not move.
 * @throws DeliveryError where there is no such image.
 */
export async function addTag(
  ecr: Ecr,
  repository: string,
  digest: string,
  tag: string,
): Promise<boolean> {
  const { images = [] } = await ecr.send(
    new BatchGetImageCommand({
      repositoryName: repository,
      imageIds: [{ imageDigest: digest }],
      acceptedMediaTypes: [...manifestTypes],
    }),
  );
  const image = images.at(0);
  if (!image?.imageManifest) throw new DeliveryError(`${repository} has no image ${digest}`);
  try {
    await ecr.send(
      new PutImageCommand({
        repositoryName: repository,
        imageManifest: image.imageManifest,
        imageManifestMediaType: image.imageManifestMediaType,
        imageTag: tag,
        imageDigest: digest,
      }),
    );
    return true;
  } catch (error) {
    if (isNamed(error, "ImageAlreadyExistsException")) return true;
    if (isNamed(error, "ImageTagAlreadyExistsException")) return false;
    throw error;
  }
}

const manifestTypes = [
  "application/vnd.oci.image.manifest.v1+json",
  "application/vnd.oci.image.index.v1+json",
  "application/vnd.docker.distribution.manifest.v2+json",
  "application/vnd.docker.distribution.manifest.list.v2+json",
] as const;
