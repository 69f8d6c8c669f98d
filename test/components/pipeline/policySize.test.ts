import assert from "node:assert/strict";
import fc from "fast-check";
import type { PipelineArgs } from "../../../components/pipeline/args";
import { measuredRoles } from "../../../components/pipeline/measure";
import {
  attachedLimit,
  attachedPolicies,
  divide,
  divided,
  inlineLimit,
  policiesNeeded,
} from "../../../components/pipeline/policySize";
import { allow, type Statement } from "../../../components/shared/iam";
import type { Recording } from "../../support/record";
import { listed, statementsOf } from "../../support/policies";
import {
  pipeline,
  pipelineService,
  policiesOf,
  productionArgs,
  roleOf,
  stagingArgs,
  types,
} from "./support";

/** The longest names that config takes: 42 characters of `<name>-<stack>-<service>`, 20 of them the service's. */
const longestStack = "s".repeat(42 - "shop--".length - 20);
const longestService = (index: number) => `service-${String(index).padStart(12, "0")}`;

function services(count: number, secretsEach: number): PipelineArgs["services"] {
  return Object.fromEntries(
    Array.from({ length: count }, (_, index) => {
      const name = longestService(index);
      const secrets = Object.fromEntries(
        Array.from({ length: secretsEach }, (_, number) => [
          `SECRET_${number}`,
          `shop/production/${name}/secret-${number}`,
        ]),
      );
      const repositoryName = `shop-${longestStack}/${name}`;
      return [
        name,
        pipelineService(longestStack, name, { secrets, repositoryName, exec: index % 2 === 0 }),
      ];
    }),
  );
}

const grown = (args: (more: Partial<PipelineArgs>) => PipelineArgs, count: number, secrets = 2) => {
  const given = args({ services: services(count, secrets), stack: longestStack });
  const cluster = given.cluster.clusterArn as string;
  return {
    ...given,
    resultsVariable: "RESULTS",
    installations: { prefix: "installations", variable: "INSTALLATIONS" },
    pipelineName: `shop-${longestStack}`,
    actionName: (action: string) => `shop-${longestStack}-${action}`,
    cluster: {
      clusterArn: cluster.replace(/cluster\/.*/, `cluster/shop-${longestStack}`),
      clusterName: `shop-${longestStack}`,
    },
  };
};

const roles = [
  "pipeline",
  "source",
  `build-${longestService(0)}`,
  "release",
  "plan",
  "deploy",
  "verify",
  "conclude",
  "promote",
  "receive",
];

function checkSizes(recording: Recording<Parameters<typeof roleOf>[0]["value"]>): void {
  for (const role of recording.all(types.role)) {
    const trust = String(role.inputs.assumeRolePolicy);
    assert.ok(trust.length <= 2048, `the trust of ${role.name} has ${trust.length} characters`);
  }
  for (const { name, inputs } of recording.all(types.rolePolicy)) {
    const { length } = String(inputs.policy);
    assert.ok(length <= inlineLimit, `${name} has ${length} characters`);
  }
  for (const { name, inputs } of recording.all(types.policy)) {
    const { length } = String(inputs.policy);
    assert.ok(length <= attachedLimit, `${name} has ${length} characters`);
  }
  const attached = recording.all(types.attachment).map(({ inputs }) => String(inputs.role));
  for (const role of new Set(attached)) {
    const count = attached.filter((each) => each === role).length;
    assert.ok(count <= attachedPolicies, `${role} has ${count} policies`);
  }
}

describe("the sizes of a Pipeline's policies", () => {
  for (const count of [1, 9, 25, 50]) {
    it(`of one that receives, with ${count} services of the longest names: IAM takes all`, async () => {
      checkSizes(await pipeline(grown(productionArgs, count)));
    });

    for (const deploy of ["pulumi", "ecs"] as const) {
      it(`of one that builds and deploys by ${deploy}, with ${count} services: IAM takes all`, () => {
        const measured = measuredRoles({ ...grown(stagingArgs, count), deploy });
        for (const [action, statements] of Object.entries(measured)) {
          const needed = policiesNeeded(statements);
          assert.ok(needed <= 1 + attachedPolicies, `${action} needs ${needed} policies`);
        }
      });
    }
  }

  it("are the same in preview, where no ARN is known", async () => {
    const names = ({ all }: Recording<unknown>) =>
      all(types.attachment)
        .map(({ name }) => name)
        .sort();
    const args = grown(productionArgs, 50);
    const known = names(await pipeline(args));
    assert.ok(known.length > 0);
    assert.deepEqual(names(await pipeline(args, { preview: true })), known);
  });

  it("never change what a role may do: each service is in each list once", async () => {
    const recording = await pipeline(grown(productionArgs, 50));
    assert.ok(policiesOf(recording, "deploy").length > 2);
    const updated = statementsOf(roleOf(recording, "deploy").policy)
      .filter(({ Action }) => listed(Action).includes("ecs:UpdateService"))
      .flatMap(({ Resource }) => listed(Resource));
    assert.equal(updated.length, 50);
    assert.equal(new Set(updated).size, 50);
  });

  it("that IAM would refuse fail before anything is registered, with the figures", async () => {
    await assert.rejects(
      pipeline(grown(productionArgs, 50, 20)),
      /services: given "50 services, for which the role \w+ needs \d+ characters.*10 attached ones.*divide the product/s,
    );
  });

  it("are measured for every role that grows", async () => {
    const recording = await pipeline(grown(stagingArgs, 3));
    const made = recording.all(types.role).map(({ name }) => name);
    // What reads the ledger alone stays as it is.
    const known = [...roles, "history"].map((role) => `shop-${longestStack}-${role}-role`);
    const others = made.filter((name) => !known.includes(name) && !name.includes("-build-"));
    assert.deepEqual(others, []);
  });
});

describe("statements divided among policies", () => {
  const arn = fc.string({ minLength: 20, maxLength: 300 });
  const statement = fc
    .record({
      actions: fc.array(arn, { minLength: 1, maxLength: 3 }),
      arns: fc.array(arn, { minLength: 1, maxLength: 60 }),
    })
    .map(({ actions, arns }): Statement => allow(actions, arns));

  it("fit, keep their order and lose nothing", () => {
    fc.assert(
      fc.property(fc.array(statement, { minLength: 1, maxLength: 8 }), (statements) => {
        const division = divide(statements);
        const policies = divided(statements, division);
        policies.forEach((policy, index) => {
          const text = JSON.stringify({ Version: "2012-10-17", Statement: policy });
          assert.ok(text.length <= (index === 0 ? inlineLimit : attachedLimit));
        });
        const pairs = (given: readonly Statement[]) =>
          given.flatMap(({ Action, Resource }) =>
            (Resource as string[]).map((resource) => JSON.stringify([Action, resource])),
          );
        assert.deepEqual(pairs(policies.flat()), pairs(statements));
      }),
    );
  });

  it("that fit in no policy are told apart", () => {
    assert.equal(policiesNeeded([allow(["s3:GetObject"], ["a".repeat(20_000)])]), Infinity);
  });

  it("keep a denial whole", () => {
    const deny: Statement = { Effect: "Deny", Action: "s3:*", Resource: ["a", "b"] };
    assert.deepEqual(divided([deny], divide([deny])), [[deny]]);
  });
});
