import assert from "node:assert/strict";
import {
  DescribeTasksCommand,
  UpdateServiceCommand,
  type CreateServiceCommandInput,
} from "@aws-sdk/client-ecs";
import type { Release } from "../../../contract/manifest";
import { DeliveryError } from "../../../delivery/errors";
import { Ledger } from "../../../delivery/ledger";
import { writePointer } from "../../../delivery/pointer";
import { waitForSteadyState } from "../../../delivery/steadyState";
import { newestServiceDeployment } from "../../../delivery/steadyState/serviceDeployment";
import type { Target } from "../../../delivery/target";
import { findTasks } from "../../../delivery/tasks";
import { planRestart, restart, type RestartOptions } from "../../../operations/restart";
import { createLedgerTable } from "../../support/ledgerTable";
import { failureOf } from "../delivery/failureOf";
import {
  FakeClock,
  releaseOf,
  seedService,
  targetOf,
  type DeliveryBench,
} from "../delivery/support";
import { useBench } from "../delivery/useBench";

const blueGreen: Partial<CreateServiceCommandInput> = {
  deploymentConfiguration: {
    ...{ strategy: "BLUE_GREEN", bakeTimeInMinutes: 5 },
    lifecycleHooks: [
      {
        ...{ targetType: "PAUSE", lifecycleStages: ["POST_SCALE_UP"] },
        timeoutConfiguration: { timeoutInMinutes: 30, action: "ROLLBACK" },
      },
    ],
  },
};

describe("a restart on the emulator", function () {
  this.timeout(120_000);
  let bench: DeliveryBench;
  let target: Target;
  let ledger: Ledger;
  let release: Release;
  let told: string[];

  useBench((started) => (bench = started));

  beforeEach(async () => {
    target = targetOf({ web: {}, mailer: { kind: "worker" } });
    told = [];
    await createLedgerTable(bench.clients, target);
    const clock = { now: () => new Date(), sleep: () => Promise.resolve() };
    ledger = new Ledger(bench.clients.dynamodb, target.names.ledger, clock, "staging");
  });

  /** An environment whose release was deployed. */
  async function seed(more: Partial<CreateServiceCommandInput> = {}): Promise<void> {
    const web = await seedService(bench, target, "aaaaaaaa", more);
    const mailer = await seedService(bench, target, "aaaaaaaa", { service: "mailer" });
    await waitForSteadyState({
      ...{ ecs: bench.clients.ecs, cluster: target.names.cluster, clock: new FakeClock() },
      services: [{ ...{ service: "web", ecsName: target.names.service("web") }, ...web }],
    });
    release = releaseOf({ web: web.image, mailer: mailer.image });
    await writePointer(bench.clients.ssm, target.names, release);
    const begun = { kind: "deploy", release, owner: "execution-1", actor: "pipeline" } as const;
    const record = await ledger.begin(begun, await ledger.recent());
    await ledger.end(record, { status: "deployed", seconds: 42 });
  }

  const options = (...services: string[]): RestartOptions => ({
    ...{ clients: bench.clients, target, ledger, services, owner: "ada@desk", actor: "ada@desk" },
    ...{ clock: new FakeClock(), log: (line) => told.push(line) },
  });
  const run = async (...services: string[]) => {
    const given = options(...services);
    return restart(given, await planRestart(given));
  };
  const plan = (outcome: object, service = "web") =>
    bench.emulator.control("ecs/next-deployment", {
      ...{ cluster: target.names.cluster, service: target.names.service(service), ...outcome },
    });
  const newest = (service: string) =>
    newestServiceDeployment(bench.clients.ecs, target.names.cluster, target.names.service(service));

  async function tasksOf(service: string): Promise<string[]> {
    const { cluster } = target.names;
    const tasks = await findTasks(bench.clients.ecs, {
      ...{ cluster, serviceName: target.names.service(service), desiredStatus: "RUNNING" },
    });
    const { tasks: described = [] } = await bench.clients.ecs.send(
      new DescribeTasksCommand({ cluster, tasks: tasks.map(({ taskArn = "" }) => taskArn) }),
    );
    return described.map(({ taskArn = "" }) => taskArn).sort();
  }

  it("exchanges the tasks of the services that are named, and the history has it", async () => {
    await seed();
    const [web, mailer] = [await tasksOf("web"), await tasksOf("mailer")];
    await plan({ outcome: "completes", afterDescribes: 3 });
    const record = await run("web");
    const after = await tasksOf("web");
    assert.equal(after.length, 2);
    assert.deepEqual(
      after.filter((task) => web.includes(task)),
      [],
    );
    assert.deepEqual(await tasksOf("mailer"), mailer);
    const { records, lock } = await ledger.recent();
    assert.deepEqual(
      [records[0].number, records[0].kind, records[0].status, records[0].services, lock],
      [2, "restart", "deployed", ["web"], undefined],
    );
    assert.deepEqual(records[0], record);
    assert.match(told.join("\n"), /restart: steady state: web: 0 of 2 tasks .* run, 2 pending/);
  });

  it("is another one each time", async () => {
    await seed();
    assert.equal((await run()).number, 2);
    assert.equal((await run("mailer")).number, 3);
  });

  it("says for each service how its tasks go, and leaves alone what runs none", async () => {
    await seed({ deploymentConfiguration: { minimumHealthyPercent: 0, maximumPercent: 100 } });
    const { cluster } = target.names;
    const service = target.names.service("mailer");
    const { acts } = await planRestart(options());
    assert.deepEqual(acts, [
      "web: 2 tasks stop, and new ones of the same release start only then: nothing of it runs meanwhile",
      "mailer: 2 tasks are replaced by new ones of the same release, old ones leaving as new ones are healthy",
    ]);
    await bench.clients.ecs.send(new UpdateServiceCommand({ cluster, service, desiredCount: 0 }));
    const { acts: later, services } = await planRestart(options());
    assert.deepEqual(services, ["web"]);
    assert.equal(later[1], "mailer: is left alone, since no task of it should run");
    const error = await failureOf(DeliveryError, planRestart(options("mailer")));
    assert.match(error.message, /^no task of mailer should run at the moment/);
  });

  it("lets a shift go on that waits for an answer: nobody else would give one", async () => {
    await seed(blueGreen);
    const before = await tasksOf("web");
    const [act] = (await planRestart(options("web"))).acts;
    assert.match(act, /beside those that run.*\(BLUE_GREEN\); the old ones leave 5 minutes later/);
    await run("web");
    assert.match(told.join("\n"), /waits for an answer until .*; it was told to go on/);
    assert.equal((await newest("web"))?.status, "SUCCESSFUL");
    assert.deepEqual(
      (await tasksOf("web")).filter((task) => before.includes(task)),
      [],
    );
  });

  it("that was cut off is taken up by the same person, and by nobody else", async () => {
    await seed(blueGreen);
    // Killed once it waits for the new tasks: nothing of it goes on.
    await new Promise<void>((waits) => {
      const clock = { now: () => new Date(), sleep: () => (waits(), new Promise<void>(() => {})) };
      const cut = { ...options("web"), clock };
      void planRestart(cut).then((plan) => restart(cut, plan));
    });
    const begun = await newest("web");
    assert.equal(begun?.status, "IN_PROGRESS");

    const other = await failureOf(DeliveryError, planRestart({ ...options(), owner: "bo@lap" }));
    assert.match(other.message, /staging is locked: deployment 2 .*held by ada@desk/);

    const record = await run("web");
    assert.deepEqual([record.number, record.status], [2, "deployed"]);
    const after = await newest("web");
    assert.equal(after?.serviceDeploymentArn, begun?.serviceDeploymentArn);
    assert.equal(after?.status, "SUCCESSFUL");
  });

  it("fails where new tasks do not come up, and what ran goes on", async () => {
    await seed();
    await plan({ outcome: "rollsBack", afterDescribes: 2 });
    const error = await failureOf(DeliveryError, run("web"));
    assert.match(error.message, /^the restart of web in staging failed: web: ECS rolled/);
    assert.match(error.details.at(-1) ?? "", /gantry status --stack staging/);
    const { records, lock } = await ledger.recent();
    assert.deepEqual(
      [records[0].status, records[0].restored, lock],
      ["failed", release.id, undefined],
    );
  });

  it("leaves no shift behind where new tasks do not come up", async () => {
    await seed(blueGreen);
    const given = options("web");
    const short = { ...given, clock: new FakeClock() };
    await plan({ outcome: "staysInProgress" });
    const error = await failureOf(DeliveryError, restart(short, await planRestart(short)));
    assert.match(error.message, /web did not become steady within \d+ s/);
    assert.match((await newest("web"))?.status ?? "", /^(ROLLBACK_SUCCESSFUL|STOPPED)$/);
    assert.equal((await ledger.recent()).records[0].restored, release.id);
  });

  it("is refused while a deployment runs, with whose it is", async () => {
    await seed();
    const begun = { kind: "deploy", owner: "execution-2", actor: "pipeline" } as const;
    await ledger.begin(
      { ...begun, release: { ...release, id: "aaaaaaaa-2" } },
      await ledger.recent(),
    );
    const error = await failureOf(DeliveryError, planRestart(options("web")));
    assert.match(
      error.message,
      /staging is locked: deployment 2 of release aaaaaaaa-2 .*held by pipeline, execution-2/,
    );
  });

  it("is refused while ECS is at something that has no lock", async () => {
    await seed();
    await plan({ outcome: "staysInProgress" });
    await bench.clients.ecs.send(
      new UpdateServiceCommand({
        ...{ cluster: target.names.cluster, service: target.names.service("web") },
        forceNewDeployment: true,
      }),
    );
    const error = await failureOf(DeliveryError, planRestart(options("web")));
    assert.match(error.message, /a deployment is under way in staging that has no lock/);
    assert.match(error.details[0], /^web: its deployment is IN_PROGRESS since 20/);
    assert.deepEqual((await planRestart(options("mailer"))).services, ["mailer"]);
  });

  it("is refused before the first release, and of what ECS does not have", async () => {
    await seedService(bench, target, "aaaaaaaa");
    const first = await failureOf(DeliveryError, planRestart(options()));
    assert.match(first.message, /has no release yet/);
    release = releaseOf({
      web: { uri: "e.com/w", tag: "aaaaaaaa", digest: `sha256:${"a".repeat(64)}` },
    });
    await writePointer(bench.clients.ssm, target.names, release);
    const error = await failureOf(DeliveryError, planRestart(options("mailer")));
    assert.match(error.message, /ECS has no mailer of staging.*pulumi up --stack staging/);
  });
});
