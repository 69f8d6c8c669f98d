import assert from "node:assert/strict";
import { DeleteServiceCommand, UpdateServiceCommand } from "@aws-sdk/client-ecs";
import {
  DeploymentFailure,
  waitForSteadyState,
  type ExpectedService,
} from "../../../delivery/steadyState";
import type { Target } from "../../../delivery/target";
import { failureOf } from "./failureOf";
import {
  defineTask,
  FakeClock,
  seedService,
  targetOf,
  updateService,
  type DeliveryBench,
  type Seeded,
} from "./support";
import { useBench } from "./useBench";

describe("waiting for the steady state on the emulator", () => {
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

  const seed = () => seedService(bench, target, "aaaaaaaa");
  const update = () => updateService(bench.clients, target, "bbbbbbbb");
  const plan = (outcome: object) =>
    bench.emulator.control("ecs/next-deployment", {
      cluster: target.names.cluster,
      service: target.names.service("web"),
      ...outcome,
    });
  const wait = (expected: Partial<ExpectedService>, timeoutSeconds?: number) =>
    waitForSteadyState({
      ecs: bench.clients.ecs,
      cluster: target.names.cluster,
      services: [{ service: "web", ecsName: target.names.service("web"), ...expected }],
      clock,
      timeoutSeconds,
      progress: (line) => told.push(line),
    });
  const byImage = ({ image }: Seeded) => ({ expectedImage: `${image.uri}@${image.digest}` });
  const byArn = ({ taskDefinitionArn }: Seeded) => ({ taskDefinitionArn });

  for (const [what, expect] of [
    ["digest", byImage],
    ["task definition", byArn],
  ] as const) {
    describe(`for a ${what}`, () => {
      it("ends when the deployment is completed, and tells what changed", async () => {
        await seed();
        await plan({ outcome: "completes", afterDescribes: 4 });
        const updated = await update();
        await wait(expect(updated));
        assert.deepEqual(clock.sleeps, [5000, 5000, 5000]);
        assert.deepEqual(told, [
          "web: 0 of 2 tasks of shop--staging--web:2 run, 2 pending, 2 of earlier ones still run; " +
            "the deployment is IN_PROGRESS",
          "web: 2 of 2 tasks of shop--staging--web:2 run; the deployment is COMPLETED",
        ]);
      });

      it("fails when ECS rolled back, although the service is steady (rows 8, 9, 13)", async () => {
        await seed();
        await plan({ outcome: "rollsBack", afterDescribes: 2 });
        const updated = await update();
        const error = await failureOf(DeploymentFailure, wait(expect(updated)));
        assert.match(
          error.message,
          /^web: shop--staging--web:1 has taken its place: ECS rolled back/,
        );
        assert.match(error.details.join("\n"), /tasks failed to start/);
        assert.deepEqual(error.services, ["web"]);
      });

      it("fails when ECS had rolled back before the wait began", async () => {
        const seeded = await seed();
        await plan({ outcome: "rollsBack" });
        const updated = await update();
        // Who expects what ECS went back to finds it steady.
        await wait(expect(seeded));
        const error = await failureOf(DeploymentFailure, wait(expect(updated)));
        assert.match(error.message, /shop--staging--web:1 has taken its place/);
        assert.deepEqual(error.details, [
          "web: ECS: the service deployment is ROLLBACK_SUCCESSFUL: ECS deployment circuit breaker: " +
            "tasks failed to start.",
        ]);
      });
    });
  }

  it("fails when the first deployment ever failed, with nothing to go back to (row 10)", async () => {
    await plan({ outcome: "fails", reason: "tasks failed health checks." });
    const seeded = await seed();
    const error = await failureOf(DeploymentFailure, wait(byImage(seeded)));
    assert.match(
      error.message,
      /the deployment of shop--staging--web:1 failed: .*tasks failed health checks\..* nothing to roll back to/,
    );
  });

  it("fails with the reason that ECS gives, such as an alarm (row 11)", async () => {
    await seed();
    await plan({ outcome: "rollsBack", afterDescribes: 3, reason: "alarm detected: shop-5xx." });
    const updated = await update();
    const error = await failureOf(DeploymentFailure, wait(byImage(updated)));
    assert.match([error.message, ...error.details].join("\n"), /alarm detected: shop-5xx/);
  });

  it("warns when ECS does not say that it watched the deployment's alarms (row 12)", async () => {
    const alarms = { alarmNames: ["shop-5xx"], enable: true, rollback: true };
    const seeded = await seedService(bench, target, "aaaaaaaa", {
      deploymentConfiguration: { alarms },
    });
    await wait(byArn(seeded));
    assert.match(
      told[0],
      /COMPLETED\. WARNING: ECS does not say that it watched the alarms shop-5xx/,
    );
  });

  it("fails when ECS rolled back to settings with the same image (row 13)", async () => {
    const since = new Date();
    const { image } = await seed();
    await plan({ outcome: "rollsBack" });
    const { ecs } = bench.clients;
    const { cluster } = target.names;
    const ecsName = target.names.service("web");
    const expectedImage = `${image.uri}@${image.digest}`;
    const taskDefinition = await defineTask(bench.clients, target, "web", expectedImage);
    await ecs.send(new UpdateServiceCommand({ cluster, service: ecsName, taskDefinition }));
    const services = [{ service: "web", ecsName, expectedImage }];
    const error = await failureOf(
      DeploymentFailure,
      waitForSteadyState({ ecs, cluster, services, clock, since }),
    );
    assert.match(error.message, /^web: ECS rolled its deployment back to the settings before it/);
    // What happened before an update began is not its failure.
    await waitForSteadyState({ ecs, cluster, services, clock, since: new Date(Date.now() + 1000) });
  });

  it("fails when somebody else deployed meanwhile", async () => {
    await seed();
    await plan({ outcome: "staysInProgress" });
    const updated = await update();
    const other = await updateService(bench.clients, target, "cccccccc");
    const error = await failureOf(DeploymentFailure, wait(byArn(updated)));
    assert.match(
      error.message,
      /shop--staging--web:3 has taken its place: .*somebody else deployed/,
    );
    await wait(byArn(other));
  });

  it("fails when the service is gone", async () => {
    const seeded = await seed();
    const names = { cluster: target.names.cluster, service: target.names.service("web") };
    await bench.clients.ecs.send(new UpdateServiceCommand({ ...names, desiredCount: 0 }));
    await bench.clients.ecs.send(new DeleteServiceCommand({ ...names, force: true }));
    assert.match(
      (await failureOf(DeploymentFailure, wait(byArn(seeded)))).message,
      /^web: the service is (gone|INACTIVE)/,
    );
    const error = await failureOf(DeploymentFailure, wait({ ...byArn(seeded), ecsName: "none" }));
    assert.match(error.message, /^web: the service is gone/);
  });

  it("does not end while tasks are missing, and gives up in time, saying what it saw (row 9)", async () => {
    await seed();
    await plan({ outcome: "staysInProgress" });
    const updated = await update();
    const error = await failureOf(DeploymentFailure, wait(byImage(updated), 95));
    assert.match(error.message, /^web did not become steady within 95 s$/);
    assert.match(error.details[0], /^web: 0 of 2 tasks of shop--staging--web:2 run/);
    assert.equal(clock.slept, 95);
    assert.deepEqual(clock.sleeps.slice(10), [5000, 5000, 10_000, 10_000, 10_000, 5000]);
    assert.equal(told.length, 1);
  });

  it("gives up after 15 minutes unless told otherwise", async () => {
    await seed();
    await plan({ outcome: "staysInProgress" });
    await failureOf(DeploymentFailure, wait(byArn(await update())));
    assert.equal(clock.slept, 900);
  });

  it("waits while tasks come and go", async () => {
    const seeded = await seed();
    const stop = {
      cluster: target.names.cluster,
      service: target.names.service("web"),
      count: 1,
    };
    await bench.emulator.control("ecs/stop-tasks", stop);
    const error = await failureOf(DeploymentFailure, wait(byArn(seeded), 30));
    assert.match(error.details[0], /1 of 2 tasks of shop--staging--web:1 run, 1 pending/);
  });

  it("waits for services together, and names the one that failed", async () => {
    target = targetOf({ web: {}, jobs: { kind: "worker" } });
    const web = await seed();
    await seedService(bench, target, "aaaaaaaa", { service: "jobs" });
    await bench.emulator.control("ecs/next-deployment", {
      cluster: target.names.cluster,
      service: target.names.service("jobs"),
      outcome: "rollsBack",
      afterDescribes: 2,
    });
    const jobs = await updateService(bench.clients, target, "bbbbbbbb", "jobs");
    const services = [
      { service: "web", ecsName: target.names.service("web"), ...byArn(web) },
      { service: "jobs", ecsName: target.names.service("jobs"), ...byArn(jobs) },
    ];
    const { ecs } = bench.clients;
    const error = await failureOf(
      DeploymentFailure,
      waitForSteadyState({ ecs, cluster: target.names.cluster, services, clock }),
    );
    assert.deepEqual(error.services, ["jobs"]);
  });

  it("asks once a poll for all services, and once more for each that is done", async () => {
    const seeded = await seed();
    assert.deepEqual(await bench.callsOf(() => wait(byArn(seeded))), {
      "ecs:DescribeServices": 1,
      "ecs:ListServiceDeployments": 1,
    });
  });
});
