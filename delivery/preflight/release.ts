import { counted } from "../../contract/counted";
import { configPathOf } from "../../contract/containers";
import type { Release } from "../../contract/manifest";
import { pointerBytes, pointerSize } from "../../contract/pointer";
import { releasedContainers } from "../../stacks/config/containers";
import type { Target } from "../target";
import type { PreflightFault } from "./fault";

/** What is wrong with a release for an environment, as far as the two of them tell. */
export function releaseFaults(
  { stack, config }: Pick<Target, "stack" | "config">,
  release: Release,
): PreflightFault[] {
  const wanted = Object.keys(releasedContainers(config.services));
  const given = Object.keys(release.images);
  const size = pointerSize(release);
  return [
    ...given
      .filter((service) => !wanted.includes(service))
      .map((service) => ({
        where: configPathOf(service),
        fault: `the release has an image of it, and ${stack} has no such ${service.includes(".") ? "sidecar" : "service"}`,
        allowed: wanted.join(", ") || "none: no service is configured",
        fix:
          `add ${service} to gantry:services in Pulumi.${stack}.yaml and run pulumi up --stack ${stack}, or ` +
          "remove it from the config that the release was built with",
      })),
    ...wanted
      .filter((service) => !given.includes(service))
      .map((service) => ({
        where: configPathOf(service),
        fault: `the release has no image of it, only of ${given.join(", ") || "nothing"}`,
        allowed: `an image of every service of ${stack}`,
        fix:
          `add ${service} to gantry:services of the stack that builds and release again, or remove it from ` +
          `Pulumi.${stack}.yaml`,
      })),
    ...(size > pointerBytes.advanced
      ? [
          {
            where: "the manifest",
            fault: `it has ${size} bytes for ${counted(given.length, "service")}`,
            allowed: `${pointerBytes.advanced} bytes, which is what an SSM parameter holds`,
            fix: "spread the services over two products (gantry:name)",
          },
        ]
      : []),
  ];
}
