import assert from "node:assert/strict";
import { concludeThrough } from "../../../delivery/conclude";
import { deployThrough } from "../../../delivery/deploy";
import { driftOf } from "../../../delivery/deploy/drift";
import type { DeliveryError } from "../../../delivery/errors";
import { restoreThrough } from "../../../delivery/restore";
import { rollbackThrough } from "../../../delivery/rollback";
import { aTarget } from "../support/aTarget";
import { FakeEnvironment, releaseNumber, web } from "../support/fakePorts";

const [one, two, three] = [1, 2, 3].map((n) => releaseNumber(n));
const arn = (revision: number) =>
  `arn:aws:ecs:eu-west-1:123456789012:task-definition/shop-staging-web:${revision}`;
const person = { owner: "ada@laptop", actor: "ada@laptop" };

describe("what was changed beside the pipeline", () => {
  let env: FakeEnvironment;

  beforeEach(() => {
    env = new FakeEnvironment();
    env.past(one);
    env.past(two, { previous: one, updatingHost: "build-1", begunAt: "2026-01-02T10:00:00.000Z" });
    env.pointer = two;
    env.state = { writtenAt: new Date("2026-01-02T10:01:00Z"), taskDefinitions: { web: arn(2) } };
    env.taskDefinitions = { web: arn(2) };
  });

  /** Somebody put another task definition on the service. */
  const edit = () => {
    env.taskDefinitions = { web: arn(3) };
  };
  /** Somebody put an older state in the place of Pulumi's. */
  const restoreOldState = () => {
    env.state = { writtenAt: new Date("2026-01-01T09:00:00Z"), taskDefinitions: { web: arn(1) } };
  };
  const lastUp = () => env.ups.at(-1);

  describe("is found", () => {
    const found = (taskDefinitions: Record<string, string>) =>
      driftOf("staging", env.state as never, taskDefinitions, { records: env.records });

    it("not where the service is on what the state says, by ARN or by family and revision", () => {
      assert.deepEqual(found({ web: arn(2) }).lines, []);
      assert.deepEqual(found({ web: "shop-staging-web:2" }).lines, []);
    });

    it("not in a service that the state or ECS does not have", () => {
      assert.deepEqual(found({ web: arn(2), jobs: arn(9) }).lines, []);
      assert.deepEqual(found({}).lines, []);
    });

    it("where somebody put another task definition on it (row F1)", () => {
      const { lines, isStateOlder } = found({ web: arn(3) });
      assert.equal(isStateOlder, false);
      assert.deepEqual(lines, [
        "drift: web is on shop-staging-web:3, and Pulumi's state says shop-staging-web:2",
        "Somebody changed the service beside the pipeline (CloudTrail: UpdateService, RegisterTaskDefinition), or ECS rolled it back.",
      ]);
    });

    it("as an older state, where it was written before the newest deployment (row F5)", () => {
      restoreOldState();
      const { lines, isStateOlder } = found({ web: arn(2) });
      assert.equal(isStateOlder, true);
      assert.match(
        lines[1],
        /state of staging is older than what runs: it was written at 2026-01-01/,
      );
      assert.match(lines[1], /deployment 2 began at 2026-01-02.*pulumi refresh --stack staging$/);
    });
  });

  for (const [what, change, told] of [
    ["an image changed in the console (row F1)", edit, /drift: web is on shop-staging-web:3/],
    ["an older state (row F5)", restoreOldState, /state of staging is older than what runs/],
  ] as const) {
    describe(`after ${what}`, () => {
      beforeEach(change);

      it("a rollback says so, and reads back what ECS has first", async () => {
        await rollbackThrough(env.ports, person);
        assert.deepEqual([lastUp()?.release?.id, lastUp()?.refresh], [one.id, true]);
        assert.ok(env.log.some((line) => told.test(line)));
      });

      it("the next deployment does, too", async () => {
        await deployThrough(env.ports, { release: three, owner: "execution", actor: "ada" });
        assert.deepEqual([lastUp()?.release?.id, lastUp()?.refresh], [three.id, true]);
        assert.ok(env.log.some((line) => told.test(line)));
      });

      it("a rollback after a failed verification does, too", async () => {
        const services = { web: { passed: false, attempts: 1, seconds: 1, output: [] } };
        const verification = { release: two.id, passed: false, at: "2026", services };
        await assert.rejects(
          concludeThrough(env.ports, { release: two, verification, ...person }),
          /failed its verification/,
        );
        assert.deepEqual([lastUp()?.release?.id, lastUp()?.refresh], [one.id, true]);
      });

      it("to deploy the same release again is refused at once, with the command", async () => {
        const request = { release: two, owner: "execution", actor: "ada" };
        await assert.rejects(deployThrough(env.ports, request), (error: DeliveryError) => {
          assert.match(error.message, /deployed to staging already, as deployment 2, but/);
          assert.match(error.message, /gantry restore --stack staging$/);
          assert.ok(error.details.some((line) => told.test(line)));
          return true;
        });
        assert.deepEqual(env.done, []);
      });

      it("gantry restore puts the desired release back, told as a deployment of its own", async () => {
        const record = await restoreThrough(env.ports, person);
        assert.deepEqual(env.done, [
          `preflight ${two.id}`,
          `begin restore ${two.id}`,
          "note updating",
          `up ${two.id}`,
          `steady ${two.id}`,
          `truth ${two.id}`,
          `tag ${two.id} 3`,
          "end deployed",
        ]);
        assert.deepEqual([lastUp()?.resumes, lastUp()?.refresh], [true, true]);
        assert.deepEqual([record.kind, record.status], ["restore", "deployed"]);
        assert.deepEqual([env.pointer?.id, env.lock], [two.id, undefined]);
      });
    });
  }

  it("is passed over where ECS is read back anyway: after a deployment that was cut off", async () => {
    env.past(three, { status: "failed", previous: two });
    edit();
    await rollbackThrough(env.ports, person);
    assert.equal(lastUp()?.refresh, true);
    assert.ok(!env.log.some((line) => line.includes("drift")));
  });

  describe("gantry restore", () => {
    it("that is killed at any step is taken up by the same person", async () => {
      for (let step = 1; step <= 8; step++) {
        for (const when of ["before", "after"] as const) {
          env = FakeEnvironment.running(one);
          env.killAt(step, when);
          await assert.rejects(restoreThrough(env.ports, person));
          env.revive();
          const record = await restoreThrough(env.ports, person);
          assert.deepEqual([record.status, env.lock], ["deployed", undefined], `${when} ${step}`);
        }
      }
    });

    it("has nothing to put back before the first release", async () => {
      env.pointer = undefined;
      await assert.rejects(
        restoreThrough(env.ports, person),
        /pulumi refresh --stack staging && pulumi up --stack staging/,
      );
    });

    it("is what rollback says where it is asked for what should run already", async () => {
      await assert.rejects(
        rollbackThrough(env.ports, { ...person, to: two.id }),
        /desired release of staging already.*gantry restore --stack staging/,
      );
    });
  });
});

describe("Pulumi's state that somebody holds (row F6)", () => {
  const holder = {
    ...{ user: "root", host: "build-9", pid: 7, at: new Date("2026-01-31T12:00:00Z") },
    text: "taken by root@build-9 (pid 7) at 2026-01-31T12:00:00Z",
  };
  const refused =
    /state of staging is locked: taken by root@build-9.*pulumi cancel --stack staging/;
  let env: FakeEnvironment;

  beforeEach(() => {
    env = new FakeEnvironment(aTarget({ services: { web } }));
    env.past(one);
    env.past(two, { previous: one });
    env.pointer = two;
    env.stateHeldBy = holder;
  });

  it("stops a deployment, a rollback and a restore before they begin", async () => {
    const request = { release: three, owner: "execution", actor: "ada" };
    await assert.rejects(deployThrough(env.ports, request), refused);
    await assert.rejects(rollbackThrough(env.ports, person), refused);
    await assert.rejects(restoreThrough(env.ports, person), refused);
    assert.deepEqual([env.done, env.records.length, env.lock], [[], 2, undefined]);
    assert.equal(env.pointer, two);
  });

  it("does not stop a run that takes up its own deployment: that clears its own lock", async () => {
    env.stateHeldBy = undefined;
    env.killAt(6, "before");
    const request = { release: three, owner: "execution", actor: "ada" };
    await assert.rejects(deployThrough(env.ports, request));
    env.revive();
    env.stateHeldBy = holder;
    assert.equal((await deployThrough(env.ports, request)).status, "deployed");
  });
});

describe("a history that was lost (row F4)", () => {
  it("goes on with the numbers after those that images are tagged with", async () => {
    const env = new FakeEnvironment();
    env.pointer = one;
    env.highestTagged = 41;
    const request = { release: two, owner: "execution", actor: "ada" };
    const record = await deployThrough(env.ports, request);
    assert.equal(record.number, 42);
    assert.ok(env.done.includes(`tag ${two.id} 42`));
    assert.ok(env.log.some((line) => /history ends at deployment 0.*go on from 42/.test(line)));
  });

  it("that was restored from an older backup does, too, also for a rollback", async () => {
    const env = new FakeEnvironment();
    env.past(one);
    env.pointer = two;
    env.highestTagged = 7;
    const record = await rollbackThrough(env.ports, { ...person, to: one.id });
    assert.equal(record.number, 8);
  });

  it("is not looked for where the history knows what runs", async () => {
    const env = FakeEnvironment.running(one);
    env.highestTagged = 7;
    const request = { release: two, owner: "execution", actor: "ada" };
    assert.equal((await deployThrough(env.ports, request)).number, 2);
  });
});
