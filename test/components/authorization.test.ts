import assert from "node:assert/strict";
import type { PolicyDocument } from "../support/policies";
import { faultsOf, known, type PolicyKind } from "./authorization/faults";
import { policiesOfComponents, type MadePolicy } from "./authorization/policies";
import { fits, reference } from "./authorization/reference";

const document = (...Statement: readonly object[]) =>
  ({ Version: "2012-10-17", Statement }) as unknown as PolicyDocument;
const allow = (Action: string | string[], Resource: string | string[], Condition?: object) =>
  document({ Effect: "Allow", Action, Resource, ...(Condition ? { Condition } : {}) });

const account = "eu-west-1:123456789012";
const service = `arn:aws:ecs:${account}:service/shop/web`;

describe("policies beside AWS's authorization reference", () => {
  let made: readonly MadePolicy[];

  before(async () => {
    made = await policiesOfComponents();
  });

  it("are all granted as they read", () => {
    const faults = made.flatMap(({ name, kind, document: policy }) =>
      faultsOf(policy, kind).map((fault) => `${name}: ${fault}`),
    );
    assert.deepEqual([...new Set(faults)], []);
  });

  it("name each action that the reference here has", () => {
    const named = new Set(
      made
        .flatMap(({ document: policy }) => [policy.Statement].flat())
        .flatMap(({ Action = [] }) => [Action].flat().flatMap((action) => known(String(action)))),
    );
    assert.deepEqual(
      Object.keys(reference.actions).filter((action) => !named.has(action)),
      [],
    );
  });

  const rows: readonly [string, PolicyDocument, PolicyKind, readonly string[]][] = [
    ["nothing", allow("ecs:UpdateService", service), "identity", []],
    [
      "an action that there is not",
      allow("ecs:UpdateServices", service),
      "identity",
      ["ecs:UpdateServices is not in the reference", `${service} is nothing for `],
    ],
    [
      "a wildcard",
      allow("ecs:Discover*", "*"),
      "identity",
      ["ecs:Discover* is allowed with a wildcard"],
    ],
    [
      "a resource of another type",
      allow("ecs:UpdateService", `arn:aws:ecs:${account}:cluster/shop`),
      "identity",
      [
        `ecs:UpdateService is on arn:aws:ecs:${account}:cluster/shop and takes ecs:service`,
        `arn:aws:ecs:${account}:cluster/shop is nothing for ecs:UpdateService`,
      ],
    ],
    [
      "a resource of an action that takes none",
      allow(
        ["ecs:DescribeTaskDefinition", "ecs:RunTask"],
        `arn:aws:ecs:${account}:task-definition/a:*`,
      ),
      "identity",
      [
        `ecs:DescribeTaskDefinition is on arn:aws:ecs:${account}:task-definition/a:* and takes * alone`,
      ],
    ],
    [
      "everything, of an action that takes resources",
      allow("ecs:UpdateService", "*"),
      "identity",
      ["ecs:UpdateService is allowed on * and takes ecs:service"],
    ],
    ["everything, with a reason", allow("ecs:ListTasks", "*"), "identity", []],
    [
      "everything, denied",
      document({ Effect: "Deny", Action: "ecs:*", Resource: "*" }),
      "identity",
      [],
    ],
    [
      "a key that the action does not know",
      allow("ecs:DescribeServices", service, { StringEqualsIfExists: { "ecs:subnet": "a" } }),
      "identity",
      ["ecs:DescribeServices knows no ecs:subnet"],
    ],
    [
      "keys that are global, or of a context",
      allow("kms:Decrypt", `arn:aws:kms:${account}:key/*`, {
        StringLike: { "kms:EncryptionContext:SecretARN": "*", "aws:PrincipalArn": "*" },
      }),
      "identity",
      [],
    ],
    [
      "in a resource's policy what takes no resource",
      allow("ecr:GetAuthorizationToken", "*"),
      "resource",
      ["ecr:GetAuthorizationToken takes no resource, and so no policy of one"],
    ],
    ["in a resource's policy the resource itself", allow("kms:Decrypt", "*"), "resource", []],
  ];
  for (const [title, policy, kind, wanted] of rows) {
    it(`have a fault where they name: ${title}`, () =>
      assert.deepEqual(faultsOf(policy, kind), wanted));
  }

  const arns: readonly [string, string, boolean][] = [
    ["arn:aws:s3:::shop", "s3:bucket", true],
    ["arn:aws:s3:::shop/*", "s3:bucket", false],
    ["arn:aws:s3:::shop/*", "s3:object", true],
    ["arn:aws:s3:::shop", "s3:object", false],
    ["arn:aws:s3:::*", "s3:object", true],
    [`arn:aws:ecr:${account}:repository/shop/web`, "ecr:repository", true],
    [`arn:aws:logs:${account}:log-group:/gantry/web:*`, "logs:log-stream", true],
    [`arn:aws:logs:${account}:log-group:/gantry/web`, "logs:log-stream", false],
    [`arn:aws:logs:${account}:log-group:/gantry/web:*`, "logs:log-group", true],
    [`arn:aws:secretsmanager:${account}:secret:shop/db-??????`, "secretsmanager:secret", true],
    [`arn:aws:ecs:${account}:service/web`, "ecs:service", false],
    [`arn:aws:ecs:${account}:task-definition/web`, "ecs:task-definition", false],
  ];
  for (const [arn, type, expected] of arns) {
    it(`take ${arn} ${expected ? "for" : "not for"} ${type}`, () =>
      assert.equal(fits(arn, type), expected));
  }
});
