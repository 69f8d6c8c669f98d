import assert from "node:assert/strict";
import {
  settlePendingCreates,
  type FoundTaskDefinition,
} from "../../../delivery/engine/pendingCreates";
import type { PendingOperation, ResourceState, StackState } from "../../../delivery/engine/state";
import { serviceTargets } from "../../../delivery/engine/targets";
import { aTarget } from "../support/aTarget";
import { web } from "../support/fakePorts";

const target = aTarget({ services: { web } });
const { taskDefinition, service } = serviceTargets(target).web;
const family = target.names.taskFamily("web");
const arn = (revision: number) =>
  `arn:aws:ecs:eu-west-1:123456789012:task-definition/${family}:${revision}`;
const definitions = (image: string) => JSON.stringify([{ name: "app", image }]);

const known: ResourceState = {
  ...{ urn: taskDefinition, type: "aws:ecs/taskDefinition:TaskDefinition", id: family },
  inputs: { family, cpu: "256", containerDefinitions: definitions("web@sha256:1") },
  outputs: {
    ...{ family, cpu: "256", containerDefinitions: definitions("web@sha256:1") },
    ...{ arn: arn(1), revision: 1 },
  },
};
const pending: PendingOperation = {
  type: "creating",
  resource: {
    ...{ urn: taskDefinition, type: known.type },
    inputs: { family, cpu: "512", containerDefinitions: definitions("web@sha256:2") },
  },
};
const found = (revision: number, image: string): FoundTaskDefinition => ({
  ...{ arn: arn(revision), revision },
  images: { app: image },
});

describe("operations that a killed update left", () => {
  let state: StackState;
  let imported: StackState["deployment"][];
  let told: string[];

  const settle = (newest?: FoundTaskDefinition) =>
    settlePendingCreates(
      {
        exportStack: () => Promise.resolve({ version: 3, deployment: state.deployment }),
        importStack: ({ deployment }) =>
          Promise.resolve(void imported.push(deployment as StackState["deployment"])),
      },
      target,
      (asked) => Promise.resolve(asked === family ? newest : undefined),
      (line) => told.push(line),
    );
  const stateWith = (operations: PendingOperation[], resources = [known]): StackState => ({
    ...{ version: 3 },
    deployment: { resources, pending_operations: operations },
  });

  beforeEach(() => {
    state = stateWith([pending]);
    imported = [];
    told = [];
  });

  it("of which there are none leave the state as it is", async () => {
    state = stateWith([]);
    await settle(found(2, "web@sha256:2"));
    assert.deepEqual(imported, []);
  });

  it("are taken in where ECS has the revision (row 25)", async () => {
    await settle(found(2, "web@sha256:2"));
    const [{ resources, pending_operations: left }] = imported;
    assert.deepEqual(left, []);
    assert.deepEqual(resources, [
      {
        ...known,
        inputs: pending.resource.inputs,
        outputs: { ...known.outputs, ...pending.resource.inputs, arn: arn(2), revision: 2 },
      },
    ]);
    assert.match(told.join(), /taking in .*:2, which a killed update had registered/);
  });

  for (const [what, newest] of [
    ["ECS has not got the revision", found(1, "web@sha256:1")],
    ["the newest revision has another image", found(2, "web@sha256:9")],
    [
      "the newest revision has another container",
      { ...found(2, ""), images: { app: "web@sha256:2", log: "x" } },
    ],
    ["there is no revision at all", undefined],
  ] as const) {
    it(`are forgotten, and made again by the next update, where ${what}`, async () => {
      await settle(newest);
      assert.deepEqual(imported, [{ resources: [known], pending_operations: [] }]);
    });
  }

  it("leave the earlier revision alone that waits to be replaced", async () => {
    const leaving = { ...known, delete: true };
    state = stateWith([pending], [known, leaving]);
    await settle(found(2, "web@sha256:2"));
    assert.deepEqual(imported[0].resources?.[1], leaving);
  });

  it("on the service are forgotten: updating it again changes nothing twice", async () => {
    state = stateWith([
      { type: "updating", resource: { urn: String(service), type: "aws:ecs/service:Service" } },
    ]);
    await settle(found(1, "web@sha256:1"));
    assert.deepEqual(imported, [{ resources: [known], pending_operations: [] }]);
  });

  it("on anything else are a person's to settle, who is told", async () => {
    const bucket = {
      urn: "urn:pulumi:staging::shop::aws:s3/bucket:Bucket::x",
      type: "aws:s3/bucket:Bucket",
    };
    state = stateWith([pending, { type: "creating", resource: bucket }]);
    await settle(found(2, "web@sha256:2"));
    assert.deepEqual(imported, []);
    assert.match(told.join(), /killed over urn:.*Bucket::x: run pulumi refresh --stack staging/);
  });
});
