import assert from "node:assert/strict";
import type { Service } from "@aws-sdk/client-ecs";
import { deliveryTimes } from "../../../contract/times";
import { DeliveryError } from "../../../delivery/errors";
import { waitForTasks, type ScaleOptions } from "../../../operations/scale/scale";
import { FakeClock } from "../../emulator/delivery/fakeClock";
import { targetOf } from "../../emulator/delivery/support";

describe("the wait for another number of tasks", () => {
  const target = targetOf();
  let told: string[];

  beforeEach(() => (told = []));

  /** Answers one description after the other, and the last again and again. */
  function wait(count: ScaleOptions["count"], ...answers: readonly Service[]) {
    let asked = 0;
    const send = () => {
      const service = answers[Math.min(asked++, answers.length - 1)];
      return Promise.resolve({ services: [service] });
    };
    const options = { clients: { ecs: { send } }, target, count, clock: new FakeClock() };
    const log = (line: string) => told.push(line);
    return waitForTasks({ ...options, log } as unknown as ScaleOptions, { service: "web" });
  }

  it("ends when as many run as shall, and not by what ECS said before", async () => {
    const running = await wait(
      { min: 4, max: 20 },
      { desiredCount: 2, runningCount: 2 },
      { desiredCount: 4, runningCount: 2, pendingCount: 2 },
      { desiredCount: 4, runningCount: 3, pendingCount: 1 },
      { desiredCount: 5, runningCount: 5 },
    );
    assert.equal(running, 5);
    assert.deepEqual(told, [
      "web: 2 of 2 tasks run",
      "web: 2 of 4 tasks run, 2 pending",
      "web: 3 of 4 tasks run, 1 pending",
    ]);
  });

  it("ends after the time of a deployment, with what ECS says", async () => {
    const message = "(service web) was unable to place a task. Reason: capacity is unavailable.";
    const events = [
      { createdAt: new Date(Date.now() + 86_400_000), message },
      { createdAt: new Date(0), message: "(service web) has started 2 tasks" },
    ];
    const stuck = { desiredCount: 4, runningCount: 2, events };
    await assert.rejects(wait({ min: 4, max: 4 }, stuck), (error: Error) => {
      assert.ok(error instanceof DeliveryError);
      const { steadyStateSeconds } = deliveryTimes(target.config);
      assert.match(
        error.message,
        new RegExp(`^web of staging .* after ${steadyStateSeconds} s: 2 of 4`),
      );
      assert.deepEqual(
        error.details.map((line) => line.slice(9)),
        [message],
      );
      return true;
    });
    assert.deepEqual(told, ["web: 2 of 4 tasks run"]);
  });
});
