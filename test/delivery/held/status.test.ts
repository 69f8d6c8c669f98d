import assert from "node:assert/strict";
import {
  DescribeServiceDeploymentsCommand,
  ListServiceDeploymentsCommand,
  type ECSClient,
  type ListTasksCommand,
} from "@aws-sdk/client-ecs";
import { environmentStatus } from "../../../delivery/status";
import { statusText } from "../../../delivery/statusText";
import { aTarget } from "../support/aTarget";
import { ecsWith, running, type Known } from "../support/describedEcs";
import { FakeEnvironment, web } from "../support/fakePorts";
import { one, two } from "./support";

const digestOf = (release: typeof one) => release.images.web.digest;

/** ECS, with one service whose new tasks wait for an answer. */
function ecsThatHolds(service: Known, hook: boolean): ECSClient {
  const other = ecsWith(service);
  const deployment = { serviceDeploymentArn: "service-deployment/2", status: "IN_PROGRESS" };
  const send = (command: unknown): Promise<unknown> => {
    if (command instanceof ListServiceDeploymentsCommand) {
      return Promise.resolve({ serviceDeployments: [deployment] });
    }
    if (!(command instanceof DescribeServiceDeploymentsCommand)) {
      return other.send(command as ListTasksCommand);
    }
    const expiresAt = new Date("2026-01-31T13:00:00Z");
    const waits = { hookId: "a", targetType: "PAUSE", status: "AWAITING_ACTION", expiresAt };
    return Promise.resolve({
      serviceDeployments: [
        {
          ...{ ...deployment, lifecycleStage: hook ? "POST_TEST_TRAFFIC_SHIFT" : "BAKE_TIME" },
          targetServiceRevision: {
            requestedProductionTrafficWeight: hook ? 0 : 100,
            requestedTestTrafficWeight: 100,
          },
          lifecycleHookDetails: hook ? [waits] : [],
        },
      ],
    });
  };
  return { send } as unknown as ECSClient;
}

describe("the status of an environment whose new tasks wait beside the old ones", () => {
  let env: FakeEnvironment;
  let ecs: ECSClient;
  const both = running("shop--staging--web", 1, [digestOf(one), digestOf(two)], "IN_PROGRESS");
  const shifts = {
    deploymentConfiguration: { strategy: "BLUE_GREEN" as const },
    loadBalancers: [{ targetGroupArn: "blue" }],
  };
  const shifting = { ...both, service: { ...both.service, ...shifts } };
  const alone = aTarget({ services: { web } });
  const at = "2026-01-31T12:00:00Z";

  const text = async (target = alone, isAsked?: (execution: string) => Promise<boolean>) => {
    const { ledger, pointer, alarms } = env.ports;
    const failures = () => Promise.resolve([]);
    const status = await environmentStatus({
      ...{ target, ecs, ledger, pointer, alarms, failures, isAsked },
    });
    return statusText(status, { now: new Date("2026-01-31T12:25:00Z"), timezone: "Etc/UTC" });
  };

  beforeEach(() => {
    env = new FakeEnvironment(alone);
    env.past(one);
    env.past(two, { number: 7, status: "held", held: ["web"], owner: "execution-7" });
    env.lock = { number: 7, owner: "execution-7", at, releaseId: two.id };
    env.pointer = two;
  });

  it("tells the strategy, the stage, where requests go, until when, and the ways out", async () => {
    ecs = ecsThatHolds(shifting, true);
    const [headline, , , row, , ...findings] = (await text(alone)).split("\n").slice(0, -2);
    assert.match(headline, /^staging is about to run 00000002-2 .*deployment 7 \(deploy\), held/);
    assert.match(row, /rolling out$/);
    assert.deepEqual(findings, [
      "web: BLUE_GREEN, IN_PROGRESS: POST_TEST_TRAFFIC_SHIFT, 0 % of the requests and 100 % of the test requests go to " +
        "the new tasks, waits for an answer until 2026-01-31 13:00",
      `deployment 7 of 00000002-2, begun at 2026-01-31 12:00 (25 min ago) by execution-7, waits for its verification`,
      "  where its stage failed: gantry retry --stack staging; to take it back: gantry rollback --stack staging",
    ]);
  });

  it("tells that a person is asked about it, and where", async () => {
    ecs = ecsThatHolds(shifting, true);
    const told = await text(alone, (execution) => Promise.resolve(execution === "execution-7"));
    assert.match(
      told,
      /by execution-7, waits for an approval: it was verified\n  gantry approve --stack staging, or gantry reject --stack staging, .*; to take it back: gantry rollback/,
    );
    assert.match(await text(alone, () => Promise.resolve(false)), /waits for its verification\n/);
  });

  it("tells the bake too, in which it waits for no verification any more", async () => {
    ecs = ecsThatHolds(shifting, false);
    const told = await text(alone, () => Promise.resolve(false));
    assert.match(told, /web: BLUE_GREEN, IN_PROGRESS: BAKE_TIME, 100 % of the requests/);
    assert.match(
      told,
      /by execution-7, has its answer: .*Conclude waits for the end\n {2}where its stage failed: gantry retry .*gantry rollback --stack staging$/m,
    );
    assert.doesNotMatch(told, /waits for its verification/);
  });

  it("tells that nobody concluded it, where nothing waits any more", async () => {
    ecs = ecsWith(running("shop--staging--web", 1, [digestOf(one)]));
    assert.match(
      await text(alone),
      /nothing waits any more: .*\n.* the next deployment does; now: gantry rollback/,
    );
  });
});
