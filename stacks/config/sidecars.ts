import { z } from "zod";
import { secretSchema } from "./access";
import { buildSchema, completeBuild, type BuildConfig } from "./build";
import { capabilitiesSchema } from "./capabilities";
import {
  choice,
  filledList,
  flag,
  keysOf,
  reportFix,
  scalar,
  section,
  text,
  wholeNumber,
} from "./fields";
import { imageSchema } from "./image";
import { either } from "./own";
import { isReadyMade, readyMadeSchema, routerKeys, type RouterConfig } from "./readyMade";
import { variablesSchema } from "./variables";
import { mountsSchema } from "./volumes";
import { writablePathsSchema } from "./writablePaths";

/** Words of a command, as a task definition has them. */
export function words(what: string) {
  return filledList(scalar(z.string({ error: "a text" })), what);
}

/** What a container waits for, by the names of others. */
export function dependsOnSchema() {
  return z.record(z.string(), choice(["started", "healthy", "complete", "success"]), {
    error: "started, healthy, complete or success by container",
  });
}

/** The command of a container's own health check: a text for its shell, or words that are run without one. */
export function checkCommandSchema() {
  const allowed = "a command such as curl -f http://localhost:3000/health, or its words";
  return either(Array.isArray, words(allowed), text(allowed, /\S/));
}

/** How often ECS runs it, in its own bounds ("HealthCheck", ECS API reference). */
export const checkTimes = {
  /** How often in a row it must fail, 1 to 10. Default: 3. */
  retries: wholeNumber(1, 10).optional(),
  /** Seconds after the start in which failures do not count, 0 to 300. Default: 0. */
  startPeriodSeconds: wholeNumber(0, 300).optional(),
} as const;

/** The health check of a container that no load balancer asks. */
export function containerCheckSchema() {
  return section({
    /** Healthy where it ends with 0. */
    command: checkCommandSchema(),
    /** 5 to 300. Default: 30. */
    intervalSeconds: wholeNumber(5, 300).optional(),
    /** 2 to 60. Default: 5. */
    timeoutSeconds: wholeNumber(2, 60).optional(),
    ...checkTimes,
  });
}

/** Containers beside a service's own in each of its tasks, by name. */
export function sidecarsSchema() {
  const keys = sidecarKeys();
  const sidecar = either(isReadyMade, readyMadeSchema(keys), sidecarSchema(keys));
  return z.record(z.string(), sidecar, { error: "sidecars by name" });
}

function sidecarKeys() {
  return {
    /** What its image is built of, as a service's. Default: it runs the service's own image. */
    build: buildSchema().optional(),
    /** An image that is built elsewhere: copied by its digest with each release. Default: the service's own. */
    image: imageSchema().optional(),
    /** The entry point in place of the image's. Default: the image's. */
    entrypoint: words("words of an entry point, such as [/usr/bin/tini, --]").optional(),
    /** The command in place of the image's. Default: the image's. */
    command: words("words of a command, such as [nginx, -g, daemon off;]").optional(),
    /** The port it listens on, which no other container of the task may have. Default: none. */
    port: wholeNumber(1, 65535).optional(),
    /** Environment variables, in plain text. Default: none. */
    environment: variablesSchema().default({}),
    /** Environment variables whose values are kept in Secrets Manager or SSM. Default: none. */
    secrets: z
      .record(z.string(), secretSchema(), { error: "references to secrets by variable" })
      .default({}),
    /** Whether the task ends with it. Default: it does. */
    essential: flag().default(true),
    /** What it waits for before it starts; the service's own container is called app. Default: nothing. */
    dependsOn: dependsOnSchema().default({}),
    /** Default: it is well while it runs. */
    healthCheck: containerCheckSchema().optional(),
    /** Whom it runs as, `user` or `user:group`. Default: the image's. */
    user: userSchema().optional(),
    /** What it keeps of the kernel's capabilities. Default: what a program needs that begins as root. */
    capabilities: capabilitiesSchema().optional(),
    /** Whether it may not write to its own file system. Default: it may not. */
    readonlyRootFilesystem: flag().default(true),
    /** Volumes of the service that it mounts as well, by name. Default: none. */
    volumes: mountsSchema().optional(),
    /** Folders in memory that it may write to beside a read-only root. Default: none. */
    writablePaths: writablePathsSchema().optional(),
    /** CPU units of the task's that are its own. Default: it shares what is left. */
    cpu: wholeNumber(1, 1_048_576).optional(),
    /** MiB of the task's memory at which it ends. Default: the task's. */
    memoryMiB: wholeNumber(6, 1_048_576).optional(),
  };
}

export type SidecarKeys = ReturnType<typeof sidecarKeys>;

function sidecarSchema(keys: SidecarKeys) {
  return section(keys, keysOf(routerKeys(), "kind: fireLens")).superRefine((given, context) => {
    refuseTwoImages(given, context);
    const { build, image, command, entrypoint } = given;
    const own = build === undefined && image === undefined;
    if (own && command === undefined && entrypoint === undefined) {
      reportFix(
        context,
        "build, image, or a command that runs in the service's own image",
        "say which image it runs: image: nginx:1.29, or build: nginx",
      );
    }
  });
}

/** Each says it whole. */
export function refuseTwoImages(
  { build, image }: { readonly build?: unknown; readonly image?: unknown },
  context: z.core.$RefinementCtx,
): void {
  if (build === undefined || image === undefined) return;
  context.addIssue({
    ...{ code: "custom", path: ["image"], message: "one of build and image" },
    params: { fix: "remove image, or build" },
  });
}

export function userSchema() {
  return scalar(
    text("a user or user:group, such as node or 1000:1000", /^[\w][\w.-]*(:[\w][\w.-]*)?$/),
  );
}

type GivenSidecars = z.output<ReturnType<typeof sidecarsSchema>>;

/** A sidecar with every default filled in. */
export type SidecarConfig = Omit<GivenSidecars[string], "build"> &
  RouterConfig & {
    /** Undefined where it runs another image. */
    readonly build: BuildConfig | undefined;
  };

export function completeSidecars(given: GivenSidecars): Readonly<Record<string, SidecarConfig>> {
  return Object.fromEntries(
    Object.entries(given).map(([name, { build, ...sidecar }]) => [
      name,
      { ...sidecar, build: build === undefined ? undefined : completeBuild(name, build) },
    ]),
  );
}
