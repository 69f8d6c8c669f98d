import { accountId, connectionArn, otherAccountId, region } from "./support";
import type { AccessRequest } from "../../support/policies";

const arn = (service: string, resource: string, account = accountId, place = region) =>
  `arn:aws:${service}:${place}:${account}:${resource}`;

export const secret = (name: string) => arn("secretsmanager", `secret:${name}-AbCdEf`);
export const parameter = (name: string) => arn("ssm", `parameter${name}`);

/** ARNs of an environment, as AWS would name its things. */
export function environment(stack: string, account = accountId, product = "shop") {
  const prefix = `${product}-${stack}`;
  const cluster = arn("ecs", `cluster/${prefix}`, account);
  const inCluster = (kind: string, rest: string) =>
    arn("ecs", `${kind}/${prefix}/${rest}`, account);
  const artifacts = `arn:aws:s3:::${prefix}-artifacts-1a2b3c4`;
  return {
    artifacts,
    artifact: (name: string) => `${artifacts}/${prefix.slice(0, 20)}/${name.slice(0, 10)}/Ab3dE5g`,
    releaseBucket: `arn:aws:s3:::${prefix}-releases-${account}-${region}`,
    release: `arn:aws:s3:::${prefix}-releases-${account}-${region}/release.zip`,
    key: arn("kms", `key/${prefix}-key-1a2b3c4`, account),
    topic: arn("sns", `${prefix}-notifications`, account),
    topicKey: arn("kms", `key/${prefix}-notifications`, account),
    pipeline: arn("codepipeline", prefix, account),
    project: (action: string) => arn("codebuild", `project/${prefix}-${action}`, account),
    log: (action: string) =>
      arn("logs", `log-group:/aws/codebuild/${prefix}-${action}:log-stream:0f3c`, account),
    serviceLog: (service: string) =>
      arn(
        "logs",
        `log-group:/gantry/${product}/${stack}/services/${service}:log-stream:app`,
        account,
      ),
    repository: (service: string) => arn("ecr", `repository/${prefix}/${service}`, account),
    ledger: arn("dynamodb", `table/${prefix}-deployments`, account),
    pointer: arn("ssm", `parameter/gantry/${product}/${stack}/release`, account),
    pointerPath: arn("ssm", `parameter/gantry/${product}/${stack}`, account),
    cluster,
    token: secret(`gantry/${product}/${stack}/pulumi-access-token`),
    /** How ECS and IAM know a service's family in the conditions of an update. */
    family: (service: string) => ({
      "ecs:task-definition": arn("ecs", `task-definition/${prefix}-${service}:7`, account),
    }),
    subnet: { "ecs:subnet": [`subnet-${stack}a`] },
    service: (service: string) => inCluster("service", `${prefix}-${service}`),
    deployment: (service: string) => inCluster("service-deployment", `${prefix}-${service}/a1`),
    revision: (service: string) => inCluster("service-revision", `${prefix}-${service}/17`),
    task: inCluster("task", "0123456789abcdef"),
    taskDefinition: (family: string) =>
      arn("ecs", `task-definition/${prefix}-${family}:7`, account),
    role: (name: string) => `arn:aws:iam::${account}:role/${prefix}-${name}`,
    taskRole: (service: string) =>
      `arn:aws:iam::${account}:role/${prefix}-${service}-taskRole-1a2b3c4`,
    executionRole: (service: string) =>
      `arn:aws:iam::${account}:role/${prefix}-${service}-executionRole-1a2b3c4`,
  };
}

export const staging = environment("staging");
export const production = environment("production");
export const elsewhere = environment("production", otherAccountId);

/** A row of a table: who asks, for what, and in which circumstances. */
export type Row = readonly [
  role: string,
  action: string,
  resource: string,
  context?: AccessRequest["context"],
];

export const inStaging = { "ecs:cluster": staging.cluster };
export const inProduction = { "ecs:cluster": production.cluster };
export const toTasks = { "iam:PassedToService": "ecs-tasks.amazonaws.com" };

/** A key that a service uses for the one who asks. */
export const via = (service: string) => ({
  "kms:ViaService": `${service}.${region}.amazonaws.com`,
});

/** The partition of the ledger that a request names. */
export const partition = (...names: string[]) => ({ "dynamodb:LeadingKeys": names });

/** A key of the customer's own, in an account that keeps keys for all. */
export const teamKey = arn("kms", "key/7ea30000-0000-4000-8000-000000000000", otherAccountId);

/** A key that a service uses to decrypt one secret for the one who asks. */
export function secretUnder(service: "secretsmanager" | "ssm", secretArn: string) {
  const context = service === "ssm" ? "PARAMETER_ARN" : "SecretARN";
  return { ...via(service), [`kms:EncryptionContext:${context}`]: secretArn };
}

export const privately = { "ecs:auto-assign-public-ip": "false" };
export const publicly = { "ecs:auto-assign-public-ip": "true" };
export const withExec = { "ecs:enable-execute-command": "true" };
export const withoutExec = { "ecs:enable-execute-command": "false" };
export const registering = { "ecs:CreateAction": "RegisterTaskDefinition" };

export type Environment = ReturnType<typeof environment>;

/** What every action in CodeBuild does, beside its own work. */
function common(
  place: Environment,
  role: string,
  reads: readonly string[],
  writes: readonly string[] = [],
): Row[] {
  return [
    [role, "logs:CreateLogStream", place.log(role)],
    [role, "logs:PutLogEvents", place.log(role)],
    ...reads.flatMap((name): Row[] => [
      [role, "s3:GetObject", place.artifact(name)],
      [role, "s3:GetObjectVersion", place.artifact(name)],
    ]),
    ...writes.flatMap((name): Row[] => [
      [role, "s3:PutObject", place.artifact(name)],
      [role, "kms:GenerateDataKey", place.key, via("s3")],
      [role, "kms:DescribeKey", place.key],
    ]),
    [role, "s3:GetBucketLocation", place.artifacts],
    [role, "kms:Decrypt", place.key, via("s3")],
  ];
}

/** What a deployment looks at, which a plan does too. */
function looks(place: Environment, role: string, cluster: Row[3]): Row[] {
  return [
    [role, "secretsmanager:GetSecretValue", place.token],
    [role, "kms:Decrypt", teamKey, secretUnder("secretsmanager", place.token)],
    [role, "dynamodb:Query", place.ledger],
    [role, "dynamodb:GetItem", place.ledger],
    [role, "ssm:GetParametersByPath", place.pointerPath],
    [role, "ssm:GetParameter", place.pointer],
    [role, "ecr:GetAuthorizationToken", "*"],
    [role, "ecr:DescribeRepositories", place.repository("web")],
    [role, "ecr:DescribeImages", place.repository("jobs")],
    [role, "ecr:BatchGetImage", place.repository("web")],
    [role, "ecs:DescribeServices", place.service("web")],
    [role, "ecs:ListServiceDeployments", place.service("jobs")],
    [role, "ecs:DescribeServiceDeployments", place.deployment("web")],
    [role, "ecs:DescribeServiceRevisions", place.revision("web")],
    [role, "ecs:DescribeTaskDefinition", "*"],
    [role, "ecs:ListTasks", "*", cluster],
    [role, "ecs:DescribeTasks", place.task],
    [role, "elasticloadbalancing:DescribeTargetHealth", "*"],
    [role, "logs:GetLogEvents", place.serviceLog("web")],
  ];
}

function changes(place: Environment, role: string, cluster: Row[3]): Row[] {
  return [
    ...looks(place, role, cluster),
    [role, "dynamodb:PutItem", place.ledger, partition("deployments")],
    [role, "dynamodb:PutItem", place.ledger, partition("lock")],
    [role, "dynamodb:DeleteItem", place.ledger, partition("lock")],
    [role, "dynamodb:ConditionCheckItem", place.ledger, partition("lock")],
    // Whether somebody holds the environment.
    [role, "dynamodb:ConditionCheckItem", place.ledger, partition("deployments")],
    [role, "ssm:PutParameter", place.pointer],
    [role, "ssm:DeleteParameter", place.pointer],
    [role, "ecr:PutImage", place.repository("web")],
    [role, "ecs:RegisterTaskDefinition", place.taskDefinition("web")],
    [role, "ecs:RegisterTaskDefinition", place.taskDefinition("jobs")],
    [role, "ecs:TagResource", place.taskDefinition("web"), registering],
    [role, "ecs:UpdateService", place.service("web")],
    [role, "ecs:UpdateService", place.service("web"), place.family("web")],
    [role, "ecs:UpdateService", place.service("jobs"), place.family("jobs")],
    [
      role,
      "ecs:UpdateService",
      place.service("web"),
      { ...place.family("web"), ...place.subnet, ...privately, ...withoutExec },
    ],
    [role, "iam:PassRole", place.taskRole("web"), toTasks],
    [role, "iam:PassRole", place.executionRole("jobs"), toTasks],
  ];
}

function deploys(place: Environment, cluster: Row[3]): Row[] {
  const command = place.taskDefinition("web--release");
  return [
    ...changes(place, "deploy", cluster),
    ["deploy", "ecs:RegisterTaskDefinition", command],
    ["deploy", "ecs:TagResource", command, registering],
    ["deploy", "ecs:RunTask", command, cluster],
    ["deploy", "ecs:RunTask", command, { ...cluster, ...withoutExec }],
    ["deploy", "ecs:StopTask", place.task],
  ];
}

function builds(service: string): Row[] {
  const role = `build-${service}`;
  const repository = staging.repository(service);
  const actions = [
    "BatchCheckLayerAvailability",
    "BatchGetImage",
    "CompleteLayerUpload",
    "DescribeImages",
    "DescribeImageScanFindings",
    "DescribeRepositories",
    "GetDownloadUrlForLayer",
    "InitiateLayerUpload",
    "PutImage",
    "StartImageScan",
    "UploadLayerPart",
  ];
  return [
    ...common(staging, role, ["Source"]),
    [role, "ecr:GetAuthorizationToken", "*"],
    ...actions.map((action): Row => [role, `ecr:${action}`, repository]),
  ];
}

function orchestrates(place: Environment, projects: readonly string[]): Row[] {
  return [
    ...projects.flatMap((action): Row[] => [
      ["pipeline", "codebuild:StartBuild", place.project(action)],
      ["pipeline", "codebuild:BatchGetBuilds", place.project(action)],
    ]),
    ["pipeline", "s3:GetObject", place.artifact("Source")],
    ["pipeline", "s3:PutObject", place.artifact("Release")],
    ["pipeline", "s3:GetBucketVersioning", place.artifacts],
    ["pipeline", "kms:GenerateDataKey", place.key, via("s3")],
    ["conclude", "sns:Publish", place.topic],
    ["conclude", "kms:GenerateDataKey", place.topicKey, via("sns")],
    ["pipeline", "sts:AssumeRole", place.role("source")],
    ["source", "s3:PutObject", place.artifact("Source")],
    ["source", "kms:GenerateDataKey", place.key, via("s3")],
  ];
}

/** What the roles of staging's pipeline must be able to do. */
export const stagingDoes: readonly Row[] = [
  ...orchestrates(staging, [
    "build-web",
    "build-jobs",
    "release",
    "deploy",
    "verify",
    "conclude",
    "promote",
  ]),
  ["source", "codeconnections:UseConnection", connectionArn],
  [
    "source",
    "codeconnections:UseConnection",
    connectionArn,
    { "codeconnections:FullRepositoryId": "acme/shop" },
  ],
  ...builds("web"),
  ...builds("jobs"),
  ...common(staging, "release", ["Source"], ["Release"]),
  ["release", "codepipeline:GetPipelineExecution", staging.pipeline],
  ["release", "ecr:DescribeImages", staging.repository("web")],
  ["release", "ecr:DescribeRepositories", staging.repository("jobs")],
  ...common(staging, "deploy", ["Source", "Release"]),
  ...deploys(staging, inStaging),
  ["deploy", "ecs:UpdateService", staging.service("jobs"), withExec],
  ["deploy", "secretsmanager:DescribeSecret", secret("shop/staging/database")],
  ["deploy", "secretsmanager:GetResourcePolicy", secret("shop/staging/database")],
  ["deploy", "ssm:GetParameters", parameter("/shop/staging/token")],
  ...common(staging, "verify", ["Source", "Release"], ["Verification"]),
  ...common(staging, "conclude", ["Source", "Release", "Verification"]),
  ...changes(staging, "conclude", inStaging),
  ...common(staging, "promote", ["Source", "Release", "Verification"]),
  ...["release", "promote", "history"].flatMap((role) =>
    ["dynamodb:Query", "dynamodb:GetItem"].map((action): Row => [role, action, staging.ledger]),
  ),
  ["promote", "sts:AssumeRole", production.role("receive")],
];

/** What the roles of production's pipeline must be able to do. */
export const productionDoes: readonly Row[] = [
  ...orchestrates(production, ["plan", "deploy", "verify", "conclude"]),
  ["start", "codepipeline:StartPipelineExecution", production.pipeline],
  ["source", "s3:GetObject", production.release],
  ["source", "s3:GetObjectVersion", production.release],
  ["source", "s3:GetBucketVersioning", production.releaseBucket],
  ...common(production, "plan", ["Source"], ["Plan"]),
  ...looks(production, "plan", inProduction),
  ["plan", "s3:GetObject", production.release],
  ["plan", "secretsmanager:DescribeSecret", secret("shop/production/database")],
  ...common(production, "deploy", ["Source", "Plan"]),
  ...deploys(production, inProduction),
  ["deploy", "s3:GetObject", production.release],
  ...["plan", "deploy"].map((role): Row => [role, "sts:AssumeRole", staging.role("history")]),
  ...common(production, "verify", ["Source", "Plan"], ["Verification"]),
  ...common(production, "conclude", ["Source", "Plan", "Verification"]),
  ...changes(production, "conclude", inProduction),
  ["receive", "ecr:GetAuthorizationToken", "*"],
  ["receive", "ecr:BatchGetImage", staging.repository("web")],
  ["receive", "ecr:GetDownloadUrlForLayer", staging.repository("jobs")],
  ["receive", "ecr:DescribeImages", production.repository("web")],
  ["receive", "ecr:PutImage", production.repository("web")],
  ["receive", "ecr:UploadLayerPart", production.repository("jobs")],
  ["receive", "s3:ListBucket", production.releaseBucket],
  ["receive", "s3:GetObject", production.release],
  ["receive", "s3:PutObject", production.release],
  ["receive", "kms:GenerateDataKey", production.key, via("s3")],
];
