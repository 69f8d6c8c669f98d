/**
 * Every environment variable by which the program, its pipelines and the `gantry` command tell each other something,
 * and those that people set for them. What only the rehearsal reads is named there.
 */
export const variables = {
  /** The environment that a command works on, as its Pulumi stack is called. */
  stack: "GANTRY_STACK",
  /** The Pulumi project in its repository, as `infra`: where CodeBuild puts the source is its root. */
  folder: "GANTRY_FOLDER",
  /** Where actions fetch the command that their buildspec starts, `s3://<bucket>/bundles/<SHA-256>.js`. */
  command: "GANTRY_COMMAND",
  /** Path of the release manifest that plan and deploy hand to the program as their candidate. Without it, the pointer counts. */
  release: "GANTRY_RELEASE",

  /** Id of the execution of the pipeline: the owner of a deployment and its lock. */
  execution: "GANTRY_EXECUTION",
  /** The full commit that the source is of. Also an argument of each image's build. */
  commit: "GANTRY_COMMIT",
  /** When that commit was made, as the pipeline's source says it: see `delivery/releaseOrigin.ts`. */
  committedAt: "GANTRY_COMMITTED_AT",
  /** Name of the pipeline: where the commit's message is asked for, and where an approval is given. */
  pipeline: "GANTRY_PIPELINE",
  /** The service that a build is of. */
  service: "GANTRY_SERVICE",
  /** Where builds leave their results and the release finds them, `s3://<bucket>/<prefix>`: by execution and service. */
  results: "GANTRY_RESULTS",
  /**
   * Where releases keep what actions need to run Pulumi, `s3://<bucket>/installations`: see `installation.ts`. Without it,
   * actions have it by themselves, or get it from the npm registry and Pulumi's download site.
   */
  installations: "GANTRY_INSTALLATIONS",
  /** Addresses of the services that are verified: JSON, see `serviceUrls.ts`. */
  serviceUrls: "GANTRY_SERVICE_URLS",
  /** Seconds for the verification of one service, all attempts together. */
  verifyTimeoutSeconds: "GANTRY_VERIFY_TIMEOUT",
  /** Minutes of the action's time-out in CodeBuild: the command ends before, and puts back what it has begun. */
  timeoutMinutes: "GANTRY_TIMEOUT_MINUTES",
  /** The stack that a verified release is promoted to. */
  promoteTo: "GANTRY_PROMOTE_TO",
  /** Its region. */
  promoteRegion: "GANTRY_PROMOTE_REGION",
  /** Its release bucket. */
  promoteBucket: "GANTRY_PROMOTE_BUCKET",
  /** The role there that may receive a release. */
  receiveRoleArn: "GANTRY_RECEIVE_ROLE_ARN",

  /** ARN of the topic that people are told by. Without it, a command looks it up by its name, or tells nobody. */
  topic: "GANTRY_TOPIC",

  /** The product, as in `gantry:name`, where no config can be read. */
  product: "GANTRY_PRODUCT",
  /** ARN of the service of which an event of ECS's tells. */
  serviceArn: "GANTRY_SERVICE_ARN",
  /** Name of that event. */
  serviceEvent: "GANTRY_SERVICE_EVENT",

  /** The builder of images in place of the first that works: `docker`, `podman` or `buildah`. */
  builder: "GANTRY_BUILDER",
  /** The image of the BuildKit that is started where Docker's own keeps no layers in a registry. Without it, none is. */
  buildkitImage: "GANTRY_BUILDKIT_IMAGE",
  /** What a scheduled check for drift knows of its environment, which has no files there: JSON, see `drift.ts`. */
  checked: "GANTRY_CHECKED",

  /** Set, whatever to: a command that acts says what it would do, and ends where it would ask. */
  dryRun: "GANTRY_DRY_RUN",

  /** Where a builder image has the program's packages: they are linked in place of an installation. */
  nodeModules: "GANTRY_NODE_MODULES",
} as const;

/** What actions of the pipeline export, for the configuration of later ones and for people who look at an execution. */
export const exportedVariables = {
  /** Build: `<tag>@<digest>`. */
  image: "GANTRY_IMAGE",
  /** Build: what came of the tests, such as `passed in 12 s`. */
  tests: "GANTRY_TESTS",
  /** Release and Plan: id of the release. */
  releaseId: "GANTRY_RELEASE_ID",
  /** Plan and Confirm: what the person who approves is shown. */
  summary: "GANTRY_SUMMARY",
  /** Plan: where that person sees more. */
  link: "GANTRY_LINK",
  /** Verify: `passed` or `failed`. */
  verified: "GANTRY_VERIFIED",
} as const;
