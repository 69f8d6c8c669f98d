import type * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { Account } from "../shared/account";
import type { ActionKind, PipelineArgs } from "./args";
import { roleArn } from "./arns";
import { stateBucket } from "./roles/state";

type Variable = aws.types.input.codebuild.ProjectEnvironmentEnvironmentVariable;

/** What a project tells the commands of its buildspec, the same for every execution. */
export function projectVariables(
  args: PipelineArgs,
  account: Account,
  kind: ActionKind,
  service?: string,
): Variable[] {
  return [
    ...plain({ GANTRY_STACK: args.stack, ...byKind(args, account, kind, service) }),
    ...(kind === "deploy" || kind === "conclude" || kind === "plan" ? stateSecrets(args) : []),
  ];
}

function byKind(
  args: PipelineArgs,
  account: Account,
  kind: ActionKind,
  service = "",
): Record<string, pulumi.Input<string>> {
  const pipeline = { GANTRY_PIPELINE: args.pipelineName };
  const backend = { PULUMI_BACKEND_URL: args.state.backendUrl };
  switch (kind) {
    case "build":
      return { GANTRY_SERVICE: service };
    case "release":
      return pipeline;
    case "plan":
      return { ...pipeline, ...backend };
    case "deploy":
    case "conclude":
      return backend;
    case "verify":
      return { GANTRY_SERVICE_URLS: serviceUrls(args) };
    case "promote":
      return promotion(args, account);
  }
}

function serviceUrls({ services }: PipelineArgs): pulumi.Output<string> {
  const reached = Object.entries(services).flatMap(([service, { url }]) =>
    url === undefined ? [] : [[service, url] as const],
  );
  return pulumi.jsonStringify(Object.fromEntries(reached));
}

function promotion(
  { promoteTo }: PipelineArgs,
  own: Account,
): Record<string, pulumi.Input<string>> {
  if (!promoteTo) {
    return {};
  }
  const region = pulumi.output(promoteTo.region ?? own.region);
  const accountId = pulumi.output(promoteTo.accountId ?? own.accountId);
  return {
    GANTRY_PROMOTE_TO: promoteTo.stack,
    GANTRY_RECEIVE_ROLE_ARN: roleArn(own, promoteTo.receiveRoleName, promoteTo.accountId),
    GANTRY_PROMOTE_REGION: region,
    GANTRY_PROMOTE_BUCKET: pulumi
      .all([accountId, region])
      .apply(([id, place]) => promoteTo.releaseBucketName(id, place)),
  };
}

/** CodeBuild reads these as the action's role; neither stands in the project. */
function stateSecrets({ state }: PipelineArgs): Variable[] {
  const secret = (name: string, value: string | undefined): Variable[] =>
    value === undefined ? [] : [{ name, value, type: "SECRETS_MANAGER" }];
  return [
    ...(stateBucket(state) ? [] : secret("PULUMI_ACCESS_TOKEN", state.accessTokenSecret)),
    ...secret("PULUMI_CONFIG_PASSPHRASE", state.passphraseSecret),
  ];
}

function plain(values: Readonly<Record<string, pulumi.Input<string>>>): Variable[] {
  return Object.entries(values).map(([name, value]) => ({ name, value, type: "PLAINTEXT" }));
}
