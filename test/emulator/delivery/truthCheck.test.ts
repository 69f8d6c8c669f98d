import assert from "node:assert/strict";
import { UpdateServiceCommand } from "@aws-sdk/client-ecs";
import { DeliveryError } from "../../../delivery/errors";
import type { Target } from "../../../delivery/target";
import { truthCheck } from "../../../delivery/truthCheck";
import type { Release } from "../../../contract/manifest";
import { failureOf } from "./failureOf";
import {
  defineTask,
  FakeClock,
  releaseOf,
  seedService,
  targetOf,
  updateService,
  type DeliveryBench,
} from "./support";
import { useBench } from "./useBench";

describe("the truth check on the emulator", () => {
  let bench: DeliveryBench;
  let target: Target;
  let clock: FakeClock;
  let told: string[];

  useBench((started) => (bench = started));

  beforeEach(() => {
    target = targetOf();
    clock = new FakeClock();
    told = [];
  });

  const check = (release: Release, more: object = {}) =>
    truthCheck({
      ecs: bench.clients.ecs,
      target,
      release,
      clock,
      progress: (line) => told.push(line),
      ...more,
    });
  const where = () => ({
    cluster: target.names.cluster,
    service: target.names.service("web"),
  });
  const scale = (desiredCount: number) =>
    bench.clients.ecs.send(new UpdateServiceCommand({ ...where(), desiredCount }));

  it("passes when every task has the digest, at once and in two calls", async () => {
    const { image } = await seedService(bench, target, "aaaaaaaa");
    const calls = await bench.callsOf(async () =>
      assert.deepEqual(await check(releaseOf({ web: image })), []),
    );
    assert.deepEqual(calls, { "ecs:ListTasks": 1, "ecs:DescribeTasks": 1 });
    assert.deepEqual(told, [`web: all 2 tasks have the digest ${image.digest}`]);
    assert.equal(clock.slept, 0);
  });

  it("fails when another release runs, naming tasks and digests (row 13)", async () => {
    const { image: old } = await seedService(bench, target, "aaaaaaaa");
    await bench.emulator.control("ecs/next-deployment", { ...where(), outcome: "rollsBack" });
    const { image } = await updateService(bench.clients, target, "bbbbbbbb");
    const error = await failureOf(DeliveryError, check(releaseOf({ web: image })));
    assert.match(error.message, /^what runs is not release bbbbbbbb-1: web$/);
    assert.equal(error.details.length, 2);
    for (const line of error.details) {
      assert.match(line, /^web: task [0-9a-f-]{36} runs /);
      assert.ok(line.endsWith(`runs ${old.digest}, and the release says ${image.digest}`), line);
    }
    assert.equal(clock.slept, 120);
  });

  it("waits for earlier tasks to leave", async () => {
    await seedService(bench, target, "aaaaaaaa");
    await bench.emulator.control("ecs/next-deployment", { ...where(), outcome: "staysInProgress" });
    const { image } = await updateService(bench.clients, target, "bbbbbbbb");
    const leaving = new FakeClock();
    const sleep = leaving.sleep.bind(leaving);
    leaving.sleep = async (milliseconds) => {
      await sleep(milliseconds);
      if (leaving.sleeps.length === 3) {
        await bench.emulator.control("ecs/current-deployment", {
          ...where(),
          outcome: "completes",
        });
      }
    };
    await check(releaseOf({ web: image }), { clock: leaving });
    assert.deepEqual(leaving.sleeps, [5000, 5000, 5000]);
  });

  it("fails when the digest of a task is not known", async () => {
    await seedService(bench, target, "aaaaaaaa");
    const { image } = await updateService(bench.clients, target, "bbbbbbbb");
    const taskDefinition = await defineTask(bench.clients, target, "web", "example.com/web:1");
    await bench.clients.ecs.send(new UpdateServiceCommand({ ...where(), taskDefinition }));
    const error = await failureOf(DeliveryError, check(releaseOf({ web: image })));
    assert.match(error.details[0], /runs an image whose digest ECS does not tell/);
  });

  it("fails when no task runs though some shall", async () => {
    const { image } = await seedService(bench, target, "aaaaaaaa");
    await bench.emulator.control("ecs/stop-tasks", where());
    const error = await failureOf(DeliveryError, check(releaseOf({ web: image })));
    assert.deepEqual(error.details, ["web: no task runs, of 2"]);
  });

  it("tells a service that shall run none as unproven, after three looks (row F3)", async () => {
    const { image } = await seedService(bench, target, "aaaaaaaa");
    await scale(0);
    assert.deepEqual(await check(releaseOf({ web: image })), ["web"]);
    assert.equal(told.length, 1);
    assert.match(told[0], /^web: UNPROVEN: it shall run no task \(desired count 0\)/);
    assert.deepEqual(clock.sleeps, [5000, 5000]);
  });

  it("takes the next task of a service that waits for messages without one for proof, and no other release's", async () => {
    const { image: old } = await seedService(bench, target, "aaaaaaaa");
    const scaling = { min: 0, max: 5, messagesPerTask: 10 };
    target = targetOf({
      orders: { publishes: ["placed"] },
      web: { kind: "worker", subscribes: { placed: { from: "orders" } }, scaling },
    });
    await scale(0);
    assert.deepEqual(await check(releaseOf({ web: old })), []);
    assert.deepEqual(told, [`web: its next task has the digest ${old.digest}`]);
    const other = { ...old, digest: `sha256:${"f".repeat(64)}` };
    const error = await failureOf(DeliveryError, check(releaseOf({ web: other })));
    assert.match(error.details[0], /^web: its next task has .*, and the release says sha256:f+$/);
  });

  it("fails when the service is gone", async () => {
    const { image } = await seedService(bench, target, "aaaaaaaa");
    target = targetOf({ web: {}, jobs: { kind: "worker" } });
    const error = await failureOf(DeliveryError, check(releaseOf({ web: image, jobs: image })));
    assert.deepEqual(error.details, ["jobs: no task runs, of a service that is gone"]);
    assert.deepEqual(told, [`web: all 2 tasks have the digest ${image.digest}`]);
  });

  it("looks at every task of many", async () => {
    const { image } = await seedService(bench, target, "aaaaaaaa", { desiredCount: 130 });
    const calls = await bench.callsOf(() => check(releaseOf({ web: image })));
    assert.equal(calls["ecs:DescribeTasks"], 2);
    assert.deepEqual(told, [`web: all 130 tasks have the digest ${image.digest}`]);
  });
});
