import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DeliveryError } from "../errors";
import { commandNotFound, run, tryRun } from "../run";
import { ecsArchitecture } from "./registry";

/** An image to build. */
export interface BuildRequest {
  /** The folder that the Dockerfile copies from. */
  readonly context: string;
  readonly dockerfile: string;
  readonly buildArgs: Readonly<Record<string, string>>;
  /** `linux/amd64` or `linux/arm64`. */
  readonly platform: string;
  /** `<repository>:<tag>`. */
  readonly reference: string;
  /** Seconds since 1970 that the image's times become, so that equal sources make equal images. Default: now. */
  readonly sourceDateEpoch?: number;
}

/** Builds images on this machine and pushes them. */
export interface ImageBuilder {
  readonly name: BuilderName;
  /** @throws DeliveryError where the build fails. */
  build(request: BuildRequest): Promise<void>;
  /** What a built image is for, as ECS calls it. */
  architecture(reference: string): Promise<string>;
  /** Pushes it, and answers the digest of what was pushed. @throws DeliveryError */
  push(reference: string): Promise<string>;
}

export const builderNames = ["docker", "podman", "buildah"] as const;
export type BuilderName = (typeof builderNames)[number];

/** Which builder to use, in place of the first that works. */
export const builderVariable = "GANTRY_BUILDER";

export interface BuilderOptions {
  /** The environment of the tool, with the credentials in it: see `withRegistryLogin`. */
  readonly env: NodeJS.ProcessEnv;
  /** Receives what the tool prints. */
  readonly onOutput: (chunk: string) => void;
}

/**
 * The builder that works here: docker where its engine answers, else podman, else buildah.
 * @throws DeliveryError where none works, or the one that `GANTRY_BUILDER` names does not.
 */
export async function findBuilder(options: BuilderOptions): Promise<ImageBuilder> {
  const wanted = options.env[builderVariable];
  if (wanted && !builderNames.some((name) => name === wanted)) {
    throw new DeliveryError(
      `${builderVariable} is ${JSON.stringify(wanted)}; set it to ${builderNames.join(", ")}, or unset it`,
    );
  }
  const candidates = builderNames.filter((name) => !wanted || name === wanted);
  const reasons: string[] = [];
  for (const name of candidates) {
    const reason = await whyNot(name, options.env);
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

async function whyNot(name: BuilderName, env: NodeJS.ProcessEnv): Promise<string | undefined> {
  const { code, output } = await tryRun(name, probes[name], { env, timeoutMs: 30_000 });
  if (code === 0) return undefined;
  return code === commandNotFound
    ? "not installed"
    : (output.trim().split("\n").at(-1) ?? "no answer");
}

const makers: Readonly<Record<BuilderName, (options: BuilderOptions) => ImageBuilder>> = {
  docker,
  podman: (options) => containersTool("podman", options),
  buildah: (options) => containersTool("buildah", options),
};

function docker({ env, onOutput }: BuilderOptions): ImageBuilder {
  return {
    name: "docker",
    build: async (request) => {
      const { code } = await tryRun("docker", ["buildx", "version"], { env });
      // An attestation would make an index of the image, which ECR does not scan. The old builder makes none.
      const how = code === 0 ? ["buildx", "build", "--load", "--provenance=false"] : ["build"];
      await run(
        `building ${request.reference}`,
        "docker",
        [...how, ...buildOptions(request), request.context],
        {
          env: {
            ...env,
            ...(code === 0 ? {} : { DOCKER_BUILDKIT: "0" }),
            ...(request.sourceDateEpoch === undefined
              ? {}
              : { SOURCE_DATE_EPOCH: String(request.sourceDateEpoch) }),
          },
          onOutput,
        },
      );
    },
    architecture: async (reference) => {
      const args = ["image", "inspect", "--format", "{{.Architecture}}", reference];
      return ecsArchitecture(
        (await run(`inspecting ${reference}`, "docker", args, { env })).trim(),
      );
    },
    push: async (reference) => {
      await run(`pushing ${reference}`, "docker", ["push", reference], { env, onOutput });
      const args = ["image", "inspect", "--format", "{{json .RepoDigests}}", reference];
      const text = await run(`inspecting ${reference}`, "docker", args, { env });
      const repository = `${reference.slice(0, reference.lastIndexOf(":"))}@`;
      const digests = JSON.parse(text) as readonly string[] | null;
      const found = digests?.find((digest) => digest.startsWith(repository));
      if (found === undefined) {
        throw new DeliveryError(`docker pushed ${reference} but knows no digest of it`);
      }
      return found.slice(repository.length);
    },
  };
}

/** podman and buildah: they differ in how an image is inspected. */
function containersTool(
  name: "podman" | "buildah",
  { env, onOutput }: BuilderOptions,
): ImageBuilder {
  return {
    name,
    build: async (request) => {
      const options = ["--layers", "--force-rm", ...(await isolation(env))];
      if (request.sourceDateEpoch !== undefined) {
        options.push("--timestamp", String(request.sourceDateEpoch));
      }
      await run(
        `building ${request.reference}`,
        name,
        ["build", ...options, ...buildOptions(request), request.context],
        { env, onOutput },
      );
    },
    architecture: async (reference) => {
      const args =
        name === "podman"
          ? ["image", "inspect", "--format", "{{.Architecture}}", reference]
          : ["inspect", "--type", "image", "--format", "{{.OCIv1.Architecture}}", reference];
      return ecsArchitecture((await run(`inspecting ${reference}`, name, args, { env })).trim());
    },
    push: async (reference) => {
      const folder = mkdtempSync(join(tmpdir(), "gantry-push-"));
      try {
        const digestFile = join(folder, "digest");
        const args = ["push", "--digestfile", digestFile, reference, `docker://${reference}`];
        await run(`pushing ${reference}`, name, args, { env, onOutput });
        return readFileSync(digestFile, "utf8").trim();
      } finally {
        rmSync(folder, { recursive: true, force: true });
      }
    },
  };
}

/** Without a runtime for containers, and unless the environment says otherwise, a build runs in a chroot. */
async function isolation(env: NodeJS.ProcessEnv): Promise<string[]> {
  if (env.BUILDAH_ISOLATION) return [];
  for (const runtime of ["crun", "runc"]) {
    if ((await tryRun(runtime, ["--version"], { env })).code === 0) return [];
  }
  return ["--isolation", "chroot"];
}

function buildOptions({ buildArgs, dockerfile, platform, reference }: BuildRequest): string[] {
  return [
    ...["--file", dockerfile, "--platform", platform, "--tag", reference],
    ...Object.entries(buildArgs).flatMap(([name, value]) => ["--build-arg", `${name}=${value}`]),
  ];
}
