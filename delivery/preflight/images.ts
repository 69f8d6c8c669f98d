import { DescribeImagesCommand, type ECRClient, type ImageDetail } from "@aws-sdk/client-ecr";
import type { ReleaseImage } from "../../contract/manifest";
import { releasedContainers } from "../../stacks/config/containers";
import { platformOf, type ImageRegistry } from "../images/registry";
import type { Target } from "../target";
import { rootOfImage, type ToldDanger } from "./danger";
import type { PreflightFault } from "./fault";

/** What preflight asks of an image registry. */
export type ImageInspector = Pick<ImageRegistry, "inspect">;

/** What is found in an image: what keeps it from being deployed, and what is dangerous in it. */
export interface ImageFindings {
  readonly faults: readonly PreflightFault[];
  readonly dangers: readonly ToldDanger[];
}

/**
 * What is wrong with a service's image in the environment's own repository. One call to ECR where nothing is.
 * @param registry says what it is built for and whom it runs as; undefined where that was looked at.
 */
export async function imageFindings(
  ecr: ECRClient,
  registry: ImageInspector | undefined,
  target: Target,
  service: string,
  image: ReleaseImage,
): Promise<ImageFindings> {
  const where = `services.${service}, image ${target.names.repository(service)}:${image.tag}`;
  const faults = await storedFaults(ecr, target, service, image, where);
  if (registry === undefined || faults.length > 0) return { faults, dangers: [] };
  return ownFindings(registry, target, service, image, where);
}

/** Of what ECR says of it. */
async function storedFaults(
  ecr: ECRClient,
  target: Target,
  service: string,
  image: ReleaseImage,
  where: string,
): Promise<PreflightFault[]> {
  const repository = target.names.repository(service);
  const found = await describe(ecr, repository, { imageDigest: image.digest });
  if (found === "noRepository") {
    return [
      {
        where,
        fault: `there is no repository ${repository}`,
        allowed: "a repository of each service",
        fix: `make it: pulumi up --stack ${target.stack}`,
      },
    ];
  }
  if (!isIn(repository, image)) {
    return [
      {
        where,
        fault: `the release says that it is in ${image.uri}, which is not the repository of ${target.stack}`,
        allowed: `an image in ${repository}: the environment runs none from elsewhere`,
        fix: "promote the release into this environment, and deploy what is promoted",
      },
    ];
  }
  if (!found?.imageTags?.includes(image.tag)) {
    const tagged = await describe(ecr, repository, { imageTag: image.tag });
    if (tagged && tagged !== "noRepository" && tagged.imageDigest !== image.digest) {
      return [otherDigest(where, image, tagged)];
    }
  }
  if (!found) {
    return [
      {
        where,
        fault: `the image is missing: ${repository} has no ${image.digest}`,
        allowed: "an image that was built, or promoted, into this repository",
        fix: "build the commit again, or promote the release again; deploy then",
      },
    ];
  }
  return [];
}

/** Whether a repository, with its registry before it, is the environment's own. */
function isIn(repository: string, { uri }: ReleaseImage): boolean {
  return uri === repository || uri.endsWith(`/${repository}`);
}

function otherDigest(where: string, image: ReleaseImage, tagged: ImageDetail): PreflightFault {
  return {
    where,
    fault: `the tag ${image.tag} names ${tagged.imageDigest}, and the release says ${image.digest}`,
    allowed: "the digest that was built: a tag never moves",
    fix: "find out who pushed the other image; delete it in ECR, build the commit again, and deploy the new release",
  };
}

/** Of what the image says of itself. */
async function ownFindings(
  registry: ImageInspector,
  { config }: Target,
  service: string,
  { uri, digest, architecture }: ReleaseImage,
  where: string,
): Promise<ImageFindings> {
  // A release that is gone back to may be of before a change of the architecture: its tasks run on what it was built for.
  const { [service]: container } = releasedContainers(config.services);
  const wanted = architecture ?? container.architecture;
  const { architectures, os, digests, user } = await registry.inspect(`${uri}@${digest}`);
  // Of Linux alone: an index may have another system's image for the same architecture.
  if (Object.hasOwn(digests, wanted)) {
    const own = user ?? (await registry.inspect(`${uri}@${digests[wanted]}`)).user;
    return { faults: [], dangers: rootOfImage(config.services, container, own ?? "") };
  }
  const platform = platformOf(wanted);
  const fault = {
    where,
    fault: `the image is built for ${os} on ${architectures.join(", ")}, and its tasks run on ${platform} (${wanted})`,
    allowed: `linux on ${wanted}`,
    fix: `build it for ${platform}, or set services.${container.service}.architecture to what it is built for`,
  };
  return { faults: [fault], dangers: [] };
}

async function describe(
  ecr: ECRClient,
  repositoryName: string,
  imageId: { imageDigest: string } | { imageTag: string },
): Promise<ImageDetail | "noRepository" | undefined> {
  try {
    const { imageDetails = [] } = await ecr.send(
      new DescribeImagesCommand({ repositoryName, imageIds: [imageId] }),
    );
    return imageDetails.at(0);
  } catch (error) {
    const { name } = error as Error;
    if (name === "ImageNotFoundException") return undefined;
    if (name === "RepositoryNotFoundException") return "noRepository";
    throw error;
  }
}
