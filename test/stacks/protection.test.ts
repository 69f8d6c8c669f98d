import assert from "node:assert/strict";
import { environment } from "./support";

const guard = "gantry:index:Protection";
/** What has nothing in AWS. */
const components = /^(gantry|pulumi|awsx):/;
/** What is in it is protected with it. */
const remote = "awsx:ec2:Vpc";

const everything = {
  services: {
    web: { build: "app", port: 3000, healthCheck: { path: "/health" } },
    jobs: { kind: "worker", build: "jobs" },
  },
  pipeline: {},
};

describe("the protection of an environment", () => {
  it("depends on every resource, so that Pulumi deletes it first", async () => {
    const { resources, one } = await environment(everything, { stack: "production" });
    const { protect, dependencies } = one(guard).options;
    assert.equal(protect, true);
    const known = new Set(dependencies);
    const missing = resources.filter(
      ({ urn, type, options: { parent } }) =>
        !known.has(urn) && !components.test(type) && !parent.includes(remote),
    );
    assert.deepEqual(
      missing.map(({ urn }) => urn),
      [],
    );
    assert.ok(known.size > 50);
  });

  it("refuses nothing where the environment is not protected", async () => {
    const { one } = await environment(
      { ...everything, protection: false },
      { stack: "production" },
    );
    assert.equal(one(guard).options.protect, false);
  });
});
