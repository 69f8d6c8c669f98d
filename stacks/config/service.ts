import { z } from "zod";
import { alarmsSchema } from "./alarms";
import { buildSchema } from "./build";
import { capabilitiesSchema } from "./capabilities";
import type { StackDefaults } from "./defaults";
import { deploymentSchema } from "./deployment";
import {
  choice,
  flag,
  keysOf,
  list,
  section,
  text,
  unlimited,
  variantError,
  wholeNumber,
} from "./fields";
import { healthCheckSchema, routeSchema } from "./route";
import { permissionSchema, secretSchema, securityGroupIdsSchema } from "./access";
import { completeService } from "./completeService";
import { egressSchema } from "./egress";
import { imageSchema } from "./image";
import { jobKeys, ofJob } from "./job";
import { publishesSchema, subscribesSchema } from "./messages";
import { ownReferenceSchema } from "./own";
import { scaling } from "./scaling";
import { serviceScanSchema } from "./scan";
import { callsSchema, privateShape } from "./privateService";
import {
  containerCheckSchema,
  dependsOnSchema,
  sidecarsSchema,
  userSchema,
  words,
} from "./sidecars";
import { cpuSchema, type Capacity } from "./size";
import { spotSchema } from "./spot";
import { ulimitsSchema } from "./ulimits";
import { usesSchema } from "./uses";
import { variablesSchema } from "./variables";
import { volumesSchema } from "./volumes";
import { writablePathsSchema } from "./writablePaths";

/** The services by name. */
export function servicesSchema(defaults: StackDefaults["service"], capacity: Capacity) {
  return z
    .record(z.string(), serviceSchema(defaults, capacity), { error: "services by name" })
    .superRefine(refuseTwoImages)
    .transform((services) =>
      Object.fromEntries(
        Object.entries(services).map(([name, service]) => [
          name,
          completeService(name, service, defaults, capacity, services),
        ]),
      ),
    );
}

/** Each key says it whole: beside another it would not be heeded. */
function refuseTwoImages(
  services: Readonly<Record<string, GivenService>>,
  issues: z.core.$RefinementCtx,
): void {
  for (const [name, { build, image, imageOf }] of Object.entries(services)) {
    const given = Object.entries({ build, image, imageOf }).filter(
      ([, each]) => each !== undefined,
    );
    for (const [key] of given.slice(1)) {
      issues.addIssue({
        ...{ code: "custom", path: [name, key], message: "one of build, image and imageOf" },
        params: { fix: `remove ${key}, or ${given[0][0]}` },
      });
    }
  }
}

/** One service, as it is given: its numbers that depend on one another are still open. */
function serviceSchema(defaults: StackDefaults["service"], capacity: Capacity) {
  const common = {
    /** What its image is built of. Default: the folder `app` for `web`, else the folder of the service's name. */
    build: buildSchema().optional(),
    /** An image that is built elsewhere, in place of `build`: copied by its digest with each release. Default: its own. */
    image: imageSchema().optional(),
    /** The service whose image it runs, in place of `build`: built once, in the same release. Default: its own. */
    imageOf: text("the name of another service", /\S/).optional(),
    /** CPU units, 1024 to a vCPU. Default: 256; in production 512; see `completeSize`. */
    cpu: cpuSchema(capacity).optional(),
    /** Memory of the task. Default: 512; in production 1024; see `completeSize`. */
    memoryMiB: wholeNumber(6, 1_048_576).optional(),
    /**
     * What its image is built for. Default: X86_64, because that is what CI runners and most base
     * images are: an ARM64 image built elsewhere by mistake fails with no more than "exec format
     * error". ARM64 costs a fifth less on Fargate. With `imageOf`: that image's.
     */
    architecture: choice(["X86_64", "ARM64"]).optional(),
    /** Environment variables, in plain text: what looks like a secret is refused. Default: none. */
    environment: variablesSchema().default({}),
    /** Environment variables whose values are kept in Secrets Manager or SSM. Default: none. */
    secrets: z
      .record(z.string(), secretSchema(), { error: "references to secrets by variable" })
      .default({}),
    /** What the tasks may do in AWS. Default: nothing. */
    permissions: list(permissionSchema(), "{ actions, resources }").default([]),
    /** Services that it calls, each as `http://<name>:<port>`. Default: none. */
    calls: callsSchema().default([]),
    /** Security groups of own resources that its tasks get beside their own. Default: none. */
    securityGroups: list(ownReferenceSchema(), "{ from: name }").default([]),
    /** Security groups that exist, which its tasks get as well. Default: none. */
    securityGroupIds: securityGroupIdsSchema().default([]),
    /** Where its tasks may connect outside of the VPC. Default: `all`. */
    egress: egressSchema(),
    /** Names below `buckets`: access to them, and variables that say where they are. Default: none. */
    uses: usesSchema(),
    /** What runs before the first release. Default: `placeholder`; `build` builds the image locally. */
    bootstrap: choice(["placeholder", "build"]).default("placeholder"),
    /** Topics that it publishes to. Default: none. */
    publishes: publishesSchema().default([]),
    /** Topics of other services that it has a queue for. Default: none. */
    subscribes: subscribesSchema().default({}),
    /** Its tasks on Fargate Spot: all, or `{ from }` one on. Default: as `cluster.capacity` says. */
    spot: spotSchema().optional(),
    /** What watches it and ends its deployments; `false` takes off what did. Default: what `gantry:alarms` says, which only watches. */
    alarms: alarmsSchema().optional(),
    /** How its tasks are exchanged. */
    deployment: deploymentSchema(),
    /** Seconds between SIGTERM and SIGKILL, 1 to 120. Default: 30. */
    stopTimeoutSeconds: wholeNumber(1, 120).default(30),
    /** Whether people may open a shell in a task. Default: yes; in production no. */
    exec: flag().default(defaults.exec),
    /** The entry point in place of the image's, whose command it replaces as well. Default: the image's. */
    entrypoint: words("words of an entry point, such as [/usr/bin/tini, --]").optional(),
    /** The command in place of the image's. Default: the image's. */
    command: words("words of a command, such as [node, worker.js]").optional(),
    /** Whether the container may write to its own file system. Default: it may not. */
    readonlyRootFilesystem: flag().default(true),
    /** Folders of files that outlive its tasks (EFS), by name: services that name the same one share it. Default: none. */
    volumes: volumesSchema().default({}),
    /** Folders in memory that the container may write to beside a read-only root. Default: none. */
    writablePaths: writablePathsSchema().default([]),
    /** GiB that a task has while it runs, its image included, on Fargate. Default: the 20 that every task has. */
    ephemeralStorageGiB: wholeNumber(21, 200).optional(),
    /** Resource limits of the container by name. Default: the host's; on Fargate 65535 files (`nofile`). */
    ulimits: ulimitsSchema().default({}),
    /** Whether an init process passes on signals and reaps zombies (`init` of Compose). Default: it does. */
    initProcess: flag().default(true),
    /** MiB of `/dev/shm`, with `capacity: ec2`. Default: Docker's 64. */
    shmSizeMiB: wholeNumber(1, 1_048_576).optional(),
    /** Command of its unit tests, run in the Dockerfile's folder before the image is built. Default: none. */
    test: text("a shell command such as npm ci && npm test", /\S/).optional(),
    scan: serviceScanSchema().prefault({}),
    /** Containers beside its own in each task, by name. Default: none. */
    sidecars: sidecarsSchema().default({}),
    /** What its own container waits for before it starts, by sidecar. Default: nothing. */
    dependsOn: dependsOnSchema().default({}),
    /** What ECS runs in its own container. Default: it is well while it runs. */
    healthCheck: containerCheckSchema().optional(),
    /** What runs once, in the new image, before each deployment: migrations. Default: nothing. */
    releaseCommand: section({
      command: words("words of a command, such as [node, migrate.js]"),
      /** Minutes until it is stopped and the deployment fails, 1 to 120. Default: 15. */
      timeoutMinutes: wholeNumber(1, 120).default(15),
    }).optional(),
    /** Whom the container runs as, `user` or `user:group`. Default: the image's. */
    user: userSchema().optional(),
    /** What the container keeps of the kernel's capabilities. Default: what a program needs that begins as root. */
    capabilities: capabilitiesSchema().optional(),
  };
  const web = {
    /** `web` (default) takes requests from the load balancer. */
    kind: z.literal("web").default("web"),
    ...common,
    /** The port it listens on, which it is also told as PORT. Default: 3000. */
    port: wholeNumber(1, 65535).default(3000),
    healthCheck: healthCheckSchema().prefault({}),
    /**
     * Command of its integration tests, run in the Dockerfile's folder after each deployment with the service's address as
     * VERIFY_URL and the commit of its image as EXPECTED_COMMIT. Default: none, and then releases are not verified.
     */
    verify: text("a shell command such as node verify/main.mjs", /\S/).optional(),
    /**
     * Where the verification finds it, as `https://shop.example.com`. Default: its first literal host, else the domain, else the
     * load balancer's own name, with its first path.
     */
    verifyUrl: text("an address such as https://shop.example.com", verifyUrlFault).optional(),
    route: routeSchema().prefault({}),
    /** Seconds that a task which leaves may finish its requests in, 0 to 3600. Default: 15. */
    drainSeconds: wholeNumber(0, 3600).default(15),
    scaling: section({
      ...scaling(1),
      /** Requests per minute and task to hold. Default: not scaled by requests. */
      requestsPerTarget: wholeNumber(1, unlimited).optional(),
    }).prefault({}),
  };
  const worker = {
    /** `worker` takes no requests. */
    kind: z.literal("worker"),
    ...common,
    scaling: section(scaling(0), { requestsPerTarget: "kind: web" }).prefault({}),
  };
  const hidden = {
    /** `private` is called by services of the environment that say so, and by nobody else. */
    kind: z.literal("private"),
    ...common,
    ...privateShape(),
    scaling: section(scaling(1), { requestsPerTarget: "kind: web" }).prefault({}),
  };
  const job = { ...jobKeys(), ...ofJob(common) };
  const elsewhere = {
    ...keysOf(job, "kind: job"),
    ...keysOf(hidden, "kind: private"),
    ...keysOf(web, "kind: web"),
    ...{ port: "kind: web or kind: private", verify: "kind: web or kind: private" },
  };
  return z.discriminatedUnion(
    "kind",
    [
      section(web, elsewhere),
      section(hidden, elsewhere),
      section(worker, elsewhere),
      section(job, { ...elsewhere, ...keysOf(worker, "kind: worker") }),
    ],
    { error: variantError(["web", "private", "worker", "job"]) },
  );
}

function verifyUrlFault(given: string): string | undefined {
  // A password in it would stand in the pipeline.
  if (/^https?:\/\/[a-z0-9.-]+(:\d+)?(\/[^\s?#]*)?$/i.test(given)) return undefined;
  return "write it as https://shop.example.com";
}

/** A service as it is given. */
export type GivenService = z.output<ReturnType<typeof serviceSchema>>;
