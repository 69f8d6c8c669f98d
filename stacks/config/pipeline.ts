import { z } from "zod";
import type { StackDefaults } from "./defaults";
import { choice, flag, keysOf, list, scalar, section, text, variantError } from "./fields";

export const regionName = /^[a-z]{2,4}(-[a-z]+)+-\d$/;

const connectionArn =
  /^arn:aws[a-z-]*:(codeconnections|codestar-connections):[a-z0-9-]+:\d{12}:connection\/[0-9a-f-]{36}$/;

/** The delivery pipeline of the environment. */
export function pipelineSchema(defaults: StackDefaults["pipeline"]) {
  return section({
    /** Where commits come from. Default: the environment's own release bucket, into which another promotes. */
    source: sourceSchema().optional(),
    /** The environment that gets a release which was verified here. Default: none. */
    promoteTo: section({
      /** Its stack. */
      stack: text("the name of a stack, such as production", /^[a-z0-9]+(-[a-z0-9]+)*$/),
      /** Its account. Default: this stack's. */
      account: scalar(
        text("an account of 12 digits", /^\d{12}$/, "write its 12 digits, in quotes"),
      ).optional(),
      /** Its region. Default: this stack's. */
      region: text("a region such as eu-west-1", regionName).optional(),
    }).optional(),
    /** How the deploy stage works. Default: `pulumi`; `ecs` uses CodePipeline's own ECS action. */
    deploy: choice(["pulumi", "ecs"]).default("pulumi"),
    /** Whether a person must approve each release. Default: no; in production yes. */
    approval: flag().default(defaults.approval),
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
    bucket: text("the name of a bucket", /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/),
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
