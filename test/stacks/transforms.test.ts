import assert from "node:assert/strict";
import * as aws from "@pulumi/aws";
import { transformedKinds, type Transforms } from "../../stacks/transforms";
import { everything } from "./everything";
import { environment } from "./support";

const values = { services: { web: {}, jobs: { kind: "worker" } } };
const targetGroup = "aws:lb/targetGroup:TargetGroup";
const role = "aws:iam/role:Role";

describe("transforms", () => {
  it("change arguments of what Gantry makes, by kind, name and component", async () => {
    const [names, components]: string[][] = [[], []];
    const transform: Transforms = {
      targetGroup: (args, _, component) => {
        components.push(component);
        return { ...args, slowStart: 60 };
      },
      role: (args, name) => {
        names.push(name);
        return { ...args, maxSessionDuration: 7200 };
      },
    };
    const { one, all } = await environment(values, { transform });
    assert.deepEqual(components, ["shop--staging--web"]);
    const plain = (await environment(values)).one(targetGroup).inputs;
    assert.deepEqual(one(targetGroup).inputs, { ...plain, slowStart: 60 });
    const roles = all(role);
    assert.deepEqual(names.sort(), roles.map(({ name }) => name).sort(), "each once");
    assert.ok(roles.every(({ inputs }) => inputs.maxSessionDuration === 7200));
  });

  it("see no own resources, which say themselves what they are", async () => {
    const { all } = await environment(values, {
      resources: () => {
        new aws.sqs.Queue("orders", { delaySeconds: 1 });
      },
      transform: { queue: (args) => ({ ...args, delaySeconds: 60 }) },
    });
    const queues = all("aws:sqs/queue:Queue");
    assert.deepEqual(
      queues.map(({ inputs }) => inputs.delaySeconds),
      [1],
    );
  });

  it("stay within the boundary of the environment's roles", async () => {
    const permissionsBoundary = "arn:aws:iam::123456789012:policy/boundary";
    const { all } = await environment(
      { ...values, permissionsBoundary },
      { transform: { role: (args) => ({ ...args, maxSessionDuration: 7200 }) } },
    );
    for (const { inputs } of all(role)) {
      assert.deepEqual(
        [inputs.maxSessionDuration, inputs.permissionsBoundary],
        [7200, permissionsBoundary],
      );
    }
  });

  for (const [title, transform, message] of [
    [
      "a service gets another name",
      { service: (args: aws.ecs.ServiceArgs) => ({ ...args, name: "mine" }) },
      /^Error: transform\.service of environment\(\) changed name of .*web.*Return it as it was given/,
    ],
    [
      "it answers nothing",
      { targetGroup: () => undefined },
      /transform\.targetGroup of environment\(\) answered nothing for .*web/,
    ],
    [
      "it is of a kind that there is not",
      { targetgroup: (args: object) => args },
      /has targetgroup, which is none of its kinds: alarm, .*targetGroup/,
    ],
  ] as const) {
    it(`fail when ${title}`, async () => {
      await assert.rejects(environment(values, { transform: transform as Transforms }), message);
    });
  }

  it("are called for every kind, in an environment that has one of everything", async () => {
    const seen = new Set<string>();
    const watch = (kind: string) => (args: object) => {
      seen.add(kind);
      return args;
    };
    const transform = Object.fromEntries(transformedKinds.map((kind) => [kind, watch(kind)]));
    await environment(everything, { transform: transform });
    assert.deepEqual([...seen].sort(), transformedKinds);
  });
});
