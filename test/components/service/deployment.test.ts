import assert from "node:assert/strict";
import type { DeploymentArgs, ServiceArgs } from "../../../components";
import { service, types, web, worker } from "./support";

async function settingsOf(args: ServiceArgs) {
  const { inputs } = (await service(args)).one(types.service);
  const { deploymentConfiguration, deploymentCircuitBreaker } = inputs;
  return { deploymentConfiguration, deploymentCircuitBreaker };
}

const breaks = { enable: true, rollback: true };
// The API takes one with ROLLING alone, and an update that leaves it out changes nothing.
const breaksNot = { enable: false, rollback: false };

describe("the deployment of a Service", () => {
  const table: [string, DeploymentArgs, object, object][] = [
    ["rolling", {}, { strategy: "ROLLING" }, breaks],
    ["recreate", { strategy: "recreate" }, { strategy: "ROLLING" }, breaks],
    [
      "blueGreen",
      { strategy: "blueGreen" },
      { strategy: "BLUE_GREEN", bakeTimeInMinutes: "5" },
      breaksNot,
    ],
    [
      "canary",
      { strategy: "canary", stepPercent: 2.5, bakeMinutes: 0 },
      {
        ...{ strategy: "CANARY", bakeTimeInMinutes: "0" },
        canaryConfiguration: { canaryPercent: 2.5, canaryBakeTimeInMinutes: "5" },
      },
      breaksNot,
    ],
    [
      "linear",
      { strategy: "linear", stepMinutes: 1 },
      {
        ...{ strategy: "LINEAR", bakeTimeInMinutes: "5" },
        linearConfiguration: { stepPercent: 10, stepBakeTimeInMinutes: "1" },
      },
      breaksNot,
    ],
  ];
  for (const [name, deployment, deploymentConfiguration, deploymentCircuitBreaker] of table) {
    it(`by ${name} has ECS's own words for it`, async () =>
      assert.deepEqual(await settingsOf(web({ deployment })), {
        deploymentConfiguration,
        deploymentCircuitBreaker,
      }));
  }

  it("is held, once its new tasks are there for whoever has the test header", async () => {
    const hold = { timeoutMinutes: 90, answeredBy: "delivery" } as const;
    const { deploymentConfiguration } = await settingsOf(
      web({ deployment: { strategy: "blueGreen", hold } }),
    );
    assert.deepEqual((deploymentConfiguration as Record<string, unknown>).lifecycleHooks, [
      {
        targetType: "PAUSE",
        lifecycleStages: ["POST_TEST_TRAFFIC_SHIFT"],
        timeoutConfiguration: { timeoutInMinutes: "90", action: "ROLLBACK" },
      },
    ]);
  });

  it("calls the program after an update only where that answers", async () => {
    const hooksOf = async (answeredBy: "update" | "delivery") => {
      const hold = { timeoutMinutes: 90, answeredBy };
      const made = await service(web({ deployment: { strategy: "blueGreen", hold } }));
      return made.one(types.service).options.hooks;
    };
    assert.deepEqual(await hooksOf("delivery"), ["beforeUpdate"]);
    assert.deepEqual(await hooksOf("update"), ["afterCreate", "beforeUpdate", "afterUpdate"]);
  });

  describe("fails when", () => {
    const six = { paths: ["/a", "/b", "/c", "/d", "/e", "/f"] };
    const faults: [string, ServiceArgs, RegExp][] = [
      [
        "a worker shall shift requests",
        worker({ deployment: { strategy: "canary" } }),
        /deployment\.strategy: given "canary"; allowed: rolling, recreate or blueGreen for a worker/,
      ],
      [
        "ECS would have several rules to shift",
        web({ route: six, deployment: { strategy: "linear" } }),
        /given "linear with a route of 2 listener rules"; allowed: a route of one .*; use fewer paths and hosts, or strategy rolling$/,
      ],
      [
        "a number is of another strategy",
        web({ deployment: { strategy: "blueGreen", stepPercent: 10 } }),
        /deployment\.stepPercent: given 10; allowed: nothing with strategy blueGreen, .*; remove it$/,
      ],
      [
        "nothing is held that rolls",
        web({ deployment: { hold: { timeoutMinutes: 5, answeredBy: "update" } } }),
        /deployment\.hold: .* allowed: nothing with strategy rolling/,
      ],
      [
        "ECS bakes no longer than a day",
        web({ deployment: { strategy: "blueGreen", bakeMinutes: 1441 } }),
        /deployment\.bakeMinutes: given 1441; allowed: whole minutes, 0 to 1440/,
      ],
      [
        "a linear step is too small",
        web({ deployment: { strategy: "linear", stepPercent: 1 } }),
        /deployment\.stepPercent: given 1; allowed: 3 to 100 percent in steps of 0\.1 with linear/,
      ],
      [
        "a hold has no time",
        web({
          deployment: {
            strategy: "canary",
            hold: { timeoutMinutes: 0, answeredBy: "update" },
          },
        }),
        /deployment\.hold\.timeoutMinutes: given 0; allowed: whole minutes, 1 to 20160/,
      ],
    ];
    for (const [title, args, message] of faults) {
      it(title, () => assert.rejects(service(args), message));
    }

    it("not when a worker has its new tasks beside the old ones", () =>
      service(worker({ deployment: { strategy: "blueGreen" } })));
  });
});
