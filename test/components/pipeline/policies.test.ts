import assert from "node:assert/strict";
import { isAllowed, mayAssume, type PolicyDocument } from "../../support/policies";

const version = "2012-10-17";
const document = (...Statement: PolicyDocument["Statement"][]) =>
  ({ Version: version, Statement: Statement.flat() }) as PolicyDocument;
const allow = (Action: string | string[], Resource: string | string[], Condition?: object) =>
  ({ Effect: "Allow", Action, Resource, ...(Condition ? { Condition } : {}) }) as never;

const bucket = "arn:aws:s3:::shop";
const get = { action: "s3:GetObject", resource: `${bucket}/a/b.zip` };
const can = (request: Parameters<typeof isAllowed>[0], ...statements: never[]) =>
  isAllowed(request, { identity: [document(...statements)] });

describe("the evaluator of policies", () => {
  describe("actions and resources", () => {
    const cases: [string, boolean, never][] = [
      ["the very same", true, allow("s3:GetObject", get.resource)],
      ["one of several", true, allow(["s3:PutObject", "s3:GetObject"], ["arn:x", get.resource])],
      ["another action", false, allow("s3:PutObject", get.resource)],
      ["an action that only begins alike", false, allow("s3:Get", get.resource)],
      ["an action in other case", true, allow("S3:getobject", get.resource)],
      ["a wildcard in the action", true, allow("s3:Get*", get.resource)],
      ["another resource", false, allow("s3:GetObject", `${bucket}/c`)],
      ["a resource that only begins alike", false, allow("s3:GetObject", `${bucket}/a`)],
      ["a resource in other case", false, allow("s3:GetObject", `${bucket}/A/b.zip`)],
      ["a * that crosses slashes", true, allow("s3:GetObject", `${bucket}/*`)],
      ["a * in the middle", true, allow("s3:GetObject", `${bucket}/*/b.zip`)],
      ["a ? for one character", true, allow("s3:GetObject", `${bucket}/?/b.zip`)],
      ["a ? for none", false, allow("s3:GetObject", `${bucket}/a?/b.zip`)],
      ["a dot, which is only a dot", false, allow("s3:GetObject", `${bucket}/a/b_zip`)],
    ];
    for (const [title, expected, statement] of cases) {
      it(`${title}: ${expected ? "allowed" : "denied"}`, () => {
        assert.equal(can(get, statement), expected);
      });
    }

    it("denies what nothing allows", () => {
      assert.equal(can(get), false);
    });

    it("takes NotAction for all other actions", () => {
      const others = { Effect: "Allow", NotAction: "s3:PutObject", Resource: "*" } as never;
      assert.equal(can(get, others), true);
      assert.equal(can({ ...get, action: "s3:PutObject" }, others), false);
    });
  });

  it("lets a denial win, wherever it stands", () => {
    const deny = { Effect: "Deny", Action: "s3:*", Resource: "*" } as never;
    assert.equal(can(get, allow("s3:GetObject", "*"), deny), false);
    assert.equal(can(get, deny, allow("s3:GetObject", "*")), false);
    const resource = document({ ...(deny as object), Principal: "*" } as never);
    const identity = [document(allow("s3:GetObject", "*"))];
    assert.equal(isAllowed(get, { identity, resource }), false);
  });

  it("lets the policy of a resource allow by itself", () => {
    const resource = document({
      ...(allow("s3:GetObject", `${bucket}/*`) as object),
      Principal: { Service: "events.amazonaws.com" },
    } as never);
    assert.equal(isAllowed({ ...get, principal: "events.amazonaws.com" }, { resource }), true);
    assert.equal(isAllowed({ ...get, principal: "sns.amazonaws.com" }, { resource }), false);
    assert.equal(isAllowed(get, { resource }), false);
  });

  describe("conditions", () => {
    const arn = "arn:aws:codebuild:eu-west-1:123456789012:project/shop";
    const cases: [string, object, Record<string, string | string[]>, boolean][] = [
      ["StringEquals", { StringEquals: { k: "a" } }, { k: "a" }, true],
      ["StringEquals with another value", { StringEquals: { k: "a" } }, { k: "b" }, false],
      ["StringEquals without the key", { StringEquals: { k: "a" } }, {}, false],
      ["StringEquals with one of several", { StringEquals: { k: ["a", "b"] } }, { k: "b" }, true],
      ["a key in other case", { StringEquals: { "AWS:K": "a" } }, { "aws:k": "a" }, true],
      ["StringEquals does not know wildcards", { StringEquals: { k: "a*" } }, { k: "ab" }, false],
      ["StringLike does", { StringLike: { k: "a*" } }, { k: "ab" }, true],
      ["ArnLike", { ArnLike: { k: `${arn}*` } }, { k: `${arn}-web` }, true],
      ["ArnLike crosses no colon", { ArnLike: { k: "arn:*:project/shop" } }, { k: arn }, false],
      ["ArnLike by parts", { ArnLike: { k: "arn:aws:*:*:*:project/*" } }, { k: arn }, true],
      ["ArnEquals", { ArnEquals: { k: arn } }, { k: arn }, true],
      ["ArnEquals with what is no ARN", { ArnEquals: { k: "shop" } }, { k: "shop" }, false],
      ["Bool", { Bool: { k: "false" } }, { k: "false" }, true],
      ["Bool the other way", { Bool: { k: "false" } }, { k: "true" }, false],
      ["ForAllValues", { "ForAllValues:StringEquals": { k: ["a", "b"] } }, { k: ["b", "a"] }, true],
      [
        "ForAllValues with one too many",
        { "ForAllValues:StringEquals": { k: ["a"] } },
        { k: ["a", "c"] },
        false,
      ],
      ["ForAllValues without the key", { "ForAllValues:StringEquals": { k: ["a"] } }, {}, true],
      ["IfExists", { StringEqualsIfExists: { k: "a" } }, { k: "a" }, true],
      ["IfExists with another value", { StringEqualsIfExists: { k: "a" } }, { k: "b" }, false],
      ["IfExists without the key", { ArnLikeIfExists: { k: arn } }, {}, true],
      ["Null of a key that is there", { Null: { k: "true" } }, { k: "a" }, false],
      ["Null of one that is not", { Null: { k: "true" } }, {}, true],
      ["not Null", { Null: { k: "false" } }, { k: "a" }, true],
      ["StringNotEquals", { StringNotEquals: { k: "a" } }, { k: "b" }, true],
      ["StringNotEquals with the value", { StringNotEquals: { k: "a" } }, { k: "a" }, false],
      ["StringNotEquals without the key", { StringNotEquals: { k: "a" } }, {}, true],
      ["ArnNotEquals", { ArnNotEquals: { k: arn } }, { k: `${arn}2` }, true],
      [
        "all operators must hold",
        { StringEquals: { k: "a" }, Bool: { b: "true" } },
        { k: "a" },
        false,
      ],
      ["all keys must hold", { StringEquals: { k: "a", l: "b" } }, { k: "a" }, false],
    ];
    for (const [title, condition, context, expected] of cases) {
      it(`${title}: ${expected ? "holds" : "fails"}`, () => {
        assert.equal(can({ ...get, context }, allow("s3:GetObject", "*", condition)), expected);
      });
    }

    it("throws at an operator that it does not know", () => {
      const unknown = allow("s3:GetObject", "*", { NumericLessThan: { k: "1" } });
      assert.throws(() => can(get, unknown), /NumericLessThan is not understood/);
    });
  });

  describe("trust", () => {
    const role = "arn:aws:iam::123456789012:role/shop-promote";
    const trust = (Principal: unknown, Condition?: object) =>
      document({
        Effect: "Allow",
        Action: "sts:AssumeRole",
        Principal,
        ...(Condition ? { Condition } : {}),
      } as never);

    it("knows services, roles, and the root of an account for everyone in it", () => {
      assert.equal(mayAssume(trust({ AWS: role }), role), true);
      assert.equal(mayAssume(trust({ AWS: role }), `${role}2`), false);
      assert.equal(mayAssume(trust({ AWS: "arn:aws:iam::123456789012:root" }), role), true);
      assert.equal(mayAssume(trust({ AWS: "arn:aws:iam::210987654321:root" }), role), false);
      assert.equal(mayAssume(trust({ Service: "ecs.amazonaws.com" }), "ecs.amazonaws.com"), true);
    });

    it("throws at a principal that it does not know", () => {
      assert.throws(() => mayAssume(trust({ Federated: "x" }), role), /Federated/);
    });
  });
});
