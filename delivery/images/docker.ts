import { variables } from "../../contract/variables";
import { DeliveryError } from "../errors";
import { run, tryRun } from "../run";
import type { BuilderOptions, BuildRequest, ImageBuilder } from "./builder";
import { buildOptions, secretVariables } from "./buildOptions";
import { buildForPlatform } from "./forPlatform";
import { ignoreFilesOf } from "../../contract/build/contextRules";
import { cacheOptions, cachingBuilder } from "./layerCache";
import { toolLimits, type ToolLimits } from "./limits";
import { ecsArchitecture, repositoryOf } from "./registry";

/** docker with its engine: by buildx, or by the builder that engines had before where that plugin is missing. */
export function docker({ env, onOutput, limits = toolLimits }: BuilderOptions): ImageBuilder {
  const architecture = async (reference: string): Promise<string> => {
    const args = ["image", "inspect", "--format", "{{.Architecture}}", reference];
    const options = { env, timeoutMs: limits.askMs };
    return ecsArchitecture((await run(`inspecting ${reference}`, "docker", args, options)).trim());
  };
  const buildAsBefore = (request: BuildRequest) =>
    buildBy(["build"], request, { env: { ...env, DOCKER_BUILDKIT: "0" }, onOutput, limits });
  return {
    name: "docker",
    build: async (request) => {
      const asked = { env, timeoutMs: limits.askMs };
      if ((await tryRun("docker", ["buildx", "version"], asked)).code === 0) {
        await buildByBuildx(request, { env, onOutput, limits });
        return architecture(request.reference);
      }
      refuseUnheeded(request);
      return buildForPlatform(request, buildAsBefore, architecture);
    },
    push: async (reference) => {
      const task = `pushing ${reference}`;
      const options = { env, onOutput, timeoutMs: limits.transferMs };
      const output = await run(task, "docker", ["push", reference], options);
      return pushedDigest(output) ?? (await digestOf(reference, env, limits));
    },
  };
}

async function buildByBuildx(request: BuildRequest, options: BuilderOptions): Promise<void> {
  const { layerCache } = request;
  const caching = layerCache && (await cachingBuilder(layerCache, options));
  try {
    const cache = caching && layerCache ? await cacheOptions(caching, layerCache) : [];
    // An attestation would make an index of the image, which ECR does not scan. The old builder makes none.
    const how = ["buildx", "build", "--load", "--provenance=false", ...cache];
    await buildBy(how, request, options);
  } finally {
    await caching?.remove();
  }
}

async function buildBy(
  how: readonly string[],
  request: BuildRequest,
  { env, onOutput, limits = toolLimits }: BuilderOptions,
): Promise<void> {
  await run(
    `building ${request.reference}`,
    "docker",
    [...how, ...buildOptions(request), request.context],
    {
      env: { ...env, ...secretVariables(request) },
      secrets: Object.values(request.secrets ?? {}),
      onOutput,
      timeoutMs: limits.buildMs,
    },
  );
}

/** The builder of before would copy into the image what that file leaves out, and has no secrets. */
function refuseUnheeded(request: BuildRequest): void {
  const [secret] = Object.keys(request.secrets ?? {});
  if (secret !== undefined) {
    throw new DeliveryError(
      `docker has no buildx here, and its old builder mounts no secret (build.secrets.${secret}): install the buildx ` +
        `plugin, or build with podman or buildah (${variables.builder})`,
    );
  }
  const { ofDockerfile } = ignoreFilesOf(request);
  if (ofDockerfile === undefined) return;
  throw new DeliveryError(
    `docker has no buildx here, and its old builder does not heed ${ofDockerfile}: install the buildx plugin, build ` +
      `with podman or buildah (${variables.builder}), or name the file .dockerignore in the context's folder`,
  );
}

/** docker's last line: `1a2b3c4d: digest: sha256:... size: 528`. */
function pushedDigest(output: string): string | undefined {
  return [...output.matchAll(/: digest: (sha256:[0-9a-f]{64}) size: \d+\s*$/gm)].at(-1)?.[1];
}

async function digestOf(
  reference: string,
  env: NodeJS.ProcessEnv,
  { askMs }: ToolLimits,
): Promise<string> {
  const args = ["image", "inspect", "--format", "{{json .RepoDigests}}", reference];
  const text = await run(`inspecting ${reference}`, "docker", args, { env, timeoutMs: askMs });
  const repository = `${repositoryOf(reference)}@`;
  const digests = (JSON.parse(text) as readonly string[] | null) ?? [];
  // The same image may have been pushed before by another digest, when its layers were compressed anew.
  const found = digests.filter((digest) => digest.startsWith(repository));
  if (found.length !== 1) {
    const known = found.length === 0 ? "no digest" : "several digests";
    throw new DeliveryError(`docker pushed ${reference} and tells ${known} of it`, found);
  }
  return found[0].slice(repository.length);
}
