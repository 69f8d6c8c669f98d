import assert from "node:assert/strict";
import { statementsOf, type PolicyDocument } from "../../support/policies";
import { pipeline, pipelineService, stagingArgs } from "./support";

const args = stagingArgs({
  services: {
    web: pipelineService("staging", "web"),
    report: pipelineService("staging", "report", { job: true }),
  },
});
describe("a pipeline with a job", () => {
  it("registers its task definitions and updates no service of its name", async () => {
    const { resources } = await pipeline(args);
    const documents = resources
      .filter(({ inputs }) => typeof inputs.policy === "string")
      .filter(({ name }) => name.includes("deploy"))
      .flatMap(({ inputs }) => statementsOf(JSON.parse(String(inputs.policy)) as PolicyDocument));
    const on = (action: string) =>
      documents
        .filter(({ Action, Effect }) => Effect === "Allow" && [Action].flat().includes(action))
        .flatMap(({ Resource = [] }) => [Resource].flat())
        .map(String);
    assert.deepEqual(
      [...new Set(on("ecs:UpdateService"))],
      ["arn:aws:ecs:eu-west-1:123456789012:service/shop-staging/shop-staging-web"],
    );
    assert.ok(
      on("ecs:RegisterTaskDefinition").includes(
        "arn:aws:ecs:eu-west-1:123456789012:task-definition/shop-staging-report:*",
      ),
    );
    assert.deepEqual(
      documents.filter(({ Action }) => JSON.stringify(Action).includes("states:")),
      [],
    );
  });
});
