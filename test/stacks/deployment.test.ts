import assert from "node:assert/strict";
import { variables } from "../../contract/variables";
import { environment } from "./support";

const serviceType = "aws:ecs/service:Service";
const services = {
  web: { deployment: { strategy: "linear", stepPercent: 50 } },
  jobs: { kind: "worker", deployment: { strategy: "blueGreen" } },
  api: { kind: "private" },
};

/** How many hooks hold a service's deployments, and the moments after which the program answers them. */
async function heldBy(service: string) {
  const { one } = await environment({ services });
  const { inputs, options } = one(serviceType, `shop--staging--${service}-service`);
  const { lifecycleHooks } = inputs.deploymentConfiguration as { lifecycleHooks?: object[] };
  const answers = options.hooks.filter((hook) => hook.startsWith("after"));
  return { held: (lifecycleHooks ?? []).length, answers };
}

describe("the deployments of an environment's services", () => {
  afterEach(() => {
    delete process.env[variables.release];
  });

  it("are as config says", async () => {
    const { one } = await environment({ services });
    const { deploymentConfiguration } = one(serviceType, "shop--staging--web-service").inputs;
    const { strategy, linearConfiguration } = deploymentConfiguration as Record<string, unknown>;
    assert.equal(strategy, "LINEAR");
    assert.deepEqual(linearConfiguration, { stepPercent: 50, stepBakeTimeInMinutes: "3" });
  });

  it("are answered and stopped by a pipeline where they are held, which passes on the role that shifts", async () => {
    const source = { type: "codecommit", repository: "shop" };
    const { all } = await environment({ services, pipeline: { source } });
    const policies = all("aws:iam/rolePolicy:RolePolicy").map(({ inputs }) =>
      String(inputs.policy),
    );
    const answering = policies.filter((policy) => policy.includes("ecs:ContinueServiceDeployment"));
    assert.ok(answering.length > 0);
    assert.ok(answering.some((policy) => policy.includes("shop-staging-web-shiftRole")));
    assert.ok(
      answering.every(
        (policy) => !policy.includes("service-deployment/shop-staging/shop-staging-api"),
      ),
    );
  });

  for (const [service, held] of [
    ["web", 1],
    ["jobs", 1],
    ["api", 0],
  ] as const) {
    it(`are ${held ? "held" : "not held"} of ${service}, and answered by an update`, async () => {
      const answers = held ? ["afterCreate", "afterUpdate"] : [];
      assert.deepEqual(await heldBy(service), { held, answers });
    });

    it(`are ${held ? "held" : "not held"} of ${service}, and left to delivery with a release`, async () => {
      process.env[variables.release] = "release.json";
      assert.deepEqual(await heldBy(service), { held, answers: [] });
    });
  }
});
