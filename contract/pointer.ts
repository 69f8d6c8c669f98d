import { parseRelease, type Release, type ReleaseImage } from "./manifest";
import { isRecord } from "./record";

/**
 * Bytes that a parameter of SSM holds: in the standard tier, which is free, and in the advanced one ("Managing parameter
 * tiers", AWS Systems Manager user guide).
 */
export const pointerBytes = { standard: 4096, advanced: 8192 } as const;

/** The release that an environment shall run. */
export interface DesiredRelease extends Release {
  /** Whether users shall not meet it yet: its deployment is held, or will be, until it is verified. Default: they may. */
  readonly awaitsVerification?: true;
}

/**
 * A release as the pointer holds it: the manifest itself, and where that is longer than a standard parameter, the same
 * with what all images have in common said once.
 */
export function pointerText(release: DesiredRelease): string {
  const whole = JSON.stringify(release);
  return Buffer.byteLength(whole) <= pointerBytes.standard ? whole : shortened(release);
}

/** Bytes that a release takes as a pointer, at most. */
export function pointerSize(release: Release): number {
  return Buffer.byteLength(pointerText({ ...release, awaitsVerification: true }));
}

/**
 * Reads the release that `pointerText` has written.
 * @param origin where the text came from, for the error.
 * @throws ReleaseError naming the origin and every fault.
 */
export function parsePointer(text: string, origin: string): Release {
  return parseRelease(lengthened(text), origin);
}

/** The same, with what the pointer says beside the manifest. @throws ReleaseError */
export function parseDesired(text: string, origin: string): DesiredRelease {
  const release = parsePointer(text, origin);
  return marked(parsed(text)) ? { ...release, awaitsVerification: true } : release;
}

function marked(given: unknown): boolean {
  return isRecord(given) && given.awaitsVerification === true;
}

/** `3f9c2a1b@sha256:<digest> ARM64`, in the repository `<repositories><service>`. */
const shortImage = /^([^@\s]+)@(\S+?)(?: (\S+))?$/;

function shortened({ images, ...rest }: DesiredRelease): string {
  const repositories = Object.entries(images)
    .map(([service, { uri }]) => beginningOf(uri, service))
    .find((beginning) => beginning !== undefined);
  const short = Object.entries(images).map(([service, image]): [string, unknown] =>
    repositories !== undefined && image.uri === repositories + service
      ? [service, textOf(image)]
      : [service, image],
  );
  return JSON.stringify({ ...rest, repositories, images: Object.fromEntries(short) });
}

function beginningOf(uri: string, service: string): string | undefined {
  return uri.endsWith(`/${service}`) ? uri.slice(0, -service.length) : undefined;
}

function textOf({ tag, digest, architecture }: ReleaseImage): string {
  return `${tag}@${digest}${architecture === undefined ? "" : ` ${architecture}`}`;
}

/** The manifest of a shortened one; any other text as it is, whose faults are told where it is parsed. */
function lengthened(text: string): string {
  const given = parsed(text);
  if (isRecord(given) && marked(given)) {
    return lengthened(JSON.stringify({ ...given, awaitsVerification: undefined }));
  }
  if (!isRecord(given) || typeof given.repositories !== "string" || !isRecord(given.images)) {
    return text;
  }
  const { repositories, images, ...rest } = given;
  const whole = Object.entries(images).map(([service, image]): [string, unknown] => {
    const [, tag, digest, architecture] =
      typeof image === "string" ? (shortImage.exec(image) ?? []) : [];
    return tag === undefined
      ? [service, image]
      : [service, { uri: `${repositories}${service}`, tag, digest, architecture }];
  });
  return JSON.stringify({ ...rest, images: Object.fromEntries(whole) });
}

/** Undefined where it is not JSON. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
