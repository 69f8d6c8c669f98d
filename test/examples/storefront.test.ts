import assert from "node:assert/strict";
import { types } from "../components/service/support";
import { runExample, stacks, variablesOf } from "./support";

for (const stack of stacks) {
  describe(`examples/storefront in ${stack}`, () => {
    const own = `storefront--${stack}`;

    it("lets the world to web alone, web to api, and api to cache", async () => {
      const { all } = await runExample("storefront", stack);
      const bare = (id: unknown) => (id as string | undefined)?.replace(/-1a2b3c4-id$/, "");
      const rules = all(types.ingress).map(({ inputs }) => [
        bare(inputs.referencedSecurityGroupId) ?? inputs.cidrIpv4,
        bare(inputs.securityGroupId),
      ]);
      assert.deepEqual(rules.sort(), [
        ["0.0.0.0/0", `${own}-lb`],
        [`${own}--api-tasks`, `${own}--cache-tasks`],
        [`${own}--web-tasks`, `${own}--api-tasks`],
        [`${own}-lb`, `${own}--web-tasks`],
        // The pipeline's Verify asks private services inside of the VPC.
        [`${own}-verify`, `${own}--api-tasks`],
        [`${own}-verify`, `${own}--cache-tasks`],
      ]);
    });

    it("runs one cache, and in production two or more of the others", async () => {
      const { all } = await runExample("storefront", stack);
      const counts = all(types.service).map(({ name, inputs }) => [name, inputs.desiredCount]);
      const others = stack === "production" ? 2 : 1;
      assert.deepEqual(counts.sort(), [
        [`${own}--api-service`, others],
        [`${own}--cache-service`, 1],
        [`${own}--web-service`, others],
      ]);
    });

    it("tells each where the next one is", async () => {
      const made = await runExample("storefront", stack);
      assert.equal(variablesOf(made, "web").API_URL, "http://api:8081");
      assert.equal(variablesOf(made, "api").CACHE_URL, "http://cache:8082");
      assert.equal(variablesOf(made, "cache").PORT, "8082");
    });

    it("has the pipeline of the manifest, and verifies what it deploys", async () => {
      const { one, all } = await runExample("storefront", stack);
      const { stages } = one("aws:codepipeline/pipeline:Pipeline").inputs as {
        readonly stages: readonly {
          readonly name: string;
          readonly actions: readonly { readonly name: string }[];
        }[];
      };
      assert.deepEqual(
        stages.map(({ name }) => name),
        stack === "staging"
          ? ["Source", "Build", "Deploy", "Promote"]
          : ["Source", "Plan", "Approve", "Deploy"],
      );
      const deploy = stages.find(({ name }) => name === "Deploy");
      assert.ok(deploy?.actions.some(({ name }) => name === "Verify"));
      const [{ inputs }] = all("aws:sns/topicSubscription:TopicSubscription");
      assert.equal(inputs.endpoint, "dev@example.com");
    });
  });
}
