import assert from "node:assert/strict";
import { checkFaults, parse, web, type Values } from "./support";

const role = "arn:aws:iam::123456789012:role/shop-reader";
const anyRole = "arn:aws:iam::123456789012:role/*";
const named =
  "name the one role by its ARN, or leave the action out; where it must be, add because: and why";

function permission(actions: string[], resources: string[], more: Values = {}): Values {
  return { permissions: [{ actions, resources, ...more }] };
}

describe("permissions that could make tasks mightier", () => {
  checkFaults("gantry:services.web", web, [
    ...(
      [
        ["pass any role", ["iam:PassRole"], ["*"]],
        ["pass a pattern of roles", ["iam:PassRole"], [anyRole]],
        ["become a pattern of roles", ["sts:AssumeRole"], [anyRole]],
        ["change a role's policies", ["iam:PutRolePolicy"], [role]],
        ["make keys of users", ["iam:CreateAccessKey"], ["arn:aws:iam::123456789012:user/ci"]],
      ] as const
    ).map(([title, actions, resources]): [string, Values, string, string] => [
      `tasks could ${title}`,
      permission([...actions], [...resources]),
      "permissions[0].actions[0]",
      named,
    ]),
  ]);

  it("are taken with a reason, and on a named role without one", () => {
    parse(web(permission(["iam:PassRole", "sts:AssumeRole", "iam:GetRole"], [role])));
    const because = "it makes the roles of tenants";
    parse(web(permission(["iam:CreateRole"], [anyRole], { because })));
    parse(web(permission(["ses:SendEmail"], ["*"], { because })));
  });
});

describe("places of secrets", () => {
  const arn = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:shop/database";
  const secrets = (reference: string) => ({ secrets: { A: reference } });
  const region = { region: "eu-west-1" };
  checkFaults("gantry:services.web.secrets", web, [
    [
      "an ARN lacks its six characters",
      secrets(arn),
      "A",
      "name it shop/database, or copy its ARN from Secrets Manager",
    ],
    [
      "an ARN with a key lacks its six characters",
      secrets(`${arn}:url::`),
      "A",
      "name it shop/database, or copy its ARN from Secrets Manager",
    ],
  ]);

  it("may be other regions, where ECS reads them for tasks", () => {
    for (const elsewhere of [
      "arn:aws:secretsmanager:us-east-1:123456789012:secret:shop/database-AbCdEf",
      "arn:aws:ssm:us-east-1:123456789012:parameter/shop/key",
    ]) {
      assert.ok(parse(web(secrets(elsewhere)), region));
    }
  });

  const state = (key: string, reference: string): Values => ({
    services: { web: {} },
    pipeline: { promoteFrom: { stack: "dev" }, state: { [key]: reference } },
  });
  checkFaults("gantry:pipeline.state", (values) => values, [
    [
      "the token is in another region",
      state("accessTokenSecret", "arn:aws:secretsmanager:us-east-1:123456789012:secret:a/b-AbCdEf"),
      "accessTokenSecret",
      "replicate it to eu-west-1, or name one that is there",
      region,
    ],
    [
      "the passphrase's ARN lacks its six characters",
      state("passphraseSecret", arn),
      "passphraseSecret",
      "name it shop/database, or copy its ARN from Secrets Manager",
    ],
  ]);

  it("are the stack's region, and the whole ARN", () => {
    for (const reference of [`${arn}-AbCdEf`, `${arn}-AbCdEf:url::`, "shop/database:url"]) {
      assert.equal(parse(web(secrets(reference)), region).services.web.secrets.A, reference);
    }
  });
});

describe("addresses to verify", () => {
  const certificateArn =
    "arn:aws:acm:eu-west-1:123456789012:certificate/0a1b2c3d-0a1b-0a1b-0a1b-0a1b2c3d4e5f";
  const verify = "npm run verify";
  const pipeline = { promoteFrom: { stack: "dev" } };
  const config = (service: Values, loadBalancer: Values = {}): Values => ({
    services: { web: { verify, ...service } },
    loadBalancer,
    pipeline,
  });
  const wildcard = { route: { hosts: ["*.shop.example.com"] } };
  checkFaults("gantry:services.web", (values) => values, [
    [
      "all hosts are wildcards",
      config(wildcard),
      "verifyUrl",
      "set verifyUrl: https://www.shop.example.com",
    ],
    [
      "a certificate is for no name that is known",
      config({}, { certificateArn }),
      "verifyUrl",
      "set verifyUrl: https://shop.example.com",
    ],
    [
      "the first path begins with a wildcard",
      config({ route: { paths: ["*.jpg"] } }),
      "verifyUrl",
      "set verifyUrl: https://shop.example.com",
    ],
    [
      "the address holds a password",
      config({ verifyUrl: "https://user:hunter2@shop.example.com" }),
      "verifyUrl",
      "write it as https://shop.example.com",
    ],
  ]);

  it("are said, or follow from the route", () => {
    const verifyUrl = "https://eu.shop.example.com/api";
    const { web: said } = parse(config({ ...wildcard, verifyUrl })).services;
    assert.ok(said.kind === "web");
    assert.equal(said.verifyUrl, verifyUrl);
    parse(config({ route: { hosts: ["*.example.com", "shop.example.com"] } }));
    parse(
      config({ route: { paths: ["/api/*"], hosts: ["shop.example.com"] } }, { certificateArn }),
    );
    parse(config({}));
    parse({ services: { web: wildcard }, pipeline });
  });
});
