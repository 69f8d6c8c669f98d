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
  return parseRelease(read(text).manifest, origin);
}

/** The same, with what the pointer says beside the manifest. @throws ReleaseError */
export function parseDesired(text: string, origin: string): DesiredRelease {
  const { manifest, awaits } = read(text);
  const release = parseRelease(manifest, origin);
  return awaits ? { ...release, awaitsVerification: true } : release;
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

/** The manifest in a pointer, and whether it is marked. A text that is none is as it is: its faults are told where it is parsed. */
function read(text: string): { readonly manifest: string; readonly awaits: boolean } {
  const given = parsed(text);
  if (!isRecord(given)) return { manifest: text, awaits: false };
  const { awaitsVerification: mark, ...unmarked } = given;
  const awaits = mark === true;
  const release = awaits ? unmarked : given;
  const manifest = lengthened(release) ?? (awaits ? JSON.stringify(release) : text);
  return { manifest, awaits };
}

/** The manifest of a shortened one; undefined of any other. */
function lengthened(given: Readonly<Record<string, unknown>>): string | undefined {
  const { repositories, images, ...rest } = given;
  if (typeof repositories !== "string" || !isRecord(images)) return undefined;
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
