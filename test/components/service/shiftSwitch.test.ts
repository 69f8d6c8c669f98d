import assert from "node:assert/strict";
import type { DeploymentArgs } from "../../../components";
import { FakeService } from "./fakeService";
import { advancedConfiguration, inputs, shifting, update } from "./shiftedUpdate";

describe("a service that goes over from rolling to blueGreen", () => {
  it("has both groups by a rolling deployment first, with the tasks that run", async () => {
    const fake = new FakeService({ weights: { blue: 100 } });
    const newInputs = inputs(shifting, {
      loadBalancers: [
        {
          ...{ targetGroupArn: "blue", containerName: "nginx", containerPort: 80 },
          advancedConfiguration,
        },
      ],
    });
    assert.deepEqual(await update(fake, inputs({}), newInputs), []);
    assert.deepEqual(fake.updates, [
      {
        deploymentConfiguration: { strategy: "ROLLING" },
        loadBalancers: [
          {
            ...{ targetGroupArn: "blue", containerName: "app", containerPort: 3000 },
            advancedConfiguration,
          },
        ],
        serviceConnectConfiguration: undefined,
        forceNewDeployment: true,
      },
    ]);
    assert.deepEqual(fake.done, ["update ROLLING", "provider"]);
  });

  it("is not changed where that fails", async () => {
    const fake = new FakeService({ ends: "ROLLBACK_SUCCESSFUL" });
    await assert.rejects(update(fake, inputs({}), inputs(shifting)), /ended as ROLLBACK/);
    assert.deepEqual(fake.done, ["update ROLLING"]);
  });

  it("and only calls others has no deployment more", async () => {
    const fake = new FakeService({});
    const connect = { enabled: true, namespace: "shop" };
    const worker = (deployment: DeploymentArgs) => ({
      ...inputs(deployment),
      ...{ loadBalancers: undefined, serviceConnectConfiguration: connect },
    });
    await update(fake, worker({}), worker(shifting));
    assert.deepEqual(fake.done, ["provider"]);
  });

  it("and is called tells its callers' proxies how test calls are known first", async () => {
    const services = [
      {
        portName: "app-http1",
        clientAlias: [
          {
            ...{ dnsName: "api", port: 80 },
            testTrafficRules: [{ header: { name: "X-Gantry-Test", value: { exact: "ab" } } }],
          },
        ],
      },
    ];
    const called = { enabled: true, namespace: "shop", services };
    const fake = new FakeService({});
    const newInputs = {
      ...inputs(shifting),
      ...{ loadBalancers: undefined, serviceConnectConfiguration: called },
    };
    await update(fake, { ...inputs({}), loadBalancers: undefined }, newInputs);
    assert.deepEqual(fake.updates[0].serviceConnectConfiguration, {
      ...{ enabled: true, namespace: "shop" },
      services: [
        {
          portName: "app-http1",
          clientAliases: [
            {
              ...{ dnsName: "api", port: 80 },
              testTrafficRules: { header: { name: "X-Gantry-Test", value: { exact: "ab" } } },
            },
          ],
        },
      ],
    });
  });
});

describe("a service that goes over from blueGreen to rolling", () => {
  const rollingFirst = "update ROLLING";

  it("keeps requests where they go, has no hook any more, and one group in its rule", async () => {
    const fake = new FakeService({ weights: { blue: 100, green: 0 } });
    await update(fake, inputs(shifting), inputs({}), {});
    assert.deepEqual(fake.updates, [
      { deploymentConfiguration: { strategy: "ROLLING", lifecycleHooks: [] } },
    ]);
    assert.deepEqual(fake.done, [rollingFirst, "lead production blue", "provider"]);
  });

  it("has requests go to its first group before that where the other one serves", async () => {
    const fake = new FakeService({ weights: { blue: 0, green: 100 } });
    await update(fake, inputs(shifting), inputs({}), {});
    assert.deepEqual(fake.updates[0], {
      forceNewDeployment: true,
      deploymentConfiguration: {
        ...{ strategy: "BLUE_GREEN", bakeTimeInMinutes: 0, lifecycleHooks: [] },
      },
    });
    assert.deepEqual(fake.done, [
      ...["update BLUE_GREEN", rollingFirst, "lead production blue", "provider"],
    ]);
  });

  it("is as it was where that fails, its hook too", async () => {
    const weights = { green: 100 };
    const fake = new FakeService({ weights, ends: "STOPPED", reason: "no capacity" });
    await assert.rejects(update(fake, inputs(shifting), inputs({}), {}), /no capacity/);
    assert.deepEqual(fake.updates.at(-1), {
      deploymentConfiguration: {
        strategy: "BLUE_GREEN",
        bakeTimeInMinutes: 5,
        canaryConfiguration: undefined,
        linearConfiguration: undefined,
        lifecycleHooks: [
          {
            targetType: "PAUSE",
            lifecycleStages: ["POST_TEST_TRAFFIC_SHIFT"],
            timeoutConfiguration: { timeoutInMinutes: 60, action: "ROLLBACK" },
          },
        ],
      },
    });
    assert.ok(!fake.done.includes("provider"));
  });

  it("is refused where its rule leads to neither group", async () => {
    const fake = new FakeService({ weights: { other: 1 } });
    await assert.rejects(
      update(fake, inputs(shifting), inputs({}), {}),
      /The rule production leads to no group of the service: run pulumi up --refresh/,
    );
    assert.deepEqual(fake.done, []);
  });

  it("has no rule where it is a worker", async () => {
    const fake = new FakeService({});
    const worker = (deployment: DeploymentArgs) => ({
      ...inputs(deployment),
      loadBalancers: undefined,
    });
    await update(fake, worker(shifting), worker({}), {});
    assert.deepEqual(fake.done, [rollingFirst, "provider"]);
  });
});
