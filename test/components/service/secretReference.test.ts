import assert from "node:assert/strict";
import fc from "fast-check";
import { parseSecretReference } from "../../../components/service/secretReference";

const secretArn = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:shop/db-AbCdEf";
const parameterArn = "arn:aws:ssm:eu-west-1:123456789012:parameter/shop/staging/token";

describe("parseSecretReference", () => {
  const cases: [text: string, reference: object][] = [
    [secretArn, { kind: "secretsManagerArn", secretArn, valueFrom: secretArn }],
    [
      `${secretArn}:password::`,
      { kind: "secretsManagerArn", secretArn, valueFrom: `${secretArn}:password::` },
    ],
    [
      `${secretArn}::AWSPREVIOUS:`,
      { kind: "secretsManagerArn", secretArn, valueFrom: `${secretArn}::AWSPREVIOUS:` },
    ],
    // ECS refuses a suffix that lacks colons, so they are added.
    [
      `${secretArn}:password`,
      { kind: "secretsManagerArn", secretArn, valueFrom: `${secretArn}:password::` },
    ],
    [`${secretArn}:::`, { kind: "secretsManagerArn", secretArn, valueFrom: secretArn }],
    [parameterArn, { kind: "parameterArn", arn: parameterArn }],
    ["/shop/staging/token", { kind: "parameterName", name: "/shop/staging/token" }],
    ["/token", { kind: "parameterName", name: "/token" }],
    ["shop/db", { kind: "secretsManagerName", name: "shop/db" }],
    ["shop/db:password", { kind: "secretsManagerName", name: "shop/db", jsonKey: "password" }],
    ["database", { kind: "secretsManagerName", name: "database" }],
    [
      "rds!db-0a1b2c3d-0a1b-0a1b-0a1b-0a1b2c3d4e5f:password",
      {
        kind: "secretsManagerName",
        name: "rds!db-0a1b2c3d-0a1b-0a1b-0a1b-0a1b2c3d4e5f",
        jsonKey: "password",
      },
    ],
  ];
  for (const [text, reference] of cases) {
    it(`reads ${text}`, () => assert.deepEqual(parseSecretReference(text), reference));
  }

  describe("failures", () => {
    const refused = [
      "",
      " ",
      " shop/db",
      "correct horse battery",
      "p@ss,word",
      "postgres://user:password@db/shop",
      "shop/db:password::",
      "/",
      "/shop//token",
      "/shop/token:3",
      "/shop/token/",
      "arn:aws:s3:::shop",
      "arn:aws:secretsmanager:eu-west-1:123:secret:shop",
      "arn:aws:ssm:eu-west-1:123456789012:parameter",
      "AKIAIOSFODNN7EXAMPLE",
      "ghp_0123456789abcdefghij",
      "sk_live_0123456789",
      "eyJhbGciOiJIUzI1NiJ9.e30.abc",
      "S3cretValue",
      "c2VjcmV0LXZhbHVl=",
      "da39a3ee5e6b4b0d3255bfef95601890afd80709",
      "0a1b2c3d-0a1b-0a1b-0a1b-0a1b2c3d4e5f",
      "-----BEGIN PRIVATE KEY-----",
      "a\nb",
    ];
    for (const text of refused) {
      it(`fails when it is given ${JSON.stringify(text)}, without repeating it`, () => {
        assert.throws(
          () => parseSecretReference(text),
          (error) =>
            error instanceof Error && (text.trim().length < 4 || !error.message.includes(text)),
        );
      });
    }

    it("is quick for any text", () => {
      fc.assert(
        fc.property(fc.string({ maxLength: 2000 }), (text) => {
          try {
            parseSecretReference(text);
          } catch (error) {
            assert.ok(error instanceof Error);
          }
        }),
      );
      for (const part of ["/a", "a:", "arn:aws:ssm:eu-west-1:123456789012:parameter/a"]) {
        assert.throws(() => parseSecretReference(`${part.repeat(50_000)} `));
      }
    });
  });
});
