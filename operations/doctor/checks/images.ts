import { DeliveryError, firstLineOf } from "../../../delivery/errors";
import { counted } from "../../../contract/counted";
import type { ReleaseImage } from "../../../contract/manifest";
import { imageFindings, type ImageFindings } from "../../../delivery/preflight/images";
import { releaseFaults } from "../../../delivery/preflight/release";
import type { ToldDanger } from "../../../delivery/preflight/danger";
import type { PreflightFault } from "../../../delivery/preflight/fault";
import { releasedContainers } from "../../../stacks/config/containers";
import type { Check, Diagnosis, Finding, Unchecked } from "../check";
import type { DoctorContext } from "../context";
import { findingOf } from "../fault";

/** Whether the images of the desired release are in ECR, and built for what tasks run on: a task that is started anew pulls them. */
export const imagesCheck: Check = {
  name: "images",
  title: "the images of the desired release",
  rights: ["ssm:GetParametersByPath", "ecr:DescribeImages", "ecr:GetAuthorizationToken"],
  run: async (context): Promise<Diagnosis> => {
    const release = await context.release();
    if (!release) return { well: "there is no release yet" };
    const unchecked: Unchecked[] = [];
    const faults: PreflightFault[] = releaseFaults(context.target, release);
    const dangers: ToldDanger[] = [];
    const known = releasedContainers(context.target.config.services);
    for (const [service, image] of Object.entries(release.images)) {
      if (!Object.hasOwn(known, service)) continue;
      const found = await findingsOf(context, service, image, unchecked);
      faults.push(...found.faults);
      dangers.push(...found.dangers);
    }
    const images = counted(Object.keys(release.images).length, "image");
    return {
      well: `${images} of ${release.id} in ECR, each for what its tasks run on`,
      findings: [...faults.map(findingOf), ...dangers.map(ofDanger)],
      unchecked,
    };
  },
};

async function findingsOf(
  { clients: { ecr }, registry, target }: DoctorContext,
  service: string,
  image: ReleaseImage,
  unchecked: Unchecked[],
): Promise<ImageFindings> {
  try {
    return await imageFindings(ecr, registry, target, service, image);
  } catch (error) {
    // Without a tool that reads images, ECR alone says whether it is there.
    if (!(error instanceof DeliveryError)) throw error;
    const what = `what the image of ${service} is built for`;
    unchecked.push({ what, why: firstLineOf(error) });
    return imageFindings(ecr, undefined, target, service, image);
  }
}

function ofDanger({ path, danger, verdict }: ToldDanger): Finding {
  return { severity: "warning", where: path, what: danger, fix: verdict };
}
