import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { readReturned } from "../../../stacks/resources/returned";
import { ResourcesError } from "../../../stacks/resources/error";
import { taken, type Taken } from "../../../stacks/resources/taken";
import { parse, type Values } from "../config/support";

/** An output as the SDK has it inside: what is thrown in it comes out of its promise. */
interface Settling {
  promise(): Promise<unknown>;
}

/** What a service that takes `a` is given. */
function takes(returned: object, service: Values): Taken {
  const { services } = parse({ services: { jobs: { kind: "worker", ...service } } });
  const read = readReturned(returned, (fault) => assert.fail(JSON.stringify(fault)));
  return taken("jobs", services.jobs, read, { stack: "staging" });
}

/** Every value of it, when it is known. */
async function given(returned: object, service: Values): Promise<unknown[]> {
  const all = takes(returned, service);
  const values = [
    ...Object.values(all.environment),
    ...Object.values(all.secrets),
    ...all.permissions.flatMap(({ resources }) => resources),
    ...all.securityGroupIds,
  ];
  return Promise.all(
    values.map((value) => (pulumi.output(value) as unknown as Settling).promise()),
  );
}

type Case = readonly [returned: object, service: Values];

const secret = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:db-AbCdEf";
const value = (a: unknown, variable = "A", name: object = { from: "a" }): Case => [
  { values: { a } },
  { environment: { [variable]: name } },
];
const ofSecret = (a: unknown, key?: string): Case => [
  { secrets: { a } },
  { secrets: { A: { from: "a", ...(key ? { key } : {}) } } },
];
const granted = (resource: string, actions = ["s3:GetObject"], more: Values = {}): Case => [
  { grants: { a: { actions, resources: [pulumi.output(resource)], ...more } } },
  { permissions: [{ from: "a" }] },
];

/** Faults that only values show: of outputs they are known when these are. */
describe("values of own resources", () => {
  const cases: [title: string, given: Case, message: RegExp][] = [
    ["a secret to Pulumi", value(pulumi.secret("x")), /a, which is a secret to Pulumi[^]*unsecret/],
    ["a private key", value(pulumi.output("-----BEGIN PRIVATE KEY-----")), /a private key/],
    [
      "a secret by the name of its variable",
      value("abcdefgh", "API_KEY"),
      /a secret, by its name[^]*API_KEY: \{ plain: \{ from: a\s*\} \}/,
    ],
    ["an object", value({ id: 1 }), /a, which is an object/],
    ["nothing", value(pulumi.output(undefined)), /a, which is nothing/],
    ["a secret's value", ofSecret("hunter2-hunter2"), /a, which is no ARN of a secret/],
    [
      "a key of a parameter",
      ofSecret("arn:aws:ssm:eu-west-1:123456789012:parameter/a", "url"),
      /ECS reads parameters whole/,
    ],
    ["two keys of a secret", ofSecret(`${secret}:user::`, "url"), /an ARN that has one/],
    ["a secret that is an object", ofSecret({ arn: secret }), /given {4}an object/],
    ["a grant on everything", granted("*"), /s3:GetObject on \*/],
    [
      "a grant to pass a pattern of roles",
      granted("arn:aws:iam::123456789012:role/*", ["iam:PassRole"]),
      /iam:PassRole on/,
    ],
    ["a grant on no ARN", granted("orders"), /orders[^]*an ARN such as/],
    [
      "a security group that is nothing",
      [{ securityGroups: { a: pulumi.output(undefined) } }, { securityGroups: [{ from: "a" }] }],
      /given {4}nothing/,
    ],
  ];
  for (const [title, [returned, service], message] of cases) {
    it(`are refused: ${title}`, async () => {
      await assert.rejects(given(returned, service), (error: Error) => {
        assert.ok(error instanceof ResourcesError);
        assert.match(error.message, message);
        assert.match(error.message, /^ {2}gantry:services\.jobs\.\w+[.[]/m);
        assert.ok(!error.message.includes("hunter2"), error.message);
        return true;
      });
    });
  }

  it("are texts, numbers and booleans", async () => {
    const environment = { A: { from: "a" }, B: { from: "b" }, C: { from: "c" } };
    const values = { a: pulumi.output("orders"), b: 5432, c: pulumi.output(true) };
    assert.deepEqual(await given({ values }, { environment }), ["orders", "5432", "true"]);
  });

  it("may look like a secret where config says that they are none", async () => {
    const [returned, service] = value("abcdefgh", "API_KEY", { plain: { from: "a" } });
    assert.deepEqual(await given(returned, service), ["abcdefgh"]);
  });

  it("may be ARNs of secrets: where one is, is none", async () => {
    assert.deepEqual(await given(...value(secret, "API_SECRET")), [secret]);
  });

  it("may name everything with a reason", async () => {
    const because = "SES has nothing narrower";
    assert.deepEqual(await given(...granted("*", ["ses:SendEmail"], { because })), ["*"]);
  });

  it("may name everything without one where AWS grants no less, and conditions", async () => {
    assert.deepEqual(await given(...granted("*", ["textract:DetectDocumentText"])), ["*"]);
    const conditions = { StringEquals: { "aws:PrincipalTag/team": pulumi.output("shop") } };
    const [returned, service] = granted("*", ["ses:SendEmail"], { because: "so", conditions });
    assert.deepEqual(takes(returned, service).permissions[0].conditions, conditions);
  });

  it("get ECS's own ending where a key of a secret is named", async () => {
    assert.deepEqual(await given(...ofSecret(secret, "url")), [`${secret}:url::`]);
    assert.deepEqual(await given(...ofSecret(secret)), [secret]);
  });
});
