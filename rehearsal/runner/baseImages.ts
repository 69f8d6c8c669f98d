import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { DeliveryError, messageOf } from "../../delivery/errors";
import { run, tryRun } from "../../delivery/run";
import { makeStandIn, ownPlatform, type StandIn } from "./baseImage";
import { imagesOf } from "./baseImages/dockerfile";
import { families, familyOf, parseImageName, type Family } from "./baseImages/families";
import { availableImages } from "./baseImages/registryProbe";
import type { ImageTools } from "./images";

/** A service's Dockerfile. */
export interface DockerfileOf {
  readonly name: string;
  /** With a full path. */
  readonly dockerfile: string;
  readonly buildArgs: Readonly<Record<string, string>>;
  /** What it is built for: `linux/amd64` or `linux/arm64`. Default: this machine's. */
  readonly platform?: string;
}

/** Who is built on an image. */
interface Use {
  readonly services: readonly string[];
  readonly platforms: readonly string[];
}

/** A base image that nobody can be asked for here. */
export interface ReplacedImage {
  /** As a Dockerfile names it. */
  readonly image: string;
  /** What is built on instead. */
  readonly by: string;
}

export interface BaseImages {
  readonly replaced: readonly ReplacedImage[];
  /** Takes the stand-ins' names from the builder's store again. */
  release(): Promise<void>;
}

/**
 * Sees to it that the images which Dockerfiles are built on can be had. What is in the builder's store, or has a registry
 * that answers, is used as it is. For the others stand-ins are put into the builder's store under the names that the
 * Dockerfiles use: the builders look there first, so that neither Dockerfile nor build knows of it.
 * @throws DeliveryError naming each image for which there is neither, and what to do.
 */
export async function prepareBaseImages(
  services: readonly DockerfileOf[],
  tools: ImageTools,
): Promise<BaseImages> {
  const images = tools.builder === "simulated" ? new Map<string, Use>() : usedBy(services);
  const available = await availableImages([...images.keys()], tools);
  const missing = [...images.keys()].filter((image) => !available.has(image));
  refuseOthers(missing, images);
  if (tools.builder === "docker") refuseSeveralPlatforms(missing, images);
  const standIns = new StandIns(tools);
  const replaced: ReplacedImage[] = [];
  /** Of the builder, each takes a name away. */
  const removals: string[][] = [];
  const env = { ...process.env, ...tools.env };
  const forget = () => removals.forEach((args) => spawnSync(tools.builder, args, { env }));
  process.once("exit", forget);
  for (const image of missing) {
    const made = await standIns.of(image, images.get(image)).catch((error: unknown) => {
      const why = `no stand-in for it can be made: ${messageOf(error)}`;
      throw refused([image], images, why, error instanceof DeliveryError ? error.details : []);
    });
    const name = storedName(image);
    // A list is no image to `rmi`, which leaves it where it is.
    removals.push(made.length > 1 ? ["manifest", "rm", name] : ["rmi", name]);
    await nameStandIns(made, image, name, tools);
    replaced.push({ image, by: made[0].title });
  }
  const release = async () => {
    process.off("exit", forget);
    for (const args of removals) await tryRun(tools.builder, args, { env });
  };
  return { replaced, release };
}

/** One for each family and platform. */
class StandIns {
  private readonly made = new Map<string, Promise<StandIn>>();

  constructor(private readonly tools: ImageTools) {}

  of(image: string, { platforms }: Use = { services: [], platforms: [] }): Promise<StandIn[]> {
    const family = familyOf(image) as Family;
    return Promise.all(
      platforms.map((platform) => {
        const key = JSON.stringify([family, platform]);
        const made = this.made.get(key) ?? makeStandIn(family, this.tools, platform);
        this.made.set(key, made);
        return made;
      }),
    );
  }
}

/** One of each platform under one name. */
async function nameStandIns(
  made: readonly StandIn[],
  image: string,
  name: string,
  { builder, env: own }: ImageTools,
): Promise<void> {
  const env = { ...process.env, ...own };
  const call = (...args: string[]) => run(`naming a stand-in for ${image}`, builder, args, { env });
  if (made.length === 1) return void (await call("tag", made[0].reference, name));
  await call("manifest", "create", name);
  for (const { reference } of made) {
    await call("manifest", "add", name, `containers-storage:${reference}`);
  }
}

/**
 * Images that services run and that are built elsewhere: a release has them by the digest that their registry says, which nothing
 * here could say in its place.
 * @throws DeliveryError naming each whose registry does not answer.
 */
export async function refuseUnreachable(
  images: readonly string[],
  { env }: Pick<ImageTools, "env">,
  answers?: (image: string) => Promise<boolean>,
): Promise<void> {
  // What is in a builder's store is in no registry.
  const available = await availableImages(images, { builder: "simulated", env }, answers);
  const missing = images.filter((image) => !available.has(image));
  if (missing.length === 0) return;
  throw new DeliveryError(
    "no registry answers for images that services run (gantry:services.<name>.image), and nothing stands in for one that is " +
      "built elsewhere. Make their registry reachable, or rehearse with a build in their place:",
    missing,
  );
}

/** The images of all Dockerfiles, each with who is built on it. A missing Dockerfile is told by the build. */
function usedBy(services: readonly DockerfileOf[]): Map<string, Use> {
  const images = new Map<string, Use>();
  for (const { name, dockerfile, buildArgs, platform = ownPlatform } of services) {
    const text = existsSync(dockerfile) ? readFileSync(dockerfile, "utf8") : "";
    for (const image of imagesOf(text, buildArgs)) {
      if (image === "") {
        throw new DeliveryError(
          `services.${name}: a FROM of ${dockerfile} names no image, since its argument has no value: give its ARG a default, or set build.args`,
        );
      }
      const { services: before = [], platforms = [] } = images.get(image) ?? {};
      images.set(image, {
        services: [...before, name],
        platforms: [...new Set([...platforms, platform])],
      });
    }
  }
  return images;
}

/** A digest says exactly which image is meant: no other one may have its name. */
function refuseOthers(missing: readonly string[], images: ReadonlyMap<string, Use>): void {
  const pinned = missing.filter((image) => image.includes("@"));
  if (pinned.length > 0) {
    throw refused(pinned, images, "it is pinned by its digest, which no stand-in can have");
  }
  const unknown = missing.filter((image) => familyOf(image) === undefined);
  if (unknown.length > 0) {
    throw refused(unknown, images, `stand-ins are made of ${families}`);
  }
}

/** Docker's store has images of one platform under a name. */
function refuseSeveralPlatforms(
  missing: readonly string[],
  images: ReadonlyMap<string, Use>,
): void {
  const several = missing.filter((image) => (images.get(image)?.platforms.length ?? 0) > 1);
  if (several.length === 0) return;
  const why =
    "services of several platforms are built on them, and Docker has stand-ins of one platform under a name; " +
    "rehearse with buildah (GANTRY_BUILDER=buildah)";
  throw refused(several, images, why);
}

function refused(
  missing: readonly string[],
  images: ReadonlyMap<string, Use>,
  why: string,
  said: readonly string[] = [],
): DeliveryError {
  return new DeliveryError(
    `no registry answers for base images of the product, and they are not on this machine; ${why}`,
    [
      ...said.map((line) => `| ${line}`),
      ...missing.map(
        (image) => `${image} (services.${images.get(image)?.services.join(", services.")})`,
      ),
      "Make their registry reachable, or bring them along: docker save on another machine, docker load on this one.",
    ],
  );
}

/** The whole name, by which a builder finds what a Dockerfile abbreviates. */
function storedName(image: string): string {
  const { registry, repository, tag } = parseImageName(image);
  return `${registry}/${repository}:${tag}`;
}
