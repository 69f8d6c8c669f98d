import { z } from "zod";
import { readyMadeImages, readyMades, type ReadyMade } from "../../components/service/readyMade";
import { isRecord } from "../../contract/record";
import { choice, flag, oneOf, scalar, section, text, textOr } from "./fields";
import { secretInVariable } from "./secretValues";
import { refuseTwoImages, type SidecarKeys } from "./sidecars";

/** What a sidecar of a kind has beside what all have. */
export interface RouterConfig {
  /** Undefined where it is none of the ready-made ones. */
  readonly kind?: ReadyMade;
  readonly options?: Readonly<Record<string, string>>;
  readonly configFile?: string;
}

/** The keys of a log router. */
export function routerKeys() {
  return {
    /** Where the log goes, as options of an output of Fluent Bit. Default: to the service's log group. */
    options: optionsSchema().optional(),
    /** Configuration of Fluent Bit in its image, beside what ECS generates. Default: none. */
    configFile: text(
      "an absolute path in the image, such as /fluent-bit/configs/parse-json.conf",
      /^(\/[\w.-]+)+$/,
    ).optional(),
  };
}

/** Options in plain text; one that is `${KEY}` is a secret or variable of the sidecar. */
function optionsSchema() {
  return z
    .record(z.string(), scalar(z.string({ error: "a text" })), { error: "options by name" })
    .superRefine((options, context) => {
      for (const [name, value] of Object.entries(options)) {
        const kind = secretInVariable(name, value);
        if (kind === undefined) continue;
        context.addIssue({
          ...{ code: "custom", path: [name] },
          message: "what everybody may read: it stands in the task definition",
          params: {
            given: `what looks like ${kind}`,
            fix: `name it under the sidecar's secrets, as KEY, and write ${name}: \${KEY}`,
          },
        });
      }
    });
}

/** Whether what was given is, or was meant as, a sidecar of those that are known. */
export function isReadyMade(given: unknown): boolean {
  return typeof given === "string" || (isRecord(given) && Object.hasOwn(given, "kind"));
}

/** `openTelemetry` or `fireLens`, or `{ kind: openTelemetry }` with what differs; its image is known. */
export function readyMadeSchema(keys: SidecarKeys) {
  const kind = choice(readyMades);
  const whole = section({
    kind,
    ...keys,
    ...routerKeys(),
    /** Default: as its kind is. */
    essential: flag().optional(),
    /** Default: it may not write; `fireLens` may. */
    readonlyRootFilesystem: flag().optional(),
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
