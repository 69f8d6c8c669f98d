import type { BuildRequest, ImageBuilder } from "./builder";
import { ecsArchitecture } from "./registry";

/**
 * Builds, and builds again without earlier layers where what came of them is for another platform: from `FROM scratch` on, docker's old builder and
 * buildah (1.28) take the layers, and at last the whole image, that the same Dockerfile made for that one.
 */
export async function buildForPlatform(
  request: BuildRequest,
  build: (request: BuildRequest) => Promise<void>,
  architecture: ImageBuilder["architecture"],
): Promise<void> {
  await build(request);
  const wanted = ecsArchitecture(request.platform.split("/")[1]);
  if (request.fresh || (await architecture(request.reference)) === wanted) return;
  await build({ ...request, cached: false });
}
