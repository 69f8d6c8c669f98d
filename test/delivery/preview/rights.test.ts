import assert from "node:assert/strict";
import type { PlannedChange } from "../../../delivery/engine";
import { unknownValue } from "../../../delivery/engine/changes";
import { rightsChanges, rightsText } from "../../../delivery/preview/rights";
import { aChange, aPolicy, texts } from "./support";

const rolePolicy = "aws:iam/rolePolicy:RolePolicy";
const statement = (Action: unknown, Resource: unknown, more: object = {}) => ({
  Effect: "Allow",
  Action,
  Resource,
  ...more,
});

function ofRole(before: string | undefined, after: string): PlannedChange {
  const inputs = (policy: string | undefined) =>
    policy === undefined ? {} : { role: "web-task", policy };
  return aChange(
    before === undefined ? "create" : "update",
    rolePolicy,
    "web-policy",
    inputs(before),
    inputs(after),
  );
}

describe("the rights that a preview tells", () => {
  const read = statement("s3:GetObject", ["arn:aws:s3:::a/*", "arn:aws:s3:::b/*"]);
  const rows: readonly [string, PlannedChange, readonly string[]][] = [
    [
      "those of a new role",
      ofRole(undefined, aPolicy(read)),
      ["added: web-task may s3:GetObject on arn:aws:s3:::a/*, arn:aws:s3:::b/*"],
    ],
    [
      "one action more, and nothing of what stays",
      ofRole(
        aPolicy(read),
        aPolicy(
          statement(["s3:GetObject", "s3:PutObject"], ["arn:aws:s3:::b/*", "arn:aws:s3:::a/*"]),
        ),
      ),
      ["added: web-task may s3:PutObject on arn:aws:s3:::a/*, arn:aws:s3:::b/*"],
    ],
    [
      "one resource less",
      ofRole(aPolicy(read), aPolicy(statement("s3:GetObject", "arn:aws:s3:::a/*"))),
      ["removed: web-task may s3:GetObject on arn:aws:s3:::b/*"],
    ],
    [
      "nothing where the same stands in other statements",
      ofRole(
        aPolicy(read),
        aPolicy(
          statement(["s3:GetObject"], "arn:aws:s3:::b/*", { Sid: "B" }),
          statement("s3:GetObject", "arn:aws:s3:::a/*"),
        ),
      ),
      [],
    ],
    [
      "a condition that goes",
      ofRole(
        aPolicy(
          statement("s3:ListBucket", "a", {
            Condition: { StringEquals: { "aws:SourceVpc": ["vpc-1"] } },
          }),
        ),
        aPolicy(statement("s3:ListBucket", "a")),
      ),
      [
        "added: web-task may s3:ListBucket on a",
        'removed: web-task may s3:ListBucket on a, where {"StringEquals":{"aws:SourceVpc":"vpc-1"}}',
      ],
    ],
    [
      "a denial",
      ofRole(aPolicy(), aPolicy({ Effect: "Deny", Action: "s3:*", Resource: "*" })),
      ["added: web-task must not s3:* on *"],
    ],
    [
      "all but some actions",
      ofRole(aPolicy(), aPolicy({ Effect: "Allow", NotAction: "iam:*", Resource: "*" })),
      ["added: web-task may all but iam:* on *"],
    ],
    [
      "who may take on a role",
      aChange(
        "update",
        "aws:iam/role:Role",
        "ci",
        {
          assumeRolePolicy: aPolicy({
            Effect: "Allow",
            Action: "sts:AssumeRole",
            Principal: { Service: "ecs.amazonaws.com" },
          }),
        },
        {
          assumeRolePolicy: aPolicy({
            Effect: "Allow",
            Action: "sts:AssumeRole",
            Principal: { AWS: "arn:aws:iam::111122223333:root" },
          }),
        },
      ),
      [
        "added: arn:aws:iam::111122223333:root may sts:AssumeRole on ci",
        "removed: ecs.amazonaws.com may sts:AssumeRole on ci",
      ],
    ],
    [
      "anyone at a bucket",
      aChange(
        "create",
        "aws:s3/bucketPolicy:BucketPolicy",
        "files",
        {},
        {
          policy: { Statement: statement("s3:GetObject", "arn:aws:s3:::f/*", { Principal: "*" }) },
        },
      ),
      ["added: anyone (*) may s3:GetObject on arn:aws:s3:::f/*"],
    ],
    [
      "a managed policy",
      aChange(
        "create",
        "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
        "a",
        {},
        { role: "ci", policyArn: "arn:aws:iam::aws:policy/AdministratorAccess" },
      ),
      ["added: ci has all rights of arn:aws:iam::aws:policy/AdministratorAccess"],
    ],
    [
      "those that go with their role's policy",
      aChange("delete", rolePolicy, "p", {
        role: "web-task",
        policy: aPolicy(statement("a:B", "c")),
      }),
      ["removed: web-task may a:B on c"],
    ],
    [
      "that they are not known yet",
      ofRole(aPolicy(read), unknownValue),
      ["rights of web-task are known after the update"],
    ],
    ["nothing of other resources", aChange("update", "aws:x/y:Y", "y", { a: 1 }, { a: 2 }), []],
  ];
  for (const [title, change, wanted] of rows) {
    it(`are told: ${title}`, () =>
      assert.deepEqual(texts(rightsChanges(change).map(rightsText)), wanted));
  }

  const broad: readonly [string, object, boolean][] = [
    ["everything", statement("*", "*"), true],
    ["all of IAM", statement("iam:*", "arn:aws:iam::111122223333:role/x"), true],
    ["passing any role", statement("iam:PassRole", "*"), true],
    ["passing one role", statement("iam:PassRole", "arn:aws:iam::111122223333:role/x"), false],
    ["a listing that takes no resource", statement("ec2:DescribeVpcs", "*"), false],
    ["anyone", statement("sqs:SendMessage", "q", { Principal: { AWS: "*" } }), true],
    [
      "anyone of one organization",
      statement("sqs:SendMessage", "q", {
        Principal: "*",
        Condition: { StringEquals: { "aws:PrincipalOrgID": "o" } },
      }),
      false,
    ],
  ];
  for (const [title, given, wanted] of broad) {
    it(`${wanted ? "are" : "are not"} broad: ${title}`, () => {
      const [change] = rightsChanges(ofRole(undefined, aPolicy(given)));
      assert.equal(change.isBroad, wanted);
    });
  }

  it("are broad where a denial goes", () => {
    const [change] = rightsChanges(
      ofRole(aPolicy({ Effect: "Deny", Action: "s3:*", Resource: "*" }), aPolicy()),
    );
    assert.deepEqual([change.kind, change.isBroad], ["removed", true]);
  });
});
