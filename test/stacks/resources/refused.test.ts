import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { ConfigError } from "../../../stacks/config";
import type { OwnResources, ResourcesFunction } from "../../../stacks/resources";
import { types } from "../../components/service/support";
import { record } from "../../support/record";
import { parse } from "../config/support";
import { createEnvironment } from "../../../stacks/environment";
import { environment } from "../support";
import { faultsOf, orders, takes, withOwn } from "./support";

/** What JavaScript may return, whatever the types say. */
const untyped = (returned: unknown): ResourcesFunction => {
  return () => returned as OwnResources;
};

const plain = { kind: "worker" };

/** What a function returns that grants a read under conditions. */
const grantOn = (conditions: object) => ({
  grants: { a: { actions: ["s3:GetObject"], resources: ["arn:aws:s3:::b/*"], conditions } },
});

describe("names that own resources do not return", () => {
  it("are refused with what there is and the nearest, all at once", async () => {
    const faults = await faultsOf(orders, {
      ...takes,
      environment: { TABLE: { from: "tableNam" }, OTHER: { from: "orders" } },
      permissions: [{ from: "bucket" }],
    });
    assert.deepEqual(faults, [
      {
        path: "gantry:services.jobs.environment.TABLE",
        given: "from: tableNam, which is none of the values that resources returns",
        allowed: "tableName",
        fix: "set from: tableName",
      },
      {
        path: "gantry:services.jobs.environment.OTHER",
        given: "from: orders, which is none of the values that resources returns",
        allowed: "tableName",
        fix: "it is one of the grants: take it under permissions, or return it under values too",
      },
      {
        path: "gantry:services.jobs.permissions[0]",
        given: "from: bucket, which is none of the grants that resources returns",
        allowed: "orders",
        fix: "return it: { grants: { bucket: ... } }, or remove it here",
      },
    ]);
  });

  it("are refused in a preview too, before anything of a service is registered", async () => {
    const { value, resources } = await record(
      () =>
        createEnvironment(parse({ services: { jobs: takes } }), undefined, {
          resources: () => ({}),
        }).catch((error: unknown) => error),
      { preview: true },
    );
    assert.match(
      String(value),
      /^ResourcesError: the own resources of staging have 4 faults; no service was changed:/,
    );
    assert.deepEqual(
      resources.filter(({ type }) => type === types.service || type === "gantry:index:Service"),
      [],
    );
  });

  it("are refused at once where the program has no function", async () => {
    const error = await environment({ services: { jobs: takes } }).catch(
      (thrown: unknown) => thrown,
    );
    assert.ok(error instanceof ConfigError);
    assert.equal(error.faults.length, 4);
    assert.match(error.message, /export = environment\(\{ resources \}\)/);
  });

  it("are not looked for in what every object has", async () => {
    const [{ given }] = await faultsOf(() => ({}), {
      ...plain,
      environment: { A: { from: "constructor" } },
    });
    assert.match(given, /^from: constructor/);
  });
});

describe("what own resources return", () => {
  const cases: [title: string, returned: unknown, path: string, fix: string][] = [
    ["a list", [], "resources", "return { values: { ... } }; values in it may be outputs"],
    [
      "an output",
      pulumi.output({}),
      "resources",
      "return { values: { ... } }; values in it may be outputs",
    ],
    ["a misspelt key", { value: {} }, "resources.value", "did you mean values?"],
    [
      "values that are an output",
      { values: pulumi.output({}) },
      "resources.values",
      "return values: { name: ... }",
    ],
    [
      "a name that config cannot take",
      { values: { "the table": "x" } },
      "resources.values",
      "call it tableName or orders",
    ],
    [
      "a value that is missing",
      { values: { a: undefined } },
      "resources.values.a",
      "give a a value, or leave it out",
    ],
    [
      "a grant of nothing",
      { grants: { a: { actions: [] } } },
      "resources.grants.a",
      "write { actions: [...], resources: [...] }",
    ],
    [
      "a wildcard in an action",
      { grants: { a: { actions: ["s3:*"], resources: ["arn:aws:s3:::b"] } } },
      "resources.grants.a.actions[0]",
      "name each action that the tasks need, such as s3:GetObject",
    ],
    [
      "a resource that is no ARN",
      { grants: { a: [{ actions: ["s3:GetObject"], resources: ["b"] }] } },
      "resources.grants.a[0].resources[0]",
      "write it as arn:aws:s3:::bucket/* or arn:aws:sqs:eu-west-1:123456789012:queue",
    ],
    [
      "every resource without a reason",
      { grants: { a: { actions: ["ses:SendEmail"], resources: ["*"] } } },
      "resources.grants.a.resources[0]",
      "name the resources of ses:SendEmail by ARN; where it must be every one, add because: and why",
    ],
    [
      "a key that a grant has not",
      { grants: { a: { actions: ["s3:GetObject"], resources: ["arn:aws:s3:::b/*"], when: {} } } },
      "resources.grants.a.when",
      "remove when",
    ],
    [
      "conditions of a lookup",
      { lookups: [{ actions: ["s3:GetObject"], resources: ["arn:aws:s3:::b/*"], conditions: {} }] },
      "resources.lookups[0].conditions",
      "remove conditions",
    ],
    [
      "a condition without a key",
      grantOn({ StringEquals: "shop" }),
      "resources.grants.a.conditions",
      "write { operator: { key: value } }",
    ],
    [
      "an operator that IAM has not",
      grantOn({ StringEqual: { "aws:PrincipalTag/team": pulumi.output("shop") } }),
      "resources.grants.a.conditions",
      "name one of these",
    ],
    [
      "a value that no request has",
      grantOn({ Bool: { "aws:SecureTransport": ["yes"] } }),
      "resources.grants.a.conditions.Bool.aws:SecureTransport",
      "write true or false",
    ],
    [
      "an action that makes tasks mightier",
      {
        grants: {
          a: {
            actions: ["s3:GetObject", "iam:PutRolePolicy"],
            resources: ["arn:aws:iam::123456789012:role/x"],
          },
        },
      },
      "resources.grants.a.actions[1]",
      "name the one role by its ARN, or leave the action out; where it must be, add because: and why",
    ],
    [
      "a lookup that changes something",
      { lookups: [{ actions: ["s3:PutObject"], resources: ["arn:aws:s3:::b/*"] }] },
      "resources.lookups[0].actions[0]",
      "leave it out: plans and deployments run the program, and change no resource of yours",
    ],
    [
      "a lookup on an output",
      { lookups: [{ actions: ["s3:GetObject"], resources: [pulumi.output("arn:aws:s3:::b/*")] }] },
      "resources.lookups[0].resources[0]",
      "write it as a text: arn:aws:...",
    ],
  ];
  for (const [title, returned, path, fix] of cases) {
    it(`is refused: ${title}`, async () => {
      const faults = await faultsOf(untyped(returned), plain);
      assert.deepEqual(
        faults.map((fault) => [fault.path, fault.fix]),
        [[path, fix]],
      );
    });
  }

  it("is one fault where config takes what is faulty", async () => {
    const grants = {
      orders: { actions: ["dynamodb:*"], resources: ["arn:aws:dynamodb:::table/x"] },
    };
    const faults = await faultsOf(untyped({ grants }), {
      ...plain,
      permissions: [{ from: "orders" }],
    });
    assert.equal(faults.length, 1);
  });

  it("may be as wide as it says why", async () => {
    await withOwn(
      () => ({
        grants: {
          mail: { actions: ["ses:SendEmail"], resources: ["*"], because: "SES has no more" },
        },
      }),
      { ...plain, permissions: [{ from: "mail" }] },
    );
  });
});
