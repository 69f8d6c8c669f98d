import { createHash } from "node:crypto";

/** Pulumi appends a hyphen and seven hexadecimal digits to the logical name of what it names itself. */
export const autoNameSuffixLength = 8;

/** Of a name that is cut. */
const hashLength = 6;

/**
 * A logical name whose auto-named physical name stays within what AWS allows for the resource.
 * A name that fits is kept; a longer one is cut, and a hash of the whole keeps it unique and the same on every run.
 * Several hyphens in a row become one: load balancers and target groups take no more.
 * @param limit characters that AWS allows in the physical name, such as 32 for load balancers and target groups.
 */
export function boundedName(name: string, limit: number): string {
  const single = singleHyphens(name);
  const room = limit - autoNameSuffixLength;
  if (single.length <= room) {
    return single;
  }
  const hash = createHash("sha256").update(name).digest("hex").slice(0, hashLength);
  return `${single.slice(0, room - hash.length - 1).replace(/-+$/, "")}-${hash}`;
}

/**
 * What each name of {@link boundedName} begins with whose own name begins with `prefix`, however long it is.
 * @param limit the shortest that is given to `boundedName` with such names.
 */
export function boundedBeginning(prefix: string, limit: number): string {
  return singleHyphens(prefix).slice(0, limit - autoNameSuffixLength - hashLength - 1);
}

function singleHyphens(name: string): string {
  return name.replace(/-{2,}/g, "-");
}
