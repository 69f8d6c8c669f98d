import { z } from "zod";
import { secretStore } from "../../components/service/secretReference";
import { allowedRegion, regionFault } from "./aws/regions";
import { gateAlarmsSchema } from "./gateAlarms";
import type { StackDefaults } from "./defaults";
import {
  choice,
  keysOf,
  list,
  reportFix,
  scalar,
  section,
  text,
  variantError,
  wholeNumber,
} from "./fields";
import { scanSeverities } from "./scan";
import { secretIn } from "./secretValues";
import { daySchema, windowsSchema } from "./windows";

/** Of a connection to GitHub. */
export const connectionArn =
  /^arn:aws[a-z-]*:(codeconnections|codestar-connections):[a-z0-9-]+:\d{12}:connection\/[0-9a-f-]{36}$/;

/** The delivery pipeline of the environment. */
export function pipelineSchema(defaults: StackDefaults["pipeline"]) {
  return section({
    /** Where commits come from. Default: the environment's own release bucket, into which another promotes. */
    source: sourceSchema().optional(),
    /** The environment that gets a release which was verified here. Default: none. */
    promoteTo: section({
      /** Its stack. */
      stack: stackName(),
      /** Its account. Default: this stack's. */
      account: accountId().optional(),
      /** Its region. Default: this stack's. */
      region: text(allowedRegion, regionFault).optional(),
    }).optional(),
    /** The environment whose verified releases arrive in the release bucket. Default: staging of this account. */
    promoteFrom: section({
      stack: stackName().default("staging"),
      /** Its account. Default: this stack's. */
      account: accountId().optional(),
      /** Its region. Default: this stack's. */
      region: text(allowedRegion, regionFault).optional(),
    }).prefault({}),
    /** Where Pulumi keeps the state of this stack, for the pipeline's own runs. */
    state: section({
      /** Default: Pulumi Cloud. */
      backendUrl: text(
        "https://api.pulumi.com or an S3 bucket as s3://acme-pulumi-state",
        /^(https|s3):\/\/\S+$/,
        "name a backend that CodeBuild can reach: a Pulumi service or an S3 bucket",
      )
        .superRefine(refusePassword)
        .default("https://api.pulumi.com"),
      /**
       * The organization of the Pulumi service that has the stack. Default: that of the token, which may be a person's own.
       */
      organization: text(
        "the organization in the address of the stack, such as acme",
        /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,99}$/,
        "write the first part of what pulumi stack ls shows, as in acme/shop/staging",
      ).optional(),
      /**
       * The Secrets Manager secret with the access token of a Pulumi service. Default:
       * `gantry/<name>/<stack>/pulumi-access-token`, so that no environment has another one's.
       */
      accessTokenSecret: secretName().optional(),
      /**
       * The Secrets Manager secret with the passphrase of the stack's secrets. Default: none; a bucket then needs
       * `keyArn`, since Pulumi opens no state there without one of the two.
       */
      passphraseSecret: secretName().optional(),
      /** The KMS key of the stack's secrets, or of the bucket. Default: none. */
      keyArn: kmsKeyArn().optional(),
    }).prefault({}),
    /**
     * Where the file of this stack is kept, for a team that keeps it out of git: `gantry config push` puts it there. Default: it comes with
     * the source.
     */
    config: section({
      /** A bucket of the stack's account and region that keeps versions, such as that of the state. */
      bucket: bucketName(),
      /** The KMS key of that bucket. Default: AWS's own. */
      keyArn: kmsKeyArn().optional(),
    }).optional(),
    /** What the scan of an image may find. */
    scan: section({
      /** The least severity that stops a release; NONE lets everything pass. Default: CRITICAL. */
      severity: choice(scanSeverities).default("CRITICAL"),
      /** Findings that are accepted until a day. Default: none. */
      allow: list(
        section({
          /** As the finding is called. */
          id: text("the id of a finding such as CVE-2026-12345", /^\S+$/),
          /** The last day on which it is accepted. */
          until: daySchema(),
          /** Why, for whoever reads it later. */
          reason: text("why it is accepted", /\S/),
        }),
        "{ id, until, reason }",
      ).default([]),
    }).prefault({}),
    /** When releases may be deployed. Default: at any time. */
    windows: windowsSchema().optional(),
    /**
     * Minutes for which a release proves itself in the environment before this one, 0 to 10080: a week. Default: 0. Nothing
     * beside a `source`.
     */
    soakMinutes: wholeNumber(0, 10_080).default(0),
    /** Which alarms hold releases back while they fire. Default: none; in production those that Gantry makes. */
    alarms: gateAlarmsSchema(defaults.alarms),
    /** An image of your own for builds, with the tools baked in: buildspecs/builder. Default: AWS's own image. */
    builder: section({
      /** Its tag in the repository that the pipeline makes for it. */
      tag: text("a tag other than latest, such as 2026-11", (given) =>
        /^[A-Za-z0-9_][A-Za-z0-9._-]{0,127}$/.test(given) && given !== "latest"
          ? undefined
          : "write a tag that never moves, such as 2026-11",
      ),
    }).optional(),
    /** Hours that an approval is waited for, 1 to 168. Default: 168, seven days. */
    approvalTimeoutHours: wholeNumber(1, 168).default(168),
    /** How the deploy stage works. Default: `pulumi`; `ecs` uses CodePipeline's own ECS action. */
    deploy: choice(["pulumi", "ecs"]).default("pulumi"),
    /**
     * Whether a person must approve each release: before it is deployed, or (`afterVerification`) once its new tasks are verified and
     * before they get requests. Default: no; in production before it is deployed.
     */
    approval: approvalSchema().default(defaults.approval),
  });
}

/** It stands in the pipeline for all to read; what gives access goes by `accessTokenSecret`. */
function refusePassword(given: string, context: z.core.$RefinementCtx): void {
  const kind = secretIn(given);
  if (kind === undefined) return;
  context.addIssue({
    code: "custom",
    message: "an address alone: pipeline and state show it to many",
    params: {
      given: `what looks like ${kind}`,
      fix: "write it without the password, and name the secret with the token as accessTokenSecret",
    },
  });
}

const approvals = "true, false or afterVerification";

function approvalSchema() {
  return z.preprocess(
    (given, context) => {
      if (typeof given !== "string" || !isAboutVerification.test(given)) return given;
      // Which of the two sides is meant decides what people are asked: nothing is taken for the other.
      reportFix(
        context,
        approvals,
        "write afterVerification, or true: people are asked before anything is deployed then",
      );
      return z.NEVER;
    },
    z.literal([true, false, "afterVerification"], { error: approvals }),
  );
}

/** `beforeVerification`, and the like. */
const isAboutVerification = /^before.*verif/i;

function stackName() {
  return text("the name of a stack, such as production", /^[a-z0-9]+(-[a-z0-9]+)*$/);
}

function bucketName() {
  return text("the name of a bucket", /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/);
}

function kmsKeyArn() {
  return text("the ARN of a KMS key", /^arn:aws[a-z-]*:kms:[a-z0-9-]+:\d{12}:key\/[A-Za-z0-9-]+$/);
}

function accountId() {
  return scalar(text("an account of 12 digits", /^\d{12}$/, "write its 12 digits, in quotes"));
}

/** A secret that CodeBuild reads for an action: Secrets Manager alone. Its text is never repeated. */
function secretName() {
  return text("the name or ARN of a secret in Secrets Manager", (given) => {
    try {
      if (secretStore(given) === "secretsManager") return undefined;
      return "put it into Secrets Manager, from which builds read it, and name it here";
    } catch {
      return "put the value into Secrets Manager and name it here; a secret that was pasted here must be replaced";
    }
  });
}

function sourceSchema() {
  const branch = text("the name of a branch", /^[^\s~^:?*[\\]+$/).default("main");
  const github = {
    type: z.literal("github"),
    repository: text("a repository as owner/name", /^[\w.-]+\/[\w.-]+$/, "write it as owner/name"),
    /** Default: main. */
    branch,
    /** The connection to GitHub, made and authorised in the console. */
    connectionArn: text(
      "the ARN of a connection",
      connectionArn,
      "copy it from Developer Tools > Connections in the console",
    ),
    /** Start only for changes under these patterns. Default: for every commit. */
    filePaths: list(text("a pattern such as app/**", /\S/), "patterns such as app/**").optional(),
  };
  const codecommit = {
    type: z.literal("codecommit"),
    repository: text("the name of a repository", /^[\w.-]{1,100}$/),
    /** Default: main. */
    branch,
  };
  const s3 = {
    type: z.literal("s3"),
    bucket: bucketName(),
    key: text("the key of an object, such as source.zip", /\S/),
  };
  const ofGithub = keysOf(github, "type: github");
  const ofS3 = keysOf(s3, "type: s3");
  return z.discriminatedUnion(
    "type",
    [section(github, ofS3), section(codecommit, { ...ofGithub, ...ofS3 }), section(s3, ofGithub)],
    { error: variantError(["github", "codecommit", "s3"]) },
  );
}
