import { createHash } from "node:crypto";
import { DeliveryError } from "../errors";
import { run, tryRun } from "../run";
import { toolLimits, type ToolLimits } from "./limits";
import { logIn, type RegistryAccess, type RegistryLogin } from "./login";

/** What a registry has under a reference. */
export interface ImageDescription {
  readonly digest: string;
  /** As ECS calls it: `X86_64` or `ARM64`, else as the image says. Of an image for several, the first. */
  readonly architecture: string;
  /** All of them, for an image that was built for several. */
  readonly architectures: readonly string[];
  readonly os: string;
  /** Whom it runs as where nobody says another: `user`, `user:group`, or nothing, which is root. Undefined of an index. */
  readonly user?: string;
  /** Of an index, the image for Linux of each architecture; of an image for one, itself. */
  readonly digests: Readonly<Record<string, string>>;
}

/**
 * Images in registries. References are `<repository>:<tag>` or `<repository>@sha256:<digest>`; who may read and write
 * is decided by the environment that {@link findRegistry} got: see `withRegistryLogin`.
 */
export interface ImageRegistry {
  /** @throws DeliveryError where there is no such image, or it cannot be read. */
  inspect(reference: string): Promise<ImageDescription>;
  /** Copies an image with all of its platforms, byte for byte: the digest stays. @throws DeliveryError */
  copy(from: string, to: string): Promise<void>;
}

/**
 * The registry by the tool that this machine has: skopeo, else `docker buildx imagetools`.
 * @param env the environment of the tool, with the credentials in it.
 * @throws DeliveryError where there is neither.
 */
export async function findRegistry(
  env: NodeJS.ProcessEnv = process.env,
  limits: ToolLimits = toolLimits,
): Promise<ImageRegistry> {
  const asked = { env, timeoutMs: limits.askMs };
  if ((await tryRun("skopeo", ["--version"], asked)).code === 0) return skopeo(env, limits);
  if ((await tryRun("docker", ["buildx", "version"], asked)).code === 0) {
    return imagetools(env, limits);
  }
  throw new DeliveryError(
    "nothing here can inspect and copy images: neither skopeo nor docker with its buildx plugin runs. " +
      "Install one of them, or use the builder image (buildspecs/builder).",
  );
}

/** Over `skopeo`. */
export function skopeo(env: NodeJS.ProcessEnv, limits: ToolLimits = toolLimits): ImageRegistry {
  const registries = registriesOption(env);
  const read = (reference: string, what: "--raw" | "--config") =>
    run(
      `reading the image ${reference}`,
      "skopeo",
      ["inspect", ...registries, "--retry-times", "2", what, `docker://${reference}`],
      { env, timeoutMs: limits.inspectMs },
    );
  return {
    inspect: (reference) =>
      describe(reference, {
        manifest: () => read(reference, "--raw"),
        config: () => read(reference, "--config"),
      }),
    copy: async (from, to) => {
      const args = ["copy", ...registries, "--all", "--preserve-digests", "--retry-times", "2"];
      await run(
        `copying ${from} to ${to}`,
        "skopeo",
        [...args, `docker://${from}`, `docker://${to}`],
        { env, timeoutMs: limits.transferMs },
      );
    },
  };
}

/** skopeo reads no variable for what buildah and podman take from this one. */
function registriesOption({ CONTAINERS_REGISTRIES_CONF: file }: NodeJS.ProcessEnv): string[] {
  return file ? ["--registries-conf", file] : [];
}

/** Over `docker buildx imagetools`. */
export function imagetools(env: NodeJS.ProcessEnv, limits: ToolLimits = toolLimits): ImageRegistry {
  const tool = (task: string, args: readonly string[], timeoutMs: number) =>
    run(task, "docker", ["buildx", "imagetools", ...args], { env, timeoutMs });
  const read = (reference: string, ...what: string[]) =>
    tool(`reading the image ${reference}`, ["inspect", ...what, reference], limits.inspectMs);
  return {
    inspect: (reference) =>
      describe(reference, {
        manifest: () => read(reference, "--raw"),
        config: () => read(reference, "--format", "{{json .Image}}"),
      }),
    copy: async (from, to) => {
      // Without it an image for one platform is wrapped in an index of its own, with another digest.
      const args = ["create", "--prefer-index=false", "--tag", to, from];
      await tool(`copying ${from} to ${to}`, args, limits.transferMs);
    },
  };
}

interface Manifest {
  /** Of an index: one manifest for each platform, and attestations, whose platform is unknown. */
  readonly manifests?: readonly { readonly digest: string; readonly platform?: Platform }[];
}

interface Platform {
  readonly architecture?: string;
  readonly os?: string;
}

/** What is asked of an image's own configuration (OCI image-spec, config.md). */
interface ImageConfig extends Platform {
  readonly config?: { readonly User?: string };
}

interface Source {
  /** The manifest, byte for byte. */
  manifest(): Promise<string>;
  /** The configuration of an image for one platform. */
  config(): Promise<string>;
}

async function describe(reference: string, source: Source): Promise<ImageDescription> {
  const text = await source.manifest();
  const digest = `sha256:${createHash("sha256").update(text).digest("hex")}`;
  const { manifests } = parse<Manifest>(reference, text);
  const own = manifests ? undefined : parse<ImageConfig>(reference, await source.config());
  const platforms = manifests
    ? manifests.flatMap(({ digest: of, platform }) =>
        platform ? [{ digest: of, ...platform }] : [],
      )
    : [{ digest, ...own }];
  const known = platforms.filter(({ architecture = "unknown" }) => architecture !== "unknown");
  const architectures = known.map(({ architecture = "" }) => ecsArchitecture(architecture));
  const [first] = known;
  if (first === undefined) {
    throw new DeliveryError(`the image ${reference} does not say which architecture it is for`);
  }
  return {
    digest,
    architecture: architectures[0],
    architectures,
    os: first.os ?? "linux",
    ...(own ? { user: own.config?.User ?? "" } : {}),
    digests: digestsOf(known),
  };
}

/** The first of each architecture: further ones are variants of it. */
function digestsOf(
  platforms: readonly (Platform & { readonly digest: string })[],
): Record<string, string> {
  const ofLinux = platforms.filter(({ os = "linux" }) => os === "linux");
  return Object.fromEntries(
    [...ofLinux]
      .reverse()
      .map(({ architecture = "", digest }) => [ecsArchitecture(architecture), digest]),
  );
}

function parse<T>(reference: string, text: string): T {
  try {
    return JSON.parse(text) as T;
  } catch {
    throw new DeliveryError(`the registry's answer for ${reference} is not JSON`, [
      text.slice(0, 200),
    ]);
  }
}

/** What ECS calls an architecture of the OCI image format. */
export function ecsArchitecture(architecture: string): string {
  return { amd64: "X86_64", arm64: "ARM64" }[architecture] ?? architecture;
}

/** The platform to build for, by ECS's name of the architecture. */
export function platformOf(architecture: "X86_64" | "ARM64"): string {
  return architecture === "ARM64" ? "linux/arm64" : "linux/amd64";
}

/**
 * Runs `work` with the registry of one account and region, which is logged in at when the first image is asked for.
 * @param ecr of that account and region.
 */
export async function withRegistry<T>(
  ecr: RegistryAccess["ecr"],
  work: (registry: ImageRegistry) => Promise<T>,
  env: NodeJS.ProcessEnv = process.env,
): Promise<T> {
  let login: RegistryLogin | undefined;
  const open = async (reference: string) => {
    login = await logIn([{ ecr, repositories: [repositoryOf(reference)] }], env);
    return findRegistry(login.env);
  };
  let opened: Promise<ImageRegistry> | undefined;
  const registry = (reference: string) => (opened ??= open(reference));
  try {
    return await work({
      inspect: async (reference) => (await registry(reference)).inspect(reference),
      copy: async (from, to) => (await registry(from)).copy(from, to),
    });
  } finally {
    login?.logOut();
  }
}

/** A reference without its tag or digest. */
export function repositoryOf(reference: string): string {
  return reference.replace(/@.*$/, "").replace(/:[^:/]*$/, "");
}
