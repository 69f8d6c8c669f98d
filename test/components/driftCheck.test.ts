import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { DriftCheck, type DriftCheckArgs } from "../../components";
import { optionalParts } from "../../components/drift/readStatements";
import { listed, statementsOf, type PolicyDocument } from "../support/policies";
import { parsed, record } from "../support/record";
import { driftCheck } from "./driftCheckArgs";

const check = (more: Partial<DriftCheckArgs> = {}) =>
  record(() => new DriftCheck("shop", driftCheck(more)));

/** Of the check's own role: its policy, and those that are attached to it. */
async function statements(more: Partial<DriftCheckArgs> = {}) {
  const { all } = await check(more);
  return [...all("aws:iam/rolePolicy:RolePolicy"), ...all("aws:iam/policy:Policy")]
    .filter(({ name }) => /^shop-drift-policy/.test(name))
    .flatMap((policy) => statementsOf(parsed<PolicyDocument>(policy, "policy")));
}

describe("DriftCheck", () => {
  it("is a project without a source, of which one build runs at a time", async () => {
    const { one } = await check();
    const { source, artifacts, concurrentBuildLimit, buildTimeout } = one(
      "aws:codebuild/project:Project",
    ).inputs;
    assert.deepEqual(source, { type: "NO_SOURCE", buildspec: driftCheck().buildspec });
    assert.deepEqual(artifacts, { type: "NO_ARTIFACTS" });
    assert.deepEqual([concurrentBuildLimit, buildTimeout], [1, 60]);
  });

  it("is started by a schedule, under a role that starts it and nothing else", async () => {
    const { one, all } = await check({ schedule: { expression: "rate(1 day)" } });
    const { target, scheduleExpression } = one("aws:scheduler/schedule:Schedule").inputs;
    const project = /^arn:aws:codebuild:[^:]+:\d{12}:/;
    assert.equal(scheduleExpression, "rate(1 day)");
    assert.match(String((target as { arn: string }).arn), project);
    assert.ok((target as { retryPolicy: object }).retryPolicy);
    const policy = all("aws:iam/rolePolicy:RolePolicy").find(({ name }) =>
      name.endsWith("-schedulePolicy"),
    );
    assert.ok(policy);
    const [only, ...rest] = statementsOf(parsed<PolicyDocument>(policy, "policy"));
    assert.deepEqual([only.Action, rest], [["codebuild:StartBuild"], []]);
  });

  it("changes nothing but its log, its own partition of the ledger and its metric", async () => {
    const given = await statements({ parts: optionalParts });
    const changes = given
      .flatMap(({ Action }) => listed(Action))
      .filter((action) => !/:(?:BatchGet|Describe|Get|List|Lookup|Query|View)/.test(action));
    assert.deepEqual(changes.sort(), [
      "cloudwatch:PutMetricData",
      "dynamodb:PutItem",
      "kms:Decrypt",
      "kms:Decrypt",
      "kms:Encrypt",
      "kms:GenerateDataKey",
      "logs:CreateLogStream",
      "logs:PutLogEvents",
    ]);
    const conditionOf = (action: string) =>
      given.find(({ Action }) => listed(Action).includes(action))?.Condition;
    assert.deepEqual(conditionOf("dynamodb:PutItem"), {
      "ForAllValues:StringEquals": { "dynamodb:LeadingKeys": ["drift"] },
    });
    assert.deepEqual(conditionOf("cloudwatch:PutMetricData"), {
      StringEquals: { "cloudwatch:namespace": "Gantry/Drift" },
    });
  });

  it("reads no secret but what opens the state, and no object but the command and the state", async () => {
    const given = await statements({ parts: optionalParts });
    const on = (action: string) =>
      given
        .filter(({ Action }) => listed(Action).includes(action))
        .flatMap(({ Resource }) => listed(Resource));
    assert.deepEqual(on("secretsmanager:GetSecretValue"), [
      "arn:aws:secretsmanager:eu-west-1:123456789012:secret:gantry/shop/staging/passphrase-??????",
    ]);
    assert.ok(on("s3:GetObject").every((arn) => /\/bundles\/\*$|acme-pulumi-state/.test(arn)));
    for (const action of ["ssm:GetParameter", "sqs:ReceiveMessage", "logs:GetLogEvents"]) {
      assert.deepEqual(on(action), [], action);
    }
  });

  it("reads of what an environment may have only that which it has", async () => {
    const actions = async (more: Partial<DriftCheckArgs>) =>
      (await statements(more)).flatMap(({ Action }) => listed(Action));
    assert.ok((await actions({ parts: ["databases"] })).includes("rds:DescribeDBInstances"));
    assert.ok(!(await actions({ parts: ["caches"] })).includes("rds:DescribeDBInstances"));
  });

  it("tells people by their topic, whose key SNS uses for it, and nobody where there is none", async () => {
    const topicArn = "arn:aws:sns:eu-west-1:123456789012:shop--staging--notifications";
    const keyArn = "arn:aws:kms:eu-west-1:123456789012:key/2";
    const of = (given: Awaited<ReturnType<typeof statements>>, action: string) =>
      given.filter(({ Action }) => listed(Action).includes(action));
    const silent = await statements();
    assert.deepEqual(of(silent, "sns:Publish"), []);
    const told = await statements({
      notifications: { topicArn: pulumi.output(topicArn), keyArn, product: "shop" },
    });
    assert.deepEqual(
      of(told, "sns:Publish").map(({ Resource }) => Resource),
      [[topicArn]],
    );
    const uses = of(told, "kms:GenerateDataKey").filter(({ Resource }) =>
      listed(Resource).includes(keyArn),
    );
    assert.deepEqual(
      uses.map(({ Condition }) => Condition),
      [{ StringEquals: { "kms:ViaService": ["sns.eu-west-1.amazonaws.com"] } }],
    );
  });

  it("can have policies of one's own, and an image", async () => {
    const policyArn = "arn:aws:iam::aws:policy/AmazonKinesisReadOnlyAccess";
    const { all, one } = await check({ policyArns: [policyArn], image: "acme/builder:1" });
    const attached = all("aws:iam/rolePolicyAttachment:RolePolicyAttachment");
    assert.ok(attached.some(({ inputs }) => inputs.policyArn === policyArn));
    const { environment } = one("aws:codebuild/project:Project").inputs;
    assert.equal((environment as { image: string }).image, "acme/builder:1");
  });
});
