import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { variables } from "../../contract/variables";
import { DeliveryError } from "../errors";
import { commandNotFound, describeEnd, run, tryRun } from "../run";
import { buildOptions, secretVariables } from "./buildOptions";
import { ignoreFilesOf } from "../../contract/build/contextRules";
import { docker } from "./docker";
import type { LayerCache } from "./layerCache";
import { buildForPlatform } from "./forPlatform";
import { toolLimits, type ToolLimits } from "./limits";
import { ecsArchitecture } from "./registry";

/** An image to build. */
export interface BuildRequest {
  /** The folder that the Dockerfile copies from. */
  readonly context: string;
  readonly dockerfile: string;
  /** The stage that is built. Default: the last one. */
  readonly target?: string;
  readonly buildArgs: Readonly<Record<string, string>>;
  /** Values that the Dockerfile mounts as secrets, by id. Default: none. */
  readonly secrets?: Readonly<Record<string, string>>;
  /** `linux/amd64` or `linux/arm64`. */
  readonly platform: string;
  /** `<repository>:<tag>`. */
  readonly reference: string;
  /**
   * Seconds since 1970 that the times of an image by podman or buildah become, so that equal sources make equal images.
   * Default: now.
   */
  readonly sourceDateEpoch?: number;
  /** Takes no layer of an earlier build, and asks for base images anew. Default: no. */
  readonly fresh?: boolean;
  /** Whether layers of earlier builds are taken. Default: yes. */
  readonly cached?: boolean;
  /** For docker with buildx; others keep their layers on their host. Default: none. */
  readonly layerCache?: LayerCache;
}

/** Builds images on this machine and pushes them. */
export interface ImageBuilder {
  readonly name: BuilderName;
  /**
   * @returns what the image is for, as ECS calls it.
   * @throws DeliveryError where the build fails.
   */
  build(request: BuildRequest): Promise<string>;
  /** Pushes it, and answers the digest of what was pushed. @throws DeliveryError */
  push(reference: string): Promise<string>;
}

export const builderNames = ["docker", "podman", "buildah"] as const;
export type BuilderName = (typeof builderNames)[number];

export interface BuilderOptions {
  /** The environment of the tool, with the credentials in it: see `withRegistryLogin`. */
  readonly env: NodeJS.ProcessEnv;
  /** Receives what the tool prints. */
  readonly onOutput: (chunk: string) => void;
  /** Default: {@link toolLimits}. */
  readonly limits?: ToolLimits;
}

/**
 * The builder that works here: docker where its engine answers, else podman, else buildah.
 * @throws DeliveryError where none works, or the one that `GANTRY_BUILDER` names does not.
 */
export async function findBuilder(options: BuilderOptions): Promise<ImageBuilder> {
  const wanted = options.env[variables.builder];
  if (wanted && !builderNames.some((name) => name === wanted)) {
    throw new DeliveryError(
      `${variables.builder} is ${JSON.stringify(wanted)}; set it to ${builderNames.join(", ")}, or unset it`,
    );
  }
  const candidates = builderNames.filter((name) => !wanted || name === wanted);
  const reasons: string[] = [];
  for (const name of candidates) {
    const reason = await whyNot(name, options);
    if (reason === undefined) return makers[name](options);
    reasons.push(`${name}: ${reason}`);
  }
  throw new DeliveryError(
    "no image can be built here; start the engine of docker, or install podman or buildah:",
    reasons,
  );
}

const probes: Readonly<Record<BuilderName, readonly string[]>> = {
  docker: ["version", "--format", "{{.Server.Version}}"],
  podman: ["info"],
  buildah: ["info"],
};

async function whyNot(
  name: BuilderName,
  { env, limits = toolLimits }: BuilderOptions,
): Promise<string | undefined> {
  const finished = await tryRun(name, probes[name], { env, timeoutMs: limits.askMs });
  const { code, output, timedOut } = finished;
  if (code === 0) return undefined;
  if (timedOut) return `${probes[name][0]} ${describeEnd(finished)}`;
  return code === commandNotFound
    ? "not installed"
    : (output.trim().split("\n").at(-1) ?? "no answer");
}

const makers: Readonly<Record<BuilderName, (options: BuilderOptions) => ImageBuilder>> = {
  docker,
  podman: (options) => containersTool("podman", options),
  buildah: (options) => containersTool("buildah", options),
};

/** podman and buildah: they differ in how an image is inspected. */
function containersTool(
  name: "podman" | "buildah",
  { env, onOutput, limits = toolLimits }: BuilderOptions,
): ImageBuilder {
  const build = async (request: BuildRequest): Promise<void> => {
    const options = ["--layers", "--force-rm", ...(await isolation(env, limits))];
    if (request.sourceDateEpoch !== undefined) {
      options.push("--timestamp", String(request.sourceDateEpoch));
    }
    const { ofDockerfile } = ignoreFilesOf(request);
    // Earlier versions do not look beside the Dockerfile by themselves.
    if (ofDockerfile !== undefined) options.push("--ignorefile", ofDockerfile);
    await run(
      `building ${request.reference}`,
      name,
      ["build", ...options, ...buildOptions(request), request.context],
      {
        env: { ...env, ...secretVariables(request) },
        ...{ secrets: Object.values(request.secrets ?? {}), onOutput, timeoutMs: limits.buildMs },
      },
    );
  };
  const architecture = async (reference: string): Promise<string> => {
    const args =
      name === "podman"
        ? ["image", "inspect", "--format", "{{.Architecture}}", reference]
        : ["inspect", "--type", "image", "--format", "{{.OCIv1.Architecture}}", reference];
    const options = { env, timeoutMs: limits.askMs };
    return ecsArchitecture((await run(`inspecting ${reference}`, name, args, options)).trim());
  };
  return {
    name,
    build: (request) => buildForPlatform(request, build, architecture),
    push: async (reference) => {
      const folder = mkdtempSync(join(tmpdir(), "gantry-push-"));
      try {
        const digestFile = join(folder, "digest");
        const args = ["push", "--digestfile", digestFile, reference, `docker://${reference}`];
        const options = { env, onOutput, timeoutMs: limits.transferMs };
        await run(`pushing ${reference}`, name, args, options);
        return readFileSync(digestFile, "utf8").trim();
      } finally {
        rmSync(folder, { recursive: true, force: true });
      }
    },
  };
}

/** Without a runtime for containers, and unless the environment says otherwise, a build runs in a chroot. */
async function isolation(env: NodeJS.ProcessEnv, { askMs }: ToolLimits): Promise<string[]> {
  if (env.BUILDAH_ISOLATION) return [];
  for (const runtime of ["crun", "runc"]) {
    const asked = await tryRun(runtime, ["--version"], { env, timeoutMs: askMs });
    if (asked.code === 0) return [];
  }
  return ["--isolation", "chroot"];
}
