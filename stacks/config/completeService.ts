import { completeSize } from "../../components/service/fargateSizes";
import { probeTimes } from "../../components/service/probeTimes";
import { healthQuestion } from "../../components/service/protocol";
import { completeBurst, type Held } from "./burst";
import { completeBuild, type BuildConfig } from "./build";
import type { StackDefaults } from "./defaults";
import { completeDeployment } from "./deployment";
import { completeQuestion } from "./privateService";
import type { GivenService } from "./service";
import { completeSidecars } from "./sidecars";
import type { Capacity } from "./size";

/**
 * Fills what depends on something else: what is built on the service's name, and of numbers that must
 * agree the ones that were not given. What was given is never changed.
 * @param all the services, of which one may run another's image.
 */
export function completeService(
  name: string,
  given: GivenService,
  defaults: StackDefaults["service"],
  capacity: Capacity,
  all: Readonly<Record<string, GivenService>>,
) {
  const filled = {
    ...image(name, given, all),
    ...size(given, defaults, capacity),
    sidecars: completeSidecars(given.sidecars),
  };
  if (given.kind === "job") {
    const { kind, ...job } = given;
    // No release starts a task of it.
    return { kind, ...job, ...filled, releaseCommand: undefined };
  }
  const deployment = completeDeployment(given.deployment, given, defaults.strategy);
  // What must not run twice does not scale either, unless somebody says so.
  const counts = deployment.strategy === "recreate" ? { min: 1, max: 1 } : defaults.scaling;
  if (given.kind === "private") {
    const scaling = completeScaling(given.scaling, counts);
    return { ...given, ...filled, deployment, scaling, verify: completeQuestion(given) };
  }
  if (given.kind === "worker") {
    const { kind, ...worker } = given;
    return {
      kind,
      ...worker,
      ...filled,
      deployment,
      scaling: completeScaling(given.scaling, counts),
    };
  }
  const { kind, ...web } = given;
  return {
    kind,
    ...web,
    ...filled,
    deployment,
    healthCheck: {
      ...healthQuestion(given.route.protocol),
      ...given.healthCheck,
      ...probeTimes(given.healthCheck),
    },
    scaling: completeScaling(given.scaling, counts),
  };
}

/** What the image of a service is, with every default filled in. */
interface ImageConfig {
  /** Undefined where it is built elsewhere. */
  readonly build: BuildConfig | undefined;
  /** The image that is built elsewhere. */
  readonly image: string | undefined;
  readonly architecture: NonNullable<GivenService["architecture"]>;
}

/** With `imageOf`, what the image is built of is the other service's. A name that is none is told by `checkImageOf`. */
function image(
  name: string,
  given: GivenService,
  all: Readonly<Record<string, GivenService>>,
): ImageConfig {
  const { imageOf } = given;
  const other = imageOf !== undefined && Object.hasOwn(all, imageOf) ? all[imageOf] : undefined;
  const [maker, made] = imageOf !== undefined && other ? [imageOf, other] : [name, given];
  return {
    build: made.image === undefined ? completeBuild(maker, made.build) : undefined,
    image: made.image,
    architecture: given.architecture ?? made.architecture ?? "X86_64",
  };
}

function size(
  given: { cpu?: number; memoryMiB?: number },
  defaults: { cpu: number; memoryMiB: number },
  capacity: Capacity,
) {
  if (capacity !== "ec2") return completeSize(given, defaults);
  return { cpu: given.cpu ?? defaults.cpu, memoryMiB: given.memoryMiB ?? defaults.memoryMiB };
}

type Counts = Readonly<Record<"min" | "max", number>>;

function completeScaling<S extends Partial<Counts> & Held>(given: S, defaults: Counts) {
  const min = given.min ?? Math.min(defaults.min, given.max ?? defaults.min);
  const max = given.max ?? Math.max(defaults.max, min);
  return { ...given, min, max, burst: completeBurst(given) };
}
