/** An image by its address, with what registries take for granted filled in. */
export interface ImageReference {
  /** Such as `docker.io`. */
  readonly registry: string;
  /** Such as `library/redis`. */
  readonly path: string;
  readonly tag?: string;
  /** `sha256:...`. Beside a tag it counts alone. */
  readonly digest?: string;
}

/** A repository of ECR, whose images a role may be allowed to pull. */
export interface EcrRepository {
  readonly accountId: string;
  readonly region: string;
  readonly name: string;
}

const form =
  /^(?:([a-z0-9](?:[a-z0-9.-]*[a-z0-9])?(?::\d{1,5})?)\/)?([a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*(?:\/[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*)*)(?::([A-Za-z0-9_][\w.-]{0,127}))?(?:@(sha256:[0-9a-f]{64}))?$/;

/** Reads `[registry/]path[:tag][@digest]` as Docker does; undefined where it is none. */
export function parseImageReference(text: string): ImageReference | undefined {
  const first = text.split("/")[0];
  // Docker takes the first part for a registry where it looks like a host.
  const isHost = text.includes("/") && (/[.:]/.test(first) || first === "localhost");
  const [, registry, path, tag, digest] = form.exec(isHost ? text : `docker.io/${text}`) ?? [];
  if (registry === undefined || path === undefined) return undefined;
  const isHub = registry === "docker.io" || registry === "index.docker.io";
  return {
    registry: isHub ? "docker.io" : registry,
    path: isHub && !path.includes("/") ? `library/${path}` : path,
    ...(tag === undefined ? {} : { tag }),
    ...(digest === undefined ? {} : { digest }),
  };
}

/** `registry/path`. */
export function repositoryOfReference({ registry, path }: ImageReference): string {
  return `${registry}/${path}`;
}

/**
 * The addresses of a registry: IPv4, dual-stack, and both with FIPS ("Amazon ECR endpoints and quotas", AWS general reference);
 * in China each under a suffix of its own.
 */
const ecrHosts = [
  /^(\d{12})\.dkr\.ecr(?:-fips)?\.([a-z0-9-]+)\.amazonaws\.com(?:\.cn)?$/,
  /^(\d{12})\.dkr-ecr(?:-fips)?\.([a-z0-9-]+)\.on\.(?:aws|amazonwebservices\.com\.cn)$/,
];

/** The private repository of ECR that an image is in; undefined of an image that is elsewhere. */
export function ecrRepositoryOf({ registry, path }: ImageReference): EcrRepository | undefined {
  for (const host of ecrHosts) {
    const [, accountId, region] = host.exec(registry) ?? [];
    if (accountId && region) return { accountId, region, name: path };
  }
  return undefined;
}

/**
 * Every host at which the registry of `host` answers, which may be one alone: all of them take the token that ECR hands out
 * for the registry, and a tool looks for credentials by the one that an image is called by.
 */
export function hostsOfRegistry(host: string): string[] {
  const repository = ecrRepositoryOf({ registry: host, path: "" });
  if (repository === undefined) return [host];
  const { accountId, region } = repository;
  const china = region.startsWith("cn-");
  const [ipv4, dualStack] = china
    ? ["amazonaws.com.cn", "on.amazonwebservices.com.cn"]
    : ["amazonaws.com", "on.aws"];
  const names = (fips: string) => [
    `${accountId}.dkr.ecr${fips}.${region}.${ipv4}`,
    `${accountId}.dkr-ecr${fips}.${region}.${dualStack}`,
  ];
  // China has no FIPS endpoints.
  return [...names(""), ...(china ? [] : names("-fips"))];
}
