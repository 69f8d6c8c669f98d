import { parseImageReference } from "../../contract/imageReference";
import { text } from "./fields";

const allowed = "an image of a registry, such as redis:7.4";

/** An image that is built elsewhere, by its tag or digest. */
export function imageSchema() {
  return text(allowed, (given) => {
    if (/^[a-z]+:\/\//i.test(given)) {
      const bare = given.replace(/^[a-z]+:\/\//i, "");
      return parseImageReference(bare) ? `write ${bare}` : "write it as redis:7.4";
    }
    const reference = parseImageReference(given);
    if (reference === undefined) return "write it as redis:7.4, or by its digest";
    if (reference.tag !== undefined || reference.digest !== undefined) return undefined;
    return `name a version, such as ${given}:1.2.3, or its digest: without one, latest would be meant`;
  });
}
