import { Pipeline } from "../../../components";
import type { PipelineArgs, PipelineServiceArgs } from "../../../components/pipeline/args";
import type { PipelineActions } from "../../../components/pipeline/commands";
import { statementsOf, type PolicyDocument } from "../../support/policies";
import {
  parsed,
  record,
  type RecordedResource,
  type Recording,
  type RecordingOptions,
} from "../../support/record";

export const accountId = "123456789012";
/** Another account, where production may live. */
export const otherAccountId = "210987654321";
export const region = "eu-west-1";

export const connectionArn = `arn:aws:codeconnections:${region}:${accountId}:connection/0f3c7a52-1111-4222-8333-944455556666`;

export const github = {
  type: "github",
  repository: "acme/shop",
  branch: "main",
  connectionArn,
} as const;

export const stateKeyArn = `arn:aws:kms:${region}:${accountId}:key/5ta7e000-0000-4000-8000-000000000000`;

/** As `stacks` names what an environment has. */
export function pipelineService(
  stack: string,
  service: string,
  more: Partial<PipelineServiceArgs> = {},
): PipelineServiceArgs {
  const name = `shop-${stack}-${service}`;
  return {
    serviceName: name,
    taskFamily: name,
    logGroupName: `/gantry/shop/${stack}/services/${service}`,
    repositoryArn: `arn:aws:ecr:${region}:${accountId}:repository/shop-${stack}/${service}`,
    executionRoleArn: `arn:aws:iam::${accountId}:role/${name}-executionRole-1a2b3c4`,
    taskRoleArn: `arn:aws:iam::${accountId}:role/${name}-taskRole-1a2b3c4`,
    ...more,
  };
}

const releaseBucketName = (stack: string) => (account: string, place: string) =>
  `shop-${stack}-releases-${account}-${place}`;

const execution = { EXECUTION: "#{codepipeline.PipelineExecutionId}" };

/** Somebody's own commands: what a pipeline of Gantry's runs, `stacks/` says. */
export const actions: PipelineActions = {
  build: (service) => ({
    buildspec: "ci/build.yml",
    variables: { SERVICE: service },
    executionVariables: { ...execution, COMMIT: "#{Source.CommitId}" },
  }),
  release: { buildspec: "ci/release.yml", executionVariables: execution },
  plan: { buildspec: "ci/plan.yml" },
  deploy: { buildspec: "ci/deploy.yml", executionVariables: execution },
  settle: { buildspec: "ci/settle.yml", executionVariables: execution },
  verify: { buildspec: "ci/verify.yml", variables: { URL: "https://shop.example.com" } },
  confirm: { buildspec: "ci/confirm.yml", executionVariables: execution },
  conclude: { buildspec: "ci/conclude.yml" },
  promote: { buildspec: "ci/promote.yml" },
};

export function topicOf(stack: string): string {
  return `arn:aws:sns:${region}:${accountId}:shop-${stack}-notifications`;
}

function common(stack: string): Omit<PipelineArgs, "services"> {
  return {
    notifications: {
      topicArn: topicOf(stack),
      keyArn: `arn:aws:kms:${region}:${accountId}:key/shop-${stack}-notifications`,
      product: "shop",
      variable: "TOPIC",
    },
    pipelineName: `shop-${stack}`,
    stack,
    actionName: (action) => `shop-${stack}-${action}`,
    actions,
    cluster: {
      clusterArn: `arn:aws:ecs:${region}:${accountId}:cluster/shop-${stack}`,
      clusterName: `shop-${stack}`,
    },
    network: { taskSubnetIds: [`subnet-${stack}a`, `subnet-${stack}b`], assignPublicIp: false },
    ledgerName: `shop-${stack}-deployments`,
    pointerName: `/gantry/shop/${stack}/release`,
    state: {
      backendUrl: "https://api.pulumi.com",
      project: "gantry",
      accessTokenSecret: `gantry/shop/${stack}/pulumi-access-token`,
    },
  };
}

/** Two services, built from GitHub, promoted to production of the same account. */
export function stagingArgs(more: Partial<PipelineArgs> = {}): PipelineArgs {
  return {
    ...common("staging"),
    services: {
      web: pipelineService("staging", "web", {
        url: "https://staging.shop.example.com",
        secrets: { DATABASE_URL: "shop/staging/database", TOKEN: "/shop/staging/token" },
      }),
      jobs: pipelineService("staging", "jobs", { exec: true }),
    },
    source: github,
    promoteTo: {
      stack: "production",
      receiveRoleName: "shop-production-receive",
      releaseBucketName: releaseBucketName("production"),
      history: {
        roleName: "shop-staging-history",
        readerRoleNames: ["shop-production-plan", "shop-production-deploy"],
      },
    },
    ...more,
  };
}

/** What staging promotes, approved by a person. */
export function productionArgs(more: Partial<PipelineArgs> = {}): PipelineArgs {
  return {
    ...common("production"),
    services: {
      web: pipelineService("production", "web", {
        url: "https://shop.example.com",
        secrets: { DATABASE_URL: "shop/production/database" },
      }),
      jobs: pipelineService("production", "jobs"),
    },
    releases: {
      bucketName: releaseBucketName("production"),
      objectKey: "release.zip",
      receiveRoleName: "shop-production-receive",
      from: {
        promoteRoleName: "shop-staging-promote",
        repositoryNames: ["shop-staging/web", "shop-staging/jobs"],
        historyRoleName: "shop-staging-history",
      },
    },
    approval: {},
    ...more,
  };
}

export function pipeline(
  args: PipelineArgs,
  options?: RecordingOptions & { readonly protect?: boolean },
): Promise<Recording<Pipeline>> {
  return record(
    () => new Pipeline(args.pipelineName, args, { protect: options?.protect }),
    options,
  );
}

export const types = {
  pipeline: "aws:codepipeline/pipeline:Pipeline",
  project: "aws:codebuild/project:Project",
  role: "aws:iam/role:Role",
  rolePolicy: "aws:iam/rolePolicy:RolePolicy",
  policy: "aws:iam/policy:Policy",
  attachment: "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
  logGroup: "aws:cloudwatch/logGroup:LogGroup",
  key: "aws:kms/key:Key",
  table: "aws:dynamodb/table:Table",
  rule: "aws:cloudwatch/eventRule:EventRule",
  target: "aws:cloudwatch/eventTarget:EventTarget",
  bucket: "aws:s3/bucket:Bucket",
  versioning: "aws:s3/bucketVersioning:BucketVersioning",
  encryption:
    "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
  publicAccess: "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock",
  bucketPolicy: "aws:s3/bucketPolicy:BucketPolicy",
  lifecycle: "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration",
  notification: "aws:s3/bucketNotification:BucketNotification",
  repository: "aws:ecr/repository:Repository",
  repositoryPolicy: "aws:ecr/repositoryPolicy:RepositoryPolicy",
} as const;

/** An action as CodePipeline gets it. */
export interface RecordedAction {
  readonly name: string;
  readonly category: string;
  readonly provider: string;
  readonly runOrder: number;
  readonly namespace?: string;
  readonly roleArn?: string;
  readonly timeoutInMinutes?: number;
  readonly inputArtifacts?: readonly string[];
  readonly outputArtifacts?: readonly string[];
  readonly configuration: Readonly<Record<string, string>>;
}

export interface RecordedStage {
  readonly name: string;
  readonly actions: readonly RecordedAction[];
}

export function stagesOf({ one }: Recording<unknown>): readonly RecordedStage[] {
  return one(types.pipeline).inputs.stages as RecordedStage[];
}

export function actionsOf(recording: Recording<unknown>): readonly RecordedAction[] {
  return stagesOf(recording).flatMap(({ actions }) => actions);
}

export function actionOf(recording: Recording<unknown>, name: string): RecordedAction {
  const found = actionsOf(recording).find((action) => action.name === name);
  if (!found) {
    throw new Error(`no action ${name}`);
  }
  return found;
}

/** The variables that an action tells, by name. */
export function variablesOf(action: RecordedAction): Record<string, string> {
  const given = JSON.parse(action.configuration.EnvironmentVariables ?? "[]") as {
    name: string;
    value: string;
  }[];
  return Object.fromEntries(given.map(({ name, value }) => [name, value]));
}

/** The variables that a project tells, by name; of a secret, where it is. */
export function projectVariablesOf(project: RecordedResource): Record<string, string> {
  const { environmentVariables } = project.inputs.environment as {
    environmentVariables: { name: string; value: string; type: string }[];
  };
  return Object.fromEntries(
    environmentVariables.map(({ name, value, type }) => [
      name,
      type === "PLAINTEXT" ? value : `${type}:${value}`,
    ]),
  );
}

/** The variables that the project of an action of staging tells. */
export function toldBy({ one }: Recording<Pipeline>, action: string): Record<string, string> {
  return projectVariablesOf(one(types.project, `shop-staging-${action}`));
}

export interface RecordedRole {
  readonly trust: PolicyDocument;
  readonly policy: PolicyDocument;
}

/** A role by the action that is it: `deploy`, `build-web`, `pipeline`, `source`, `receive`, `start`. */
export function roleOf(recording: Recording<Pipeline>, action: string): RecordedRole {
  const name = `${nameOf(recording.value)}-${action}`;
  const policies = policiesOf(recording, action);
  return {
    trust: parsed(recording.one(types.role, `${name}-role`), "assumeRolePolicy"),
    policy: { ...policies[0], Statement: policies.flatMap(statementsOf) },
  };
}

/** The policies of a role: its own, then those attached to it. */
export function policiesOf(
  { one, all, value }: Recording<Pipeline>,
  action: string,
): PolicyDocument[] {
  const name = `${nameOf(value)}-${action}-policy`;
  const attached = all(types.policy).filter(
    (policy) => policy.name.startsWith(name) && /^\d+$/.test(policy.name.slice(name.length)),
  );
  return [one(types.rolePolicy, name), ...attached].map((policy) => parsed(policy, "policy"));
}

function nameOf(made: Pipeline): string {
  return (made as unknown as { readonly __name: string }).__name;
}

/** The policy of a bucket: `artifacts` or `releases`. */
export function bucketPolicyOf({ one, value }: Recording<Pipeline>, kind: string): PolicyDocument {
  return parsed(one(types.bucketPolicy, `${nameOf(value)}-${kind}-policy`), "policy");
}
