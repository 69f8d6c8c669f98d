import assert from "node:assert/strict";
import {
  DescribeServicesCommand,
  ListServiceDeploymentsCommand,
  type ECSClient,
  type Service,
  type ServiceDeploymentBrief,
} from "@aws-sdk/client-ecs";
import { waitForSteadyState } from "../../../delivery/steadyState";
import { newestServiceDeployment } from "../../../delivery/steadyState/serviceDeployment";
import { FakeClock } from "../support/fakeClock";

const arn = (revision: number) =>
  `arn:aws:ecs:eu-west-1:123456789012:task-definition/shop-web:${revision}`;

/** A service that is steady on a revision. */
const steadyOn = (revision: number): Service => ({
  ...{ serviceName: "shop-web", status: "ACTIVE", desiredCount: 2, runningCount: 2 },
  deployments: [
    {
      ...{ status: "PRIMARY", taskDefinition: arn(revision), rolloutState: "COMPLETED" },
      ...{ desiredCount: 2, runningCount: 2 },
    },
  ],
});

describe("an odd answer of ECS while a deployment is waited for (row A23)", () => {
  let clock: FakeClock;

  beforeEach(() => {
    clock = new FakeClock();
  });

  /** An ECS that describes the service so, look by look; the last answer is for all later looks. */
  function ecsThatSays(...answers: readonly (Service | undefined)[]): ECSClient {
    let look = 0;
    const send = (command: unknown) => {
      if (command instanceof ListServiceDeploymentsCommand) return Promise.resolve({});
      assert.ok(command instanceof DescribeServicesCommand);
      const service = answers[Math.min(look++, answers.length - 1)];
      return Promise.resolve({ services: service ? [service] : [] });
    };
    return { send } as unknown as ECSClient;
  }

  const wait = (ecs: ECSClient) =>
    waitForSteadyState({
      ...{ ecs, cluster: "shop", clock },
      services: [{ service: "web", ecsName: "shop-web", taskDefinitionArn: arn(2) }],
    });

  const odd: readonly [string, Service | undefined][] = [
    ["what ran before the update", steadyOn(1)],
    ["no service", undefined],
    ["a service that drains", { ...steadyOn(2), status: "DRAINING" }],
    ["no PRIMARY deployment", { ...steadyOn(2), deployments: [] }],
  ];
  for (const [what, answer] of odd) {
    it(`is passed over once and twice: ${what}`, async () => {
      await wait(ecsThatSays(answer, steadyOn(2)));
      await wait(ecsThatSays(answer, answer, steadyOn(2)));
      await wait(ecsThatSays(answer, answer, steadyOn(2), answer));
      assert.deepEqual(clock.pauses, [5000, 5000, 5000, 5000, 5000]);
    });

    it(`counts when it was seen three times in a row: ${what}`, async () => {
      await assert.rejects(wait(ecsThatSays(answer, answer, answer, steadyOn(2))), /^.*web: /);
      assert.deepEqual(clock.pauses, [5000, 5000]);
    });
  }

  it("fails at once where ECS says itself that the deployment failed", async () => {
    const failed = steadyOn(2);
    const [primary] = failed.deployments ?? [];
    const answer = { ...failed, deployments: [{ ...primary, rolloutState: "FAILED" as const }] };
    await assert.rejects(wait(ecsThatSays(answer, steadyOn(2))), /the deployment of .* failed/);
    assert.deepEqual(clock.pauses, []);
  });
});

describe("the newest service deployment (row A23)", () => {
  it("is found on whatever page it is", async () => {
    const at = (day: number): ServiceDeploymentBrief => ({
      serviceDeploymentArn: `deployment-${day}`,
      createdAt: new Date(Date.UTC(2026, 0, day)),
    });
    const pages = [[at(3), at(1)], [at(9), at(2)], [at(5)]];
    const asked: (string | undefined)[] = [];
    const send = (command: unknown) => {
      assert.ok(command instanceof ListServiceDeploymentsCommand);
      const { nextToken } = command.input;
      asked.push(nextToken);
      const page = Number(nextToken ?? 0);
      const next = page + 1 < pages.length ? String(page + 1) : undefined;
      return Promise.resolve({ serviceDeployments: pages[page], nextToken: next });
    };
    const ecs = { send } as unknown as ECSClient;
    const newest = await newestServiceDeployment(ecs, "shop", "web");
    assert.equal(newest?.serviceDeploymentArn, "deployment-9");
    assert.deepEqual(asked, [undefined, "1", "2"]);
  });
});
