import assert from "node:assert/strict";
import { environment } from "../support";

const role = "aws:iam/rolePolicy:RolePolicy";

describe("what own resources look up", () => {
  it("may be looked up by plans and deployments of the pipeline, which run the program", async () => {
    const { all } = await environment(
      { services: { jobs: { kind: "worker" } }, pipeline: {} },
      {
        stack: "production",
        resources: () => ({
          lookups: [{ actions: ["s3:GetObject"], resources: ["arn:aws:s3:::acme-plans/*"] }],
        }),
      },
    );
    const readers = all(role)
      .filter(({ inputs }) => String(inputs.policy).includes("acme-plans"))
      .map(({ name }) => name.replace(/^.*--production-?/, ""));
    assert.deepEqual(readers.sort(), ["conclude-policy", "deploy-policy", "plan-policy"]);
  });
});
