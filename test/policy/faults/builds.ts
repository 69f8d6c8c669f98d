import * as aws from "@pulumi/aws";
import { keyArn, type Fault } from "./fault";

type Environment = Partial<aws.types.input.codebuild.ProjectEnvironment>;

function project(
  name: string,
  environment: Environment,
  args: Partial<aws.codebuild.ProjectArgs> = {},
) {
  return new aws.codebuild.Project(name, {
    serviceRole: "arn:aws:iam::123456789012:role/build",
    artifacts: { type: "CODEPIPELINE" },
    source: { type: "CODEPIPELINE" },
    environment: {
      computeType: "BUILD_GENERAL1_SMALL",
      image: "aws/codebuild/amazonlinux-x86_64-standard:5.0",
      type: "LINUX_CONTAINER",
      ...environment,
    },
    ...args,
  });
}

function pipeline(name: string, configuration: Record<string, string>, key?: string) {
  const encryptionKey = key === undefined ? undefined : { id: key, type: "KMS" };
  const actions = [
    {
      ...{ name: "Source", category: "Source", owner: "ThirdParty", provider: "GitHub" },
      ...{ version: "1", configuration },
    },
  ];
  return new aws.codepipeline.Pipeline(name, {
    roleArn: "arn:aws:iam::123456789012:role/pipeline",
    artifactStores: [{ location: "acme-artifacts", type: "S3", encryptionKey }],
    stages: [{ name: "Source", actions }],
  });
}

export const buildFaults: readonly Fault[] = [
  {
    rule: "codebuild-plain-secrets",
    says: /NPM_TOKEN is in plain text/,
    wrong: (name) =>
      project(name, { environmentVariables: [{ name: "NPM_TOKEN", value: "npm-h0rse" }] }),
    right: (name) =>
      project(name, {
        environmentVariables: [{ name: "NPM_TOKEN", type: "SECRETS_MANAGER", value: "npm" }],
      }),
  },
  {
    rule: "codebuild-artifacts",
    says: /encryptionDisabled is on/,
    wrong: (name) =>
      project(name, {}, { artifacts: { type: "S3", location: "a", encryptionDisabled: true } }),
    right: (name) => project(name, {}, { artifacts: { type: "S3", location: "a" } }),
  },
  {
    rule: "codebuild-key",
    says: /no key of KMS/,
    wrong: (name) => project(name, {}),
    right: (name) => project(name, {}, { encryptionKey: keyArn }),
  },
  {
    rule: "codebuild-privileged",
    says: /builds are privileged/,
    wrong: (name) => project(name, { privilegedMode: true }),
    right: (name) => project(name, {}),
  },
  {
    rule: "codebuild-logs",
    says: /builds are not logged/,
    wrong: (name) => project(name, {}, { logsConfig: { cloudwatchLogs: { status: "DISABLED" } } }),
    right: (name) => project(name, {}),
  },
  {
    rule: "codebuild-token",
    says: /authType is PERSONAL_ACCESS_TOKEN/,
    wrong: (name) =>
      new aws.codebuild.SourceCredential(name, {
        ...{ authType: "PERSONAL_ACCESS_TOKEN", serverType: "GITHUB", token: "h0rse" },
      }),
    right: (name) =>
      new aws.codebuild.SourceCredential(name, {
        ...{ authType: "CODECONNECTIONS", serverType: "GITHUB" },
        token: "arn:aws:codeconnections:eu-west-1:123456789012:connection/1",
      }),
  },
  {
    rule: "codepipeline-key",
    says: /no key of KMS/,
    wrong: (name) => pipeline(name, {}),
    right: (name) => pipeline(name, {}, keyArn),
  },
  {
    rule: "codepipeline-token",
    says: /action Source has an OAuthToken/,
    wrong: (name) => pipeline(name, { Owner: "acme", OAuthToken: "h0rse" }),
    right: (name) => pipeline(name, { Owner: "acme" }),
  },
];
