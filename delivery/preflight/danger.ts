import type { PostureWarning } from "../../stacks/config";
import { appContainer } from "../../contract/containers";
import { containersOf, type ReleasedContainer } from "../../stacks/config/containers";
import { formatPath } from "../../stacks/config/path";
import { isRoot, root } from "../../stacks/config/posture/containerRules";
import type { ServicesConfig } from "../../stacks/config/types";

/** A danger, as whoever approves a release is told of it. */
export type ToldDanger = Pick<PostureWarning, "path" | "danger" | "verdict">;

/**
 * Where a container is root since its image is and config names nobody: one for each container that runs the image. ECS runs a log
 * router as root in any case.
 * @param user whom the image names; empty where it names nobody.
 */
export function rootOfImage(
  services: ServicesConfig,
  { service, container, build }: ReleasedContainer,
  user: string,
): ToldDanger[] {
  if (!isRoot(user)) return [];
  const { [service]: config } = services;
  return containersOf(config).flatMap(({ name, path, image, build: own }) => {
    const isShared = container === appContainer && (own ?? image) === undefined;
    if (name !== container && !isShared) return [];
    const given = path.length === 0 ? config : config.sidecars[name];
    if (given.user !== undefined || given.kind === "fireLens") return [];
    return [{ path: formatPath(["services", service, ...path, "user"]), ...said(user, build) }];
  });
}

function said(user: string, build: unknown): Omit<ToldDanger, "path"> {
  const which = user === "" ? "nobody here and in the image" : `nobody here, ${user} in the image`;
  const image = build === undefined ? "" : "say USER in its Dockerfile, or ";
  return {
    danger: `${which}, which is root: ${root.why}`,
    verdict:
      `Safe: ${image}${root.safe}. Where it must be root, say so: user: root, with the reason in ` +
      `gantry:posture (rule ${root.id})`,
  };
}
