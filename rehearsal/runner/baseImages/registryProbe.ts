import { tryRun } from "../../../delivery/run";
import type { ImageTools } from "../images";
import { parseImageName } from "./families";
import { standInLabel } from "./label";

/** How long a registry may take to answer anything at all. */
const timeoutMs = 5_000;
const toolTimeoutMs = 20_000;

/** Where Docker Hub's registry is. */
const hosts: Readonly<Record<string, string>> = { "docker.io": "registry-1.docker.io" };

/**
 * Which of some images can be had here: they are in the builder's own store, or their registry answers. Each registry is
 * asked once. Whether it has the image, and gives it to this person, is for the build to find out.
 */
export async function availableImages(
  images: readonly string[],
  { builder, env: own }: Pick<ImageTools, "builder" | "env">,
  answers: (image: string) => Promise<boolean> = registryAnswers,
): Promise<ReadonlySet<string>> {
  const env = { ...process.env, ...own };
  const asked = new Map<string, Promise<boolean>>();
  const isAvailable = async (image: string): Promise<boolean> => {
    if (await isStored(image, builder, env)) return true;
    const { registry } = parseImageName(image);
    const answer = asked.get(registry) ?? answers(image);
    asked.set(registry, answer);
    return answer;
  };
  const found = await Promise.all(images.map(isAvailable));
  return new Set(images.filter((_, index) => found[index]));
}

async function isStored(
  image: string,
  builder: ImageTools["builder"],
  env: NodeJS.ProcessEnv,
): Promise<boolean> {
  // buildah's is the rehearsal's own, and empty.
  if (builder !== "docker" && builder !== "podman") return false;
  const label = `{{index .Config.Labels "${standInLabel}"}}`;
  const args = ["image", "inspect", "--format", label, image];
  const { code, stdout } = await tryRun(builder, args, { env, timeoutMs });
  // A stand-in that a killed rehearsal has left is none of the person's images.
  return code === 0 && stdout.trim() !== "true";
}

/** Asked by HTTP; where that fails by a tool that may know a way, such as a proxy. */
async function registryAnswers(image: string): Promise<boolean> {
  const { registry } = parseImageName(image);
  try {
    const url = `https://${hosts[registry] ?? registry}/v2/`;
    const { status } = await fetch(url, { signal: AbortSignal.timeout(timeoutMs) });
    // A proxy answers in the name of a registry that it cannot reach.
    if (status < 500 && status !== 407) return true;
  } catch {
    // The tools may know a way.
  }
  const ways = [
    ["skopeo", "inspect", "--raw", `docker://${image}`],
    ["docker", "manifest", "inspect", image],
  ];
  for (const [tool, ...args] of ways) {
    if ((await tryRun(tool, args, { timeoutMs: toolTimeoutMs })).code === 0) return true;
  }
  return false;
}
