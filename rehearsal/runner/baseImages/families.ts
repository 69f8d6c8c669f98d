/** An image's name in parts, with what a registry takes for granted filled in. */
export interface ImageName {
  /** Such as `docker.io` or `public.ecr.aws`. */
  readonly registry: string;
  /** Such as `library/node`. */
  readonly repository: string;
  /** Default: latest. */
  readonly tag: string;
}

/** Reads `[registry/]repository[:tag][@digest]`, as the tools do: a first part with a dot, a port or `localhost` is a registry. */
export function parseImageName(image: string): ImageName {
  const [name] = image.split("@");
  const [first, ...rest] = name.split("/");
  const hasRegistry = rest.length > 0 && (/[.:]/.test(first) || first === "localhost");
  const path = hasRegistry ? rest.join("/") : name;
  const [repository, tag = "latest"] = path.split(":");
  const registry = hasRegistry && first !== "index.docker.io" ? first : "docker.io";
  const isOfficial = registry === "docker.io" && !repository.includes("/");
  return { registry, repository: isOfficial ? `library/${repository}` : repository, tag };
}

/**
 * What a stand-in has: this machine's Node, Debian's Python or nginx, or neither. Its tools are those of Debian, or for tags of
 * Alpine those of busybox.
 */
export interface Family {
  readonly runtime: "node" | "python" | "nginx" | "none";
  readonly system: "debian" | "busybox";
}

/** Official images, and their copies in the registries of Amazon and Google. */
const official = /^(docker\/)?library\/(node|python|nginx|debian|ubuntu|alpine|busybox)$/;

/** As errors name them. */
export const families = "node, python, nginx, debian, ubuntu, alpine and busybox";

/**
 * What could stand in for an image; undefined for one of which nothing here is like it. Tags of Alpine get busybox, whose
 * tools have the same options; their `apk` has nothing that stands in for it.
 */
export function familyOf(image: string): Family | undefined {
  const { repository, tag } = parseImageName(image);
  const [, , name] = official.exec(repository) ?? [];
  switch (name) {
    case "node":
    case "python":
    case "nginx":
      return { runtime: name, system: /alpine/.test(tag) ? "busybox" : "debian" };
    case "debian":
    case "ubuntu":
      return { runtime: "none", system: "debian" };
    case "alpine":
    case "busybox":
      return { runtime: "none", system: "busybox" };
    default:
      return undefined;
  }
}
