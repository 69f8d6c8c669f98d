import assert from "node:assert/strict";
import { everything, pipelines } from "../stacks/everything";
import type { Transforms } from "../../stacks/transforms";
import { environment } from "../stacks/support";
import type { Recording } from "../support/record";
import { findings, isMandatory, told } from "./support";

describe("Gantry's own stacks, by the rules of its policy pack", () => {
  for (const stack of ["staging", "production"] as const) {
    describe(stack, () => {
      let recording: Recording<unknown>;

      before(async () => {
        const config = { ...everything, pipeline: pipelines[stack] };
        recording = await environment(config, { stack });
      });

      it("have nothing that a mandatory rule refuses", () => {
        const { resources } = recording;
        assert.deepEqual(findings(resources).filter(isMandatory).map(told), []);
      });

      it("are looked at: they have what most rules are about", () => {
        const types = new Set(recording.resources.map(({ type }) => type));
        for (const type of [
          "aws:s3/bucket:Bucket",
          "aws:iam/rolePolicy:RolePolicy",
          "aws:rds/cluster:Cluster",
          "aws:sqs/queue:Queue",
          "aws:lb/listener:Listener",
          "aws:ecs/taskDefinition:TaskDefinition",
          "aws:codepipeline/pipeline:Pipeline",
        ]) {
          assert.ok(types.has(type), type);
        }
      });

      it("are refused for what is spoiled in them", () => {
        const spoiled = recording.resources.map((resource) =>
          resource.type === "aws:rds/cluster:Cluster"
            ? { ...resource, inputs: { ...resource.inputs, storageEncrypted: false } }
            : resource,
        );
        const refused = findings(spoiled).filter(isMandatory);
        assert.deepEqual(
          refused.map(({ rule }) => rule),
          ["rds-encrypted"],
        );
      });
    });
  }

  it("are judged as their transforms make them", async () => {
    const transform: Transforms = {
      queue: (args) => ({ ...args, kmsMasterKeyId: undefined, sqsManagedSseEnabled: false }),
    };
    const { resources } = await environment(everything, { transform });
    const refused = findings(resources)
      .filter(isMandatory)
      .map(({ rule }) => rule);
    assert.deepEqual([...new Set(refused)], ["sqs-encrypted"]);
  });

  it("need no more than HTTP without a domain, which is refused by that one rule", async () => {
    const { resources } = await environment({ ...everything, loadBalancer: {} });
    assert.deepEqual(
      findings(resources)
        .filter(isMandatory)
        .map(({ rule }) => rule),
      ["elb-plain-http"],
    );
  });
});
