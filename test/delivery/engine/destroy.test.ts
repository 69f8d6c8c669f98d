import assert from "node:assert/strict";
import type { EngineEvent, OpType } from "@pulumi/pulumi/automation";
import { finishedChanges, plannedChanges } from "../../../delivery/engine/changes";
import { deletedOf, destructionOf } from "../../../delivery/engine/destroy";

/** A step, as Pulumi 3.245 tells it before and after. */
function step(op: OpType, type: string, name: string, old: object = {}): EngineEvent {
  const urn = `urn:pulumi:staging::shop::${type}::${name}`;
  const state = { urn, type, id: "", parent: "", provider: "", inputs: {}, outputs: {}, ...old };
  const metadata = { op, urn, type, provider: "", old: state };
  const event = { sequence: 1, timestamp: 1 };
  return { ...event, resourcePreEvent: { metadata }, resOutputsEvent: { metadata } };
}

const events = [
  step("delete", "gantry:index:Protection", "shop", { protect: true }),
  step("delete", "aws:s3/bucket:Bucket", "uploads", { custom: true, id: "acme-uploads" }),
  step("delete", "aws:kms/key:Key", "key", { custom: true, id: "1234", retainOnDelete: true }),
  step("discard", "aws:ec2/vpc:Vpc", "company", { custom: true, id: "vpc-1" }),
  step("delete", "pulumi:providers:aws", "default", { custom: true, id: "0f1e" }),
];

describe("a destruction", () => {
  it("deletes what is in AWS, and neither what is retained nor what was only read", () => {
    const destruction = destructionOf(events);
    assert.deepEqual(
      deletedOf(destruction).map(({ name, urn }) => [name, destruction.ids[urn]]),
      [["uploads", "acme-uploads"]],
    );
    const kept = destruction.changes.filter(({ isRetained }) => isRetained);
    assert.deepEqual(
      kept.map(({ name, urn }) => [name, destruction.ids[urn]]),
      [["key", "1234"]],
    );
    assert.deepEqual(destruction.protects, ["shop"]);
  });

  it("tells what is retained as left, in every update", () => {
    assert.deepEqual(events.flatMap(finishedChanges), [
      "deleted gantry:index:Protection shop",
      "deleted aws:s3:Bucket uploads",
      "left in AWS, and forgot, aws:kms:Key key",
    ]);
  });
});

describe("a preview", () => {
  it("tells no deletion of what the program reads no more", () => {
    assert.deepEqual(
      plannedChanges(events.slice(1)).map(({ name }) => name),
      ["uploads", "key"],
    );
  });
});
