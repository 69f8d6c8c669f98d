import { DeliveryError } from "./errors";

/** What a build answered. */
export interface GivenImage {
  readonly tag: string;
  readonly digest: string;
  /** What came of the tests. Without it, nobody knows. */
  readonly tests?: string;
}

const imagePattern = /^([A-Za-z0-9_][A-Za-z0-9._-]{0,127})@(sha256:[0-9a-f]{64})$/;

/**
 * Reads `web=3f9c2a1b@sha256:...,jobs=...`.
 * @throws DeliveryError that lists every part that is none.
 */
export function parseImages(text: string): ReadonlyMap<string, GivenImage> {
  const images = new Map<string, GivenImage>();
  const faults: string[] = [];
  for (const part of partsOf(text, ",")) {
    const [service, image = ""] = splitAtFirst(part, "=");
    const [, tag, digest] = imagePattern.exec(image) ?? [];
    if (service === "" || !tag || !digest) {
      faults.push(JSON.stringify(part));
    } else if (images.has(service)) {
      faults.push(`${service} is named twice`);
    } else {
      images.set(service, { tag, digest });
    }
  }
  if (faults.length > 0 || images.size === 0) {
    throw new DeliveryError(
      `the images of a release are given as web=<tag>@sha256:<64 digits>,jobs=... (--images)`,
      images.size === 0 && faults.length === 0 ? ["none is given"] : faults,
    );
  }
  return images;
}

/**
 * Images and results of tests as a person gives them.
 * @throws DeliveryError that lists every image that is none.
 */
export function givenImages(images: string, tests = ""): ReadonlyMap<string, GivenImage> {
  const results = parseTests(tests);
  return new Map(
    [...parseImages(images)].map(([service, image]) => [
      service,
      { ...image, tests: results.get(service) },
    ]),
  );
}

/** Reads `web=passed in 12 s;jobs=none`. What is none is left out: it only informs. */
function parseTests(text: string): ReadonlyMap<string, string> {
  const results = partsOf(text, ";").map((part) => splitAtFirst(part, "="));
  return new Map(results.flatMap(([service, result]) => (result ? [[service, result]] : [])));
}

function partsOf(text: string, separator: string): string[] {
  return text
    .split(separator)
    .map((part) => part.trim())
    .filter((part) => part !== "");
}

function splitAtFirst(text: string, separator: string): [string, string | undefined] {
  const index = text.indexOf(separator);
  return index < 0
    ? [text, undefined]
    : [text.slice(0, index).trim(), text.slice(index + 1).trim()];
}
