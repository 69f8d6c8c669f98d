import * as aws from "@pulumi/aws";
import { account, policy, type Fault } from "./fault";

const carts = "arn:aws:dynamodb:eu-west-1:123456789012:table/carts";

function grants(name: string, Action: string | string[], Resource: string, more: object = {}) {
  return new aws.iam.RolePolicy(name, {
    role: "web",
    policy: policy({ Effect: "Allow", Action, Resource, ...more }),
  });
}

function trusting(name: string, statement: object) {
  return new aws.iam.Role(name, { assumeRolePolicy: policy({ Effect: "Allow", ...statement }) });
}

const tokens = "token.actions.githubusercontent.com";

function trustingTokens(name: string, conditions: object) {
  return trusting(name, {
    Action: "sts:AssumeRoleWithWebIdentity",
    Principal: { Federated: `arn:aws:iam::123456789012:oidc-provider/${tokens}` },
    Condition: conditions,
  });
}

const ofService = { Action: "sts:AssumeRole", Principal: { Service: "ecs-tasks.amazonaws.com" } };

export const identityFaults: readonly Fault[] = [
  {
    rule: "iam-all-actions",
    says: /it allows dynamodb:\*/,
    wrong: (name) => grants(name, "dynamodb:*", carts),
    right: (name) => grants(name, "dynamodb:GetItem", carts),
  },
  {
    rule: "iam-all-actions",
    says: /NotAction allows all actions but some/,
    wrong: (name) =>
      new aws.iam.Policy(name, {
        policy: policy({ Effect: "Allow", NotAction: "iam:*", Resource: carts }),
      }),
    // A denial may be of everything.
    right: (name) =>
      new aws.iam.Policy(name, {
        policy: policy({ Effect: "Deny", NotAction: "iam:*", Resource: "*" }),
      }),
  },
  {
    rule: "iam-all-actions",
    says: /it allows \*/,
    wrong: (name) =>
      new aws.iam.Role(name, {
        assumeRolePolicy: policy({ Effect: "Allow", ...ofService }),
        inlinePolicies: [
          { name: "all", policy: policy({ Effect: "Allow", Action: "*", Resource: carts }) },
        ],
      }),
    right: (name) => trusting(name, ofService),
  },
  {
    rule: "iam-all-resources",
    says: /dynamodb:GetItem on \*/,
    wrong: (name) => grants(name, ["dynamodb:GetItem", "ecr:GetAuthorizationToken"], "*"),
    right: (name) => grants(name, ["xray:PutTraceSegments", "ecr:GetAuthorizationToken"], "*"),
  },
  {
    rule: "iam-all-resources",
    says: /ecs:UpdateService on \*/,
    // A condition on who asks is none on what is touched.
    wrong: (name) =>
      grants(name, "ecs:UpdateService", "*", {
        Condition: { Bool: { "aws:SecureTransport": "true" } },
      }),
    right: (name) =>
      grants(name, "ecs:UpdateService", "*", {
        Condition: { ArnEquals: { "ecs:cluster": "arn:aws:ecs:eu-west-1:123456789012:cluster/a" } },
      }),
  },
  {
    rule: "iam-all-resources",
    says: /s3:GetObject on arn:aws:s3:::\*/,
    wrong: (name) => grants(name, "s3:GetObject", "arn:aws:s3:::*"),
    right: (name) => grants(name, "s3:GetObject", "arn:aws:s3:::acme-uploads/*"),
  },
  {
    rule: "iam-pass-any-role",
    says: /iam:PassRole on arn:aws:iam::123456789012:role\/\*/,
    wrong: (name) => grants(name, "iam:PassRole", "arn:aws:iam::123456789012:role/*"),
    right: (name) => grants(name, "iam:PassRole", "arn:aws:iam::123456789012:role/web"),
  },
  {
    rule: "iam-mighty-policies",
    says: /it has AdministratorAccess/,
    wrong: (name) =>
      new aws.iam.RolePolicyAttachment(name, {
        role: "web",
        policyArn: "arn:aws:iam::aws:policy/AdministratorAccess",
      }),
    right: (name) =>
      new aws.iam.RolePolicyAttachment(name, {
        role: "web",
        policyArn: "arn:aws:iam::aws:policy/service-role/AmazonECSTaskExecutionRolePolicy",
      }),
  },
  {
    rule: "iam-trust-anybody",
    says: /everybody, in any account/,
    wrong: (name) => trusting(name, { Action: "sts:AssumeRole", Principal: { AWS: "*" } }),
    right: (name) => trusting(name, ofService),
  },
  {
    rule: "iam-trust-other-accounts",
    says: /all of arn:aws:iam::123456789012:root may assume/,
    wrong: (name) => trusting(name, { Action: "sts:AssumeRole", Principal: { AWS: account } }),
    right: (name) =>
      trusting(name, {
        Action: "sts:AssumeRole",
        Principal: { AWS: account },
        Condition: { StringEquals: { "sts:ExternalId": "acme-4711" } },
      }),
  },
  {
    rule: "iam-trust-tokens",
    says: /no subject/,
    wrong: (name) =>
      trustingTokens(name, { StringEquals: { [`${tokens}:aud`]: "sts.amazonaws.com" } }),
    right: (name) =>
      trustingTokens(name, {
        StringLike: { [`${tokens}:sub`]: "repo:acme/shop:*" },
        StringEquals: { [`${tokens}:aud`]: "sts.amazonaws.com" },
      }),
  },
  {
    rule: "iam-trust-tokens",
    says: /no subject/,
    wrong: (name) => trustingTokens(name, { StringLike: { [`${tokens}:sub`]: "repo:*" } }),
    // Of one application of Cognito's.
    right: (name) =>
      trusting(name, {
        Action: "sts:AssumeRoleWithWebIdentity",
        Principal: { Federated: "cognito-identity.amazonaws.com" },
        Condition: { StringEquals: { "cognito-identity.amazonaws.com:aud": "eu-west-1:4711" } },
      }),
  },
  {
    rule: "iam-access-keys",
    says: /it makes a key/,
    wrong: (name) => new aws.iam.AccessKey(name, { user: "deployer" }),
    right: (name) => trusting(name, ofService),
  },
  {
    rule: "policy-for-anybody",
    says: /everybody may do sqs:SendMessage/,
    wrong: (name) =>
      new aws.sqs.QueuePolicy(name, {
        queueUrl: "https://sqs.eu-west-1.amazonaws.com/123456789012/orders",
        policy: policy({ Effect: "Allow", Principal: "*", Action: "sqs:SendMessage" }),
      }),
    right: (name) =>
      new aws.sqs.QueuePolicy(name, {
        queueUrl: "https://sqs.eu-west-1.amazonaws.com/123456789012/orders",
        policy: policy({
          Effect: "Allow",
          Principal: "*",
          Action: "sqs:SendMessage",
          Condition: { ArnEquals: { "aws:SourceArn": "arn:aws:sns:eu-west-1:123456789012:o" } },
        }),
      }),
  },
  {
    rule: "policy-for-anybody",
    says: /everybody may do kms:Decrypt/,
    wrong: (name) =>
      new aws.kms.Key(name, {
        policy: policy({ Effect: "Allow", Principal: { AWS: "*" }, Action: "kms:Decrypt" }),
      }),
    right: (name) =>
      new aws.kms.Key(name, {
        policy: policy({ Effect: "Allow", Principal: { AWS: account }, Action: "kms:*" }),
      }),
  },
  {
    rule: "policy-for-anybody",
    says: /everybody may call the function/,
    wrong: (name) =>
      new aws.lambda.Permission(name, {
        action: "lambda:InvokeFunction",
        function: "hook",
        principal: "*",
      }),
    right: (name) =>
      new aws.lambda.Permission(name, {
        action: "lambda:InvokeFunction",
        function: "hook",
        principal: "*",
        principalOrgId: "o-acme",
      }),
  },
  {
    rule: "policy-for-services",
    says: /events\.amazonaws\.com may act for anybody/,
    wrong: (name) =>
      new aws.sns.TopicPolicy(name, {
        arn: "arn:aws:sns:eu-west-1:123456789012:orders",
        policy: policy({
          Effect: "Allow",
          Principal: { Service: "events.amazonaws.com" },
          Action: "sns:Publish",
        }),
      }),
    right: (name) =>
      new aws.sns.TopicPolicy(name, {
        arn: "arn:aws:sns:eu-west-1:123456789012:orders",
        policy: policy({
          Effect: "Allow",
          Principal: { Service: "events.amazonaws.com" },
          Action: "sns:Publish",
          Condition: { StringEquals: { "aws:SourceAccount": "123456789012" } },
        }),
      }),
  },
  {
    rule: "policy-for-services",
    says: /s3\.amazonaws\.com may call the function for anybody/,
    wrong: (name) =>
      new aws.lambda.Permission(name, {
        action: "lambda:InvokeFunction",
        function: "hook",
        principal: "s3.amazonaws.com",
      }),
    right: (name) =>
      new aws.lambda.Permission(name, {
        action: "lambda:InvokeFunction",
        function: "hook",
        principal: "s3.amazonaws.com",
        sourceAccount: "123456789012",
        sourceArn: "arn:aws:s3:::uploads",
      }),
  },
];
