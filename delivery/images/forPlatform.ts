import type { BuildRequest } from "./builder";
import { ecsArchitecture } from "./registry";

/**
 * Builds, and builds again without earlier layers where what came of them is for another platform: from `FROM scratch` on, docker's old builder and
 * buildah (1.28) take the layers, and at last the whole image, that the same Dockerfile made for that one.
 * @param architecture answers what a built image is for, as ECS calls it.
 * @returns what the image is for.
 */
export async function buildForPlatform(
  request: BuildRequest,
  build: (request: BuildRequest) => Promise<void>,
  architecture: (reference: string) => Promise<string>,
): Promise<string> {
  await build(request);
  const built = await architecture(request.reference);
  if (request.fresh || built === ecsArchitecture(request.platform.split("/")[1])) return built;
  await build({ ...request, cached: false });
  return architecture(request.reference);
}
