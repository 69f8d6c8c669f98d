import assert from "node:assert/strict";
import { secretSchema } from "../../../stacks/config/access";
import { checkFaults, errorOf, parse, web } from "./support";

const named = "write the name that resources.ts returns, such as tableName";

describe("names of own resources in config", () => {
  it("are taken in environment, secrets, permissions and security groups, and kept apart", () => {
    const { environment, secrets, permissions, securityGroups } = parse(
      web({
        environment: { TABLE: { from: "tableName" }, FEED_TOKEN: { plain: { from: "feed" } } },
        secrets: {
          DATABASE_URL: { from: "database", key: "url" },
          API_KEY: { from: "api-key" },
          OTHER: "shop/other:url",
        },
        permissions: [
          { from: "orders" },
          { actions: ["s3:GetObject"], resources: ["arn:aws:s3:::b/*"] },
        ],
        securityGroups: [{ from: "database" }],
      }),
    ).services.web;
    assert.deepEqual(environment, {
      TABLE: { from: "tableName", plain: false },
      FEED_TOKEN: { from: "feed", plain: true },
    });
    assert.deepEqual(secrets, {
      DATABASE_URL: { from: "database", key: "url" },
      API_KEY: { from: "api-key" },
      OTHER: "shop/other:url",
    });
    assert.deepEqual(permissions[0], { from: "orders" });
    assert.deepEqual(securityGroups, [{ from: "database" }]);
  });

  checkFaults("gantry:services.web", web, [
    [
      "a name is a sentence",
      { environment: { A: { from: "the table" } } },
      "environment.A.from",
      named,
    ],
    ["a name is missing", { environment: { A: { from: "" } } }, "environment.A.from", named],
    [
      "a name is a number",
      { permissions: [{ from: 5 }] },
      "permissions[0].from",
      "write a name: a letter, then letters, digits, _ and -, at most 64",
    ],
    [
      "a name has something beside it",
      { environment: { A: { from: "table", key: "url" } } },
      "environment.A.key",
      "remove key",
    ],
    [
      "from is misspelt",
      { secrets: { A: { form: "database" } } },
      "secrets.A.form",
      "did you mean from?",
    ],
    [
      "a key of JSON is a path",
      { secrets: { A: { from: "database", key: "a/b" } } },
      "secrets.A.key",
      "write the key alone, such as key: url",
    ],
    [
      "a statement stands beside a name",
      { permissions: [{ from: "orders", actions: ["s3:GetObject"] }] },
      "permissions[0].actions",
      "remove actions",
    ],
    [
      "a plain name is none",
      { environment: { A: { plain: { from: "a b" } } } },
      "environment.A.plain.from",
      named,
    ],
    [
      "a security group is an id",
      { securityGroups: ["sg-0a1b2c3d"] },
      "securityGroups[0]",
      "write an object with the keys from",
    ],
    [
      "tasks would have too many security groups",
      { securityGroups: ["a", "b", "c", "d", "e"].map((from) => ({ from })) },
      "securityGroups",
      "give one group the rules of several",
    ],
    [
      "tasks would have too many security groups that exist",
      { securityGroupIds: [1, 2, 3, 4, 5].map((digit) => `sg-0a1b2c3${digit}`) },
      "securityGroupIds",
      "give one group the rules of several",
    ],
    [
      "a security group that exists is a name",
      { securityGroupIds: ["database"] },
      "securityGroupIds[0]",
      "write the id that the VPC console shows, sg- and 17 hexadecimal digits",
    ],
    [
      "PORT comes from somewhere",
      { environment: { PORT: { from: "port" } } },
      "environment.PORT",
      "remove PORT",
    ],
    [
      "a variable is a secret too",
      { environment: { A: { from: "a" } }, secrets: { A: { from: "a" } } },
      "secrets.A",
      "remove A from one of them",
    ],
  ]);

  it("are never repeated where they are a secret that was pasted", () => {
    const token = "ghp_0123456789abcdefghijABCDEFGHIJ012345";
    const { message } = errorOf(web({ environment: { A: { from: token } } }));
    assert.ok(!message.includes(token), message);
    assert.ok(!secretSchema().safeParse({ from: token }).success);
  });
});
