import { tryRun } from "../../delivery/run";
import { startDockerEngine, whyNoDockerEngine, type DockerEngine } from "../support/dockerEngine";
import { changedLately } from "../support/changedLately";
import { log } from "./support";

export interface Started {
  readonly env: NodeJS.ProcessEnv;
  readonly engine?: DockerEngine;
}

/** What builds, and why not here; undefined where it does. */
export interface Builder {
  readonly title: string;
  readonly start: () => Promise<Started | string>;
}

const withBuildah = async (more: NodeJS.ProcessEnv) => {
  const { code } = await tryRun("buildah", ["info"]);
  return code === 0
    ? { env: { ...process.env, GANTRY_BUILDER: "buildah", ...more } }
    : "buildah is not installed";
};
const withDocker = async (buildx: boolean) => {
  const reason = whyNoDockerEngine();
  if (reason) return reason;
  const engine = await startDockerEngine({ buildx, log });
  return { env: { ...process.env, ...engine.env, GANTRY_BUILDER: "docker" }, engine };
};

/** What may be taken for the others where nothing of theirs has been changed. */
const usual: readonly Builder[] = [
  { title: "docker with buildx", start: () => withDocker(true) },
  { title: "buildah in a chroot", start: () => withBuildah({ BUILDAH_ISOLATION: "chroot" }) },
];
const others: readonly Builder[] = [
  { title: "docker without buildx", start: () => withDocker(false) },
  { title: "buildah with what runs containers here", start: () => withBuildah({}) },
];
const files = [
  ...["delivery/images", "delivery/makeImage.ts", "rehearsal/runner/baseImage*"],
  ...["rehearsal/runner/images.ts", "test/emulator/builders.ts", "test/support/dockerEngine.ts"],
];

/** What images are built with here. */
export const builders = changedLately(files) ? [...usual, ...others] : usual;
