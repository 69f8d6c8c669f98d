import assert from "node:assert/strict";
import { checkFaults, parse, web, type Values } from "./support";

const of = (conditions: unknown): Values => ({
  permissions: [{ actions: ["s3:GetObject"], resources: ["arn:aws:s3:::acme/*"], conditions }],
});

function conditionsOf(conditions: unknown): unknown {
  const [permission] = parse(web(of(conditions))).services.web.permissions;
  return "conditions" in permission ? permission.conditions : undefined;
}

describe("conditions of permissions", () => {
  const at = "permissions[0].conditions";
  checkFaults("gantry:services.web", web, [
    ["no object", of("StringEquals"), at, "write { operator: { key: value } }"],
    [
      "an operator without a key",
      of({ Bool: {} }),
      `${at}.Bool`,
      "name a key, or remove the operator",
    ],
    [
      "a slip",
      of({ StringEqual: { "aws:PrincipalTag/a": "b" } }),
      `${at}.StringEqual`,
      "did you mean StringEquals?",
    ],
    [
      "a slip between what may stand before and behind",
      of({ "ForAnyValue:StringLke": { "aws:TagKeys": "b" } }),
      `${at}["ForAnyValue:StringLke"]`,
      "did you mean ForAnyValue:StringLike?",
    ],
    [
      "Null if it exists",
      of({ NullIfExists: { "aws:TagKeys": true } }),
      `${at}.NullIfExists`,
      "did you mean Null?",
    ],
    [
      "no operator at all",
      of({ "aws:SourceArn": { a: "b" } }),
      `${at}["aws:SourceArn"]`,
      "name an operator of IAM, such as StringEquals or ArnLike",
    ],
    [
      "a key without a service",
      of({ Bool: { SecureTransport: true } }),
      `${at}.Bool.SecureTransport`,
      "write it as service:Key",
    ],
    [
      "no value",
      of({ Bool: { "aws:SecureTransport": [] } }),
      `${at}.Bool["aws:SecureTransport"]`,
      "name one, or remove the key",
    ],
    ...(
      [
        ["Bool", "yes", "true or false"],
        ["NumericLessThanIfExists", "many", "a number"],
        [
          "DateGreaterThan",
          "tomorrow",
          "a date such as 2026-11-29T00:00:00Z, or seconds since 1970",
        ],
        ["NotIpAddress", "example.com", "an address or CIDR block such as 203.0.113.0/24"],
        ["ArnLike", "role/a", "an ARN, which may have * in it"],
        ["BinaryEquals", "a-b", "Base64"],
      ] as const
    ).map(([operator, value, allowed]): [string, Values, string, string] => [
      `a value of ${operator}`,
      of({ [operator]: { "aws:key": [value] } }),
      `${at}.${operator}["aws:key"][0]`,
      `write ${allowed}`,
    ]),
  ]);

  it("are IAM's own, with values as texts", () => {
    const given = {
      "ForAllValues:StringLike": { "dynamodb:LeadingKeys": ["acme", 7] },
      Null: { "dynamodb:LeadingKeys": false },
      IpAddressIfExists: { "aws:SourceIp": ["203.0.113.0/24", "2001:db8::/32"] },
      DateLessThan: { "aws:CurrentTime": "2027-01-01T00:00:00Z" },
      ArnEquals: { "aws:SourceArn": "${aws:PrincipalArn}" },
    };
    assert.deepEqual(conditionsOf(given), {
      ...given,
      "ForAllValues:StringLike": { "dynamodb:LeadingKeys": ["acme", "7"] },
      Null: { "dynamodb:LeadingKeys": "false" },
    });
    assert.equal(conditionsOf(undefined), undefined);
  });
});

describe("permissions on every resource", () => {
  const on = (actions: string[]): Values => ({ permissions: [{ actions, resources: ["*"] }] });
  const fix = (action: string) =>
    `name the resources of ${action} by ARN; where it must be every one, add because: and why`;
  const at = "permissions[0].resources[0]";
  checkFaults("gantry:services.web", web, [
    [
      "an action that takes resources",
      on(["textract:AnalyzeID", "ses:SendEmail"]),
      at,
      fix("ses:SendEmail"),
    ],
    ["one that AWS's reference has not", on(["example:GetThing"]), at, fix("example:GetThing")],
    ["one that manages rights", on(["ecr:PutRegistryPolicy"]), at, fix("ecr:PutRegistryPolicy")],
    ["one that makes identities", on(["sso:CreateInstance"]), at, fix("sso:CreateInstance")],
  ]);

  it("need no reason where AWS has nothing narrower, however they are written", () => {
    parse(web(on(["cloudwatch:GetMetricData", "cloudwatch:ListMetrics"])));
    parse(web(on(["cloudwatch:PutMetricData", "xray:puttracesegments", "ec2:DescribeInstances"])));
  });
});
