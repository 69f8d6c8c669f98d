import type { Check } from "../checks";
import { nearest } from "../nearest";
import type { Path } from "../path";
import { isToldElsewhere } from "../properNames";
import type { ServicesConfig } from "../types";

/** Services that run another one's image: it must be one that has an image of its own. */
export const checkImageOf: Check = ({ services }, report) => {
  for (const [name, { imageOf, architecture }] of Object.entries(services)) {
    if (imageOf === undefined) continue;
    const path: Path = ["services", name, "imageOf"];
    const fault = faultOf(name, imageOf, services);
    if (fault !== undefined) {
      report({ path, ...fault });
    } else if (
      Object.hasOwn(services, imageOf) &&
      architecture !== services[imageOf].architecture
    ) {
      report({
        path: ["services", name, "architecture"],
        allowed: `${services[imageOf].architecture}, which the image of ${imageOf} is for`,
        fix: "remove it, or give this service a build of its own",
        reads: [path, ["services", imageOf, "architecture"]],
      });
    }
  }
};

function faultOf(name: string, imageOf: string, services: ServicesConfig) {
  const others = Object.keys(services).filter(
    (other) => other !== name && services[other].imageOf === undefined,
  );
  const allowed =
    others.length === 0
      ? "another service that has an image of its own; there is none"
      : `another service that has an image of its own: ${others.join(", ")}`;
  if (imageOf === name) {
    return { given: `${name}, the service itself`, allowed, fix: "remove imageOf, and say build" };
  }
  if (!Object.hasOwn(services, imageOf)) {
    if (isToldElsewhere(imageOf, Object.keys(services))) return undefined;
    const meant = nearest(imageOf, others);
    return { allowed, fix: meant ? `did you mean ${meant}?` : "name one of them, or say build" };
  }
  const next = services[imageOf].imageOf;
  if (next === undefined) return undefined;
  const end = endOf(imageOf, services);
  return {
    given: `${imageOf}, which runs the image of ${next}`,
    allowed,
    fix: end === undefined ? "give one of them a build" : `write imageOf: ${end}`,
  };
}

/** Where a chain ends; undefined where it leads in a circle or to nothing. */
function endOf(start: string, services: ServicesConfig): string | undefined {
  let name = start;
  for (const seen = new Set<string>(); Object.hasOwn(services, name) && !seen.has(name);) {
    seen.add(name);
    const next = services[name].imageOf;
    if (next === undefined) return name;
    name = next;
  }
  return undefined;
}
