import { readyMadeImages, readyMades, type ReadyMade } from "../../components/service/readyMade";
import { isRecord } from "../../contract/record";
import { choice, flag, oneOf, section, textOr } from "./fields";
import { refuseTwoImages, type SidecarKeys } from "./sidecars";

export type { ReadyMade };

/** Whether what was given is, or was meant as, a sidecar of those that are known. */
export function isReadyMade(given: unknown): boolean {
  return typeof given === "string" || (isRecord(given) && Object.hasOwn(given, "kind"));
}

/** `openTelemetry`, or `{ kind: openTelemetry }` with what differs; its image is known. */
export function readyMadeSchema(keys: SidecarKeys) {
  const kind = choice(readyMades);
  const whole = section({
    kind,
    ...keys,
    /** Default: as its kind is. */
    essential: flag().optional(),
  }).superRefine(refuseTwoImages);
  return textOr(
    kind.transform((word) => whole.parse({ kind: word }, { jitless: true })),
    whole,
    oneOf(readyMades),
  ).transform(({ image, build, ...given }) => ({
    ...given,
    build,
    image: build === undefined ? (image ?? readyMadeImages[given.kind]) : image,
  }));
}
