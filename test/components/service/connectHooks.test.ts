import assert from "node:assert/strict";
import type * as pulumi from "@pulumi/pulumi";
import { deployAnew, keepProtocol, redeploy } from "../../../components/service/connectHooks";
import { FakeService } from "./fakeService";

const cluster = "arn:aws:ecs:eu-west-1:123456789012:cluster/shop-staging";

/** Inputs of an ECS service that is called. */
const inputs = (portName: string, port: number, more: object = {}) => ({
  cluster,
  serviceConnectConfiguration: {
    enabled: true,
    services: [{ portName, clientAlias: [{ dnsName: "api", port }], ...more }],
  },
});

const hook = (given: object) => ({ name: "api-service", ...given }) as pulumi.ResourceHookArgs;

async function redeployed(given: object): Promise<string[]> {
  const deployed: string[] = [];
  const deployAnew = (arn: string, names: readonly string[]) => {
    deployed.push(...names.map((name) => `${arn} ${name}`));
    return Promise.resolve();
  };
  await redeploy(["shop-staging-web"], deployAnew)(hook(given));
  return deployed;
}

describe("redeploy", () => {
  const callers = [`${cluster} shop-staging-web`];

  it("deploys callers anew once a name is there", async () => {
    assert.deepEqual(await redeployed({ newInputs: inputs("app", 80) }), callers);
    const oldInputs = { cluster };
    assert.deepEqual(await redeployed({ newInputs: inputs("app", 80), oldInputs }), callers);
  });

  it("deploys callers anew when its port changes", async () => {
    const given = { newInputs: inputs("app", 81), oldInputs: inputs("app", 80) };
    assert.deepEqual(await redeployed(given), callers);
  });

  it("leaves callers alone when the name stays, whatever else changes", async () => {
    const given = {
      newInputs: { ...inputs("app", 80, { timeout: { idleTimeoutSeconds: 5 } }), desiredCount: 3 },
      oldInputs: inputs("app", 80),
    };
    assert.deepEqual(await redeployed(given), []);
  });

  it("leaves callers alone when test calls are known otherwise", async () => {
    const tested = inputs("app", 80);
    const [served] = tested.serviceConnectConfiguration.services;
    const testTrafficRules = [{ header: { name: "X-Gantry-Test", value: { exact: "ab" } } }];
    const clientAlias = served.clientAlias.map((alias) => ({ ...alias, testTrafficRules }));
    const services = [{ ...served, clientAlias }];
    const newInputs = { cluster, serviceConnectConfiguration: { enabled: true, services } };
    assert.deepEqual(await redeployed({ newInputs, oldInputs: inputs("app", 80) }), []);
  });

  it("fails with the command where AWS refuses", async () => {
    const refused = () => Promise.reject(new Error("throttled"));
    await assert.rejects(
      async () => redeploy(["shop-staging-web"], refused)(hook({ newInputs: inputs("app", 80) })),
      new RegExp(
        `shop-staging-web cannot reach the new name yet \\(throttled\\): deploy anew by aws ecs update-service --cluster ${cluster} --service shop-staging-web --force-new-deployment$`,
      ),
    );
  });
});

describe("callers that are deployed anew", () => {
  type Strategy = "ROLLING" | "BLUE_GREEN";
  const deploy = (fake: FakeService, strategy: Strategy | undefined, callers = ["web"]) =>
    deployAnew(cluster, callers, {
      ...fake.ports,
      update: async (of, change) => {
        fake.done.push(`${of.serviceName} anew`);
        await fake.ports.update(of, change);
        return { deploymentConfiguration: strategy && { strategy } };
      },
    });
  const update = "update undefined";

  for (const strategy of ["ROLLING", undefined] as const) {
    it(`are left to ECS where they roll: ${strategy}`, async () => {
      const fake = new FakeService({ holds: true });
      await deploy(fake, strategy);
      assert.deepEqual(fake.updates, [{ forceNewDeployment: true }]);
      assert.deepEqual(fake.done, ["web anew", update]);
      assert.equal(fake.newest?.status, "IN_PROGRESS");
    });
  }

  it("are let go on, one after the other, where a hook holds them", async () => {
    const fake = new FakeService({ holds: true });
    await deploy(fake, "BLUE_GREEN", ["web", "site"]);
    assert.deepEqual(fake.done, [
      ...["web anew", update, "continue hook-1"],
      ...["site anew", update, "continue hook-1"],
    ]);
    assert.equal(fake.newest?.status, "SUCCESSFUL");
  });

  it("fail where what shifts does not run, and those after it are left alone", async () => {
    const fake = new FakeService({ ends: "ROLLBACK_SUCCESSFUL", reason: "no capacity" });
    await assert.rejects(
      deploy(fake, "BLUE_GREEN", ["web", "site"]),
      /^Error: web: .* ended as ROLLBACK_SUCCESSFUL: no capacity/,
    );
    assert.deepEqual(fake.done, ["web anew", update]);
  });
});

describe("keepProtocol", () => {
  it("lets a port change, and a name come and go", () => {
    keepProtocol(hook({ newInputs: inputs("app", 81), oldInputs: inputs("app", 80) }));
    keepProtocol(hook({ newInputs: inputs("app-grpc", 81), oldInputs: { cluster } }));
    keepProtocol(hook({ newInputs: { cluster }, oldInputs: inputs("app-grpc", 81) }));
  });

  it("fails with the steps where another protocol would be spoken", () => {
    assert.throws(() => {
      keepProtocol(hook({ newInputs: inputs("app-grpc", 80), oldInputs: inputs("app", 80) }));
    }, /api-service: what a service speaks .*\(app to app-grpc\). Add a service of another name .* was not changed/);
  });
});
