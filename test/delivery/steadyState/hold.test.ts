import assert from "node:assert/strict";
import fc from "fast-check";
import { waitForSteadyState, type SteadyStateOptions } from "../../../delivery/steadyState";
import { failureLimit } from "../../../delivery/steadyState/breaker";
import { goBack, type GoBackOptions } from "../../../delivery/steadyState/goBack";
import { stageText, waitingHook } from "../../../delivery/steadyState/hold";
import { FakeClock } from "../support/fakeClock";
import { awsError, definitionArn, ShiftingEcs } from "../support/shiftingEcs";

describe("a deployment that is held before requests go over", () => {
  let clock: FakeClock;
  let ecs: ShiftingEcs;
  let lines: string[];

  beforeEach(() => {
    clock = new FakeClock();
    ecs = new ShiftingEcs(clock);
    lines = [];
  });

  const common = () => ({
    ...{ ecs: ecs.client, cluster: "shop", clock },
    progress: (line: string) => lines.push(line),
  });
  const wait = (more: Partial<SteadyStateOptions> = {}) =>
    waitForSteadyState({
      ...common(),
      since: ecs.createdAt,
      services: [{ service: "web", ecsName: "shop-web", taskDefinitionArn: definitionArn(2) }],
      ...more,
    });
  const back = (more: Partial<GoBackOptions> = {}) =>
    goBack({
      ...common(),
      services: [{ service: "web", ecsName: "shop-web" }],
      timeoutSeconds: 60,
      ...more,
    });

  describe("is waited for", () => {
    it("until it is, and told with what answers it and until when", async () => {
      const held = await wait({ held: "stop" });
      assert.deepEqual(held, [
        {
          ...{ service: "web", serviceDeploymentArn: ecs.serviceDeploymentArn, hookId: "hook-1" },
          ...{ taskDefinition: definitionArn(2), expiresAt: ecs.hook?.expiresAt },
        },
      ]);
      assert.deepEqual(ecs.asked, []);
      assert.match(
        lines.at(-1) ?? "",
        /POST_TEST_TRAFFIC_SHIFT, 0 % .* waits for an answer until 2026-01-31T12:30/,
      );
    });

    it("until its end, and let go on once, where nobody else is to say so", async () => {
      assert.deepEqual(await wait(), []);
      assert.deepEqual(ecs.asked, ["answer CONTINUE"]);
      assert.equal(ecs.status, "SUCCESSFUL");
      assert.match(lines.join("\n"), /it was told to go on[^]*BAKE_TIME, 100 %/);
    });

    it("also where somebody answers in the same moment", async () => {
      ecs.hook = { id: "hook-1", expiresAt: clock.now() };
      ecs.refusal = awsError("ClientException");
      await assert.rejects(wait(), /ClientException of a test/, "it waits all the same");
      ecs = new ShiftingEcs(clock);
      const { client } = ecs;
      const send = client.send.bind(client) as (command: object) => Promise<unknown>;
      let beaten = false;
      const overtaken = {
        send: async (command: { readonly input?: { readonly action?: string } }) => {
          if (command.input?.action === "CONTINUE" && !beaten) {
            beaten = true;
            await send(command);
          }
          return send(command);
        },
      };
      await wait({ ecs: overtaken as never });
      assert.deepEqual(ecs.asked, ["answer CONTINUE"]);
    });

    it("no longer where its time was over: ECS goes back, which says why", async () => {
      await wait({ held: "stop" });
      ecs.expire();
      const reason = /web: ECS goes back on its deployment: lifecycle hook timed out/;
      await assert.rejects(wait(), reason);
      ecs.status = "ROLLBACK_SUCCESSFUL";
      await assert.rejects(wait(), reason);
    });

    it("no longer where it was rolled back in its bake", async () => {
      await wait({ held: "stop" });
      ecs.stuckAt = "BAKE_TIME";
      await assert.rejects(wait({ timeoutSeconds: 30 }), /did not become steady within 30 s/);
      ecs.stuckAt = undefined;
      ecs.goBack("alarm detected: shop-web-5xx");
      await assert.rejects(wait(), /goes back on its deployment: alarm detected: shop-web-5xx/);
    });

    it("and what went back before this deployment is nothing of it", async () => {
      await wait({ held: "stop" });
      ecs.expire();
      ecs.status = "ROLLBACK_SUCCESSFUL";
      const since = new Date(ecs.createdAt.getTime() + 1);
      // By the task definition alone, as of any other deployment.
      await assert.rejects(wait({ since }), /shop-web:1 has taken its place/);
    });
  });

  describe("is given up", () => {
    beforeEach(() => (ecs.stuckAt = "SCALE_UP"));

    it("where as many tasks failed as end a rolling deployment", async () => {
      ecs.failedTasks = 3;
      await assert.rejects(wait({ held: "stop" }), /web: 3 tasks of shop-web:2 failed/);
    });

    it("also where each of them ran for a while, so that ECS counts none", async () => {
      const stopped = (startedBy: string, stoppedReason: string) => ({
        ...{ startedBy, stoppedReason, stoppedAt: clock.now() },
        stopCode: "ServiceSchedulerInitiated" as const,
      });
      const unhealthy = stopped("ecs-svc/2", "Task failed ELB health checks");
      ecs.stopped = [
        ...[unhealthy, unhealthy],
        stopped("ecs-svc/1", "Task failed ELB health checks"),
        stopped("ecs-svc/2", "Scaling activity initiated by (deployment ecs-svc/2)"),
        { ...unhealthy, stopCode: "SpotInterruption" },
        { ...unhealthy, stopCode: "UserInitiated" },
      ];
      await assert.rejects(wait({ held: "stop", timeoutSeconds: 20 }), /did not become steady/);
      ecs.stopped.push(unhealthy);
      await assert.rejects(wait({ held: "stop" }), /web: 3 tasks of shop-web:2 failed/);
    });

    it("by ECS's own figures", () => {
      const rows = [0, 1, 6, 7, 40, 400, 1000].map((desired) => failureLimit(desired));
      assert.deepEqual(rows, [3, 3, 3, 4, 20, 200, 200]);
    });
  });

  describe("is gone back from", () => {
    it("by the answer to it", async () => {
      await wait({ held: "stop" });
      assert.deepEqual(await back(), ["web"]);
      assert.deepEqual([ecs.asked, ecs.status], [["answer ROLLBACK"], "ROLLBACK_SUCCESSFUL"]);
      assert.match(lines.join("\n"), /web: goes back: ROLLBACK_IN_PROGRESS/);
    });

    it("where it waits for no answer yet, or not any more", async () => {
      ecs.stuckAt = "SCALE_UP";
      await assert.rejects(wait({ held: "stop", timeoutSeconds: 10 }));
      assert.deepEqual(await back(), ["web"]);
      assert.deepEqual(ecs.asked, ["stop ROLLBACK"]);
    });

    it("in its bake", async () => {
      await wait({ held: "stop" });
      ecs.stuckAt = "BAKE_TIME";
      await assert.rejects(wait({ timeoutSeconds: 30 }));
      await back();
      assert.deepEqual(ecs.asked, ["answer CONTINUE", "stop ROLLBACK"]);
    });

    it("once, however often it is asked", async () => {
      await wait({ held: "stop" });
      await back();
      assert.deepEqual(await back(), []);
      assert.deepEqual(ecs.asked, ["answer ROLLBACK"]);
    });

    it("where ECS does so already: it is waited for", async () => {
      ecs.expire();
      assert.deepEqual(await back(), ["web"]);
      assert.deepEqual([ecs.asked, ecs.status], [[], "ROLLBACK_SUCCESSFUL"]);
    });

    it("but not where it began after the time that counts", async () => {
      await wait({ held: "stop" });
      assert.deepEqual(await back({ begunBefore: ecs.createdAt }), []);
      assert.notEqual(ecs.hook, undefined);
    });

    it("within its time, or that is told", async () => {
      ecs.neverIsBack = true;
      await assert.rejects(back(), /ECS did not go back within 60 s: web/);
    });

    it("or that is told, where ECS cannot", async () => {
      ecs.goBack("no capacity");
      const { client } = ecs;
      const send = async (command: object) => {
        const answer: unknown = await client.send(command as never);
        if (ecs.status === "ROLLBACK_SUCCESSFUL") ecs.status = "ROLLBACK_FAILED";
        return answer;
      };
      await assert.rejects(
        back({ ecs: { send } as never }),
        /web: ECS could not go back: no capacity/,
      );
    });
  });

  it("tells a worker's stage without requests, of which it has none", () => {
    const deployment = {
      status: "IN_PROGRESS",
      lifecycleStage: "BAKE_TIME",
      targetServiceRevision: { requestedProductionTrafficWeight: 0 },
    } as const;
    const connected = (services: object[]) => ({
      deployments: [{ serviceConnectConfiguration: { enabled: true, services } }],
    });
    const shown = "BAKE_TIME, 0 % of the requests go to the new tasks";
    assert.equal(stageText(deployment, { loadBalancers: [{ targetGroupArn: "a" }] }), shown);
    assert.equal(stageText(deployment, connected([{ portName: "api" }]) as never), shown);
    for (const worker of [{}, { loadBalancers: [] }, connected([])]) {
      assert.equal(stageText(deployment, worker as never), "BAKE_TIME");
    }
  });

  it("waits only while ECS is at it, whatever a hook says", () => {
    const statuses = fc.constantFrom("PENDING", "SUCCESSFUL", "STOPPED", "ROLLBACK_IN_PROGRESS");
    fc.assert(
      fc.property(statuses, (status) => {
        const hook = { hookId: "a", targetType: "PAUSE", status: "AWAITING_ACTION" } as const;
        assert.equal(waitingHook({ status, lifecycleHookDetails: [hook] }), undefined);
        assert.doesNotMatch(stageText({ status, lifecycleHookDetails: [hook] }, {}), /waits/);
      }),
    );
    const function_ = { hookId: "a", targetType: "AWS_LAMBDA", status: "IN_PROGRESS" } as const;
    assert.equal(
      waitingHook({ status: "IN_PROGRESS", lifecycleHookDetails: [function_] }),
      undefined,
    );
  });
});
