import assert from "node:assert/strict";
import { PullRequestProject, type PullRequestProjectArgs } from "../../components";
import { parsed, record } from "../support/record";
import { isAllowed, listed, statementsOf, type PolicyDocument } from "../support/policies";
import { pullRequestProject } from "./pullRequestRoleArgs";

const projectType = "aws:codebuild/project:Project";
const webhookType = "aws:codebuild/webhook:Webhook";

function project(more: Partial<PullRequestProjectArgs> = {}) {
  return record(() => new PullRequestProject("shop", pullRequestProject(more)));
}

async function statements(more: Partial<PullRequestProjectArgs> = {}) {
  const { one } = await project(more);
  return statementsOf(parsed<PolicyDocument>(one("aws:iam/rolePolicy:RolePolicy"), "policy"));
}

describe("PullRequestProject", () => {
  it("builds pull requests of the repository through the connection, and tells the commit's status", async () => {
    const { one } = await project();
    const { name, source, artifacts } = one(projectType).inputs;
    assert.equal(name, "shop--staging--preview");
    assert.deepEqual(source, {
      type: "GITHUB",
      location: "https://github.com/acme/shop.git",
      auth: {
        type: "CODECONNECTIONS",
        resource: "arn:aws:codeconnections:eu-west-1:123456789012:connection/01234567",
      },
      gitCloneDepth: 1,
      buildspec: "version: 0.2\nphases: { build: { commands: [pulumi preview] } }",
      reportBuildStatus: true,
      buildStatusConfig: { context: "preview of staging" },
    });
    assert.deepEqual(artifacts, { type: "NO_ARTIFACTS" });
  });

  it("reads config that is kept in a bucket, and nothing else of that", async () => {
    const keyArn = "arn:aws:kms:eu-west-1:123456789012:key/c0nf19";
    const config = { bucket: "acme-config", key: "config/shop/staging.zip", keyArn };
    const { one } = await project({ config });
    assert.deepEqual(one(projectType).inputs.secondarySources, [
      { type: "S3", location: "acme-config/config/shop/staging.zip", sourceIdentifier: "Config" },
    ]);
    assert.equal((await project()).one(projectType).inputs.secondarySources, undefined);
    const may = (action: string, resource: string, context = {}) =>
      isAllowed({ action, resource, context }, { identity: [policy] });
    const policy = parsed<PolicyDocument>(one("aws:iam/rolePolicy:RolePolicy"), "policy");
    const bucket = "arn:aws:s3:::acme-config";
    assert.ok(may("s3:GetObject", `${bucket}/${config.key}`));
    assert.ok(may("s3:GetBucketLocation", bucket));
    assert.ok(may("kms:Decrypt", keyArn, { "kms:ViaService": "s3.eu-west-1.amazonaws.com" }));
    assert.ok(!may("kms:Decrypt", keyArn));
    assert.ok(!may("s3:GetObject", `${bucket}/config/shop/production.zip`));
    assert.ok(!may("s3:PutObject", `${bucket}/${config.key}`));
  });

  it("starts for pull requests alone; of a stranger's fork once somebody who may push says so", async () => {
    const { one } = await project();
    const { filterGroups, pullRequestBuildPolicy } = one(webhookType).inputs;
    const events = "PULL_REQUEST_CREATED, PULL_REQUEST_UPDATED, PULL_REQUEST_REOPENED";
    assert.deepEqual(filterGroups, [{ filters: [{ type: "EVENT", pattern: events }] }]);
    assert.deepEqual(pullRequestBuildPolicy, {
      requiresCommentApproval: "FORK_PULL_REQUESTS",
      approverRoles: ["GITHUB_WRITE", "GITHUB_MAINTAIN", "GITHUB_ADMIN"],
    });
  });

  it("tells where the bundle and the state are; what opens the state CodeBuild reads itself", async () => {
    const { one } = await project({ variables: { FOLDER: "infra" } });
    const { environmentVariables } = one(projectType).inputs.environment as {
      readonly environmentVariables: readonly object[];
    };
    assert.deepEqual(environmentVariables, [
      { name: "FOLDER", value: "infra", type: "PLAINTEXT" },
      { name: "BUNDLE", value: "s3://shop-artifacts/bundles/1.js", type: "PLAINTEXT" },
      { name: "PULUMI_BACKEND_URL", value: "s3://acme-pulumi-state", type: "PLAINTEXT" },
      {
        name: "PULUMI_CONFIG_PASSPHRASE",
        value: "gantry/shop/staging/passphrase",
        type: "SECRETS_MANAGER",
      },
    ]);
  });

  it("is the only project that may take on its role", async () => {
    const { one } = await project();
    const { Statement } = parsed<{ Statement: { Principal: object; Condition: object }[] }>(
      one("aws:iam/role:Role"),
      "assumeRolePolicy",
    );
    assert.deepEqual(Statement[0].Principal, { Service: "codebuild.amazonaws.com" });
    assert.match(
      JSON.stringify(Statement[0].Condition),
      /arn:aws:codebuild:eu-west-1:123456789012:project\/shop--staging--preview/,
    );
  });

  it("may change nothing but its own log", async () => {
    const actions = (await statements())
      .filter(({ Effect }) => Effect === "Allow")
      .flatMap(({ Action }) => listed(Action));
    const changing = actions.filter(
      (action) => !/^[a-z0-9-]+:(Get|List|Describe|Decrypt$)/.test(action),
    );
    assert.deepEqual(changing, ["logs:CreateLogStream", "logs:PutLogEvents"]);
  });

  it("reads the secrets that open the state, the bundle, and the connection, and nothing else of their kinds", async () => {
    const all = await statements();
    const on = (action: string) =>
      all.filter(({ Action }) => listed(Action).includes(action)).map(({ Resource }) => Resource);
    assert.deepEqual(on("secretsmanager:GetSecretValue"), [
      [
        "arn:aws:secretsmanager:eu-west-1:123456789012:secret:gantry/shop/staging/passphrase-??????",
      ],
    ]);
    assert.deepEqual(on("s3:GetObject").flat().slice(0, 1), [
      "arn:aws:s3:::shop-artifacts/bundles/*",
    ]);
    assert.deepEqual(on("codeconnections:GetConnectionToken"), [
      ["arn:aws:codeconnections:eu-west-1:123456789012:connection/01234567"],
    ]);
  });
});
