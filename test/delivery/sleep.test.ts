import assert from "node:assert/strict";
import { concludeThrough } from "../../delivery/conclude";
import { environmentStatus } from "../../delivery/status";
import { statusText } from "../../delivery/statusText";
import { deployThrough } from "../../delivery/deploy";
import { closedTo, gateText, waitText } from "../../delivery/gates";
import { prepareThrough } from "../../delivery/prepare";
import { refusedUntil } from "../../delivery/ledger/refusals";
import { restoreThrough } from "../../delivery/restore";
import { rollbackThrough } from "../../delivery/rollback";
import { aTarget } from "./support/aTarget";
import { ecsWith, running } from "./support/describedEcs";
import { FakeEnvironment, releaseNumber, web } from "./support/fakePorts";

const [one, two, three] = [1, 2, 3].map((n) => releaseNumber(n));
const ada = { owner: "ada@laptop", actor: "ada@laptop" };
const pipeline = { owner: "execution-9", actor: "pipeline" };
const at = "2026-01-31T12:00:00.000Z";

describe("while an environment sleeps", () => {
  let env: FakeEnvironment;

  beforeEach(async () => {
    env = new FakeEnvironment(aTarget({ services: { web } }));
    env.past(one);
    env.past(two, { previous: one, status: "deployed", owner: pipeline.owner });
    env.pointer = two;
    env.services = two;
    await fallAsleep();
    await env.clock.sleep(25 * 60_000);
  });

  const fallAsleep = () =>
    env.notes.add(
      { note: "asleep", by: "grace", reason: "the night", services: ["web 2"], schedules: [] },
      env.records,
    );
  const wake = () => {
    const since = env.notes.standing.sleep?.at ?? "";
    return env.notes.add({ note: "awake", by: "grace", since }, env.records);
  };

  const passed = { release: two.id, passed: true, services: {}, at };
  const acts: [string, () => Promise<unknown>, string][] = [
    [
      "a new release is not deployed",
      () => deployThrough(env.ports, { release: three, ...pipeline }),
      `release ${three.id} is not deployed: `,
    ],
    [
      "nor by CodePipeline's ECS action",
      () => prepareThrough(env.ports, { release: three, ...pipeline, output: "/nowhere" }),
      `release ${three.id} is not deployed: `,
    ],
    ["nobody goes back", () => rollbackThrough(env.ports, ada), ""],
    ["nothing is restored", () => restoreThrough(env.ports, ada), ""],
    [
      "no release counts as verified",
      () => concludeThrough(env.ports, { release: two, verification: passed, ...pipeline }),
      `release ${two.id} is not concluded: `,
    ],
    [
      "none is taken back for checks that found nothing",
      () =>
        concludeThrough(env.ports, {
          ...{ release: two, verification: { ...passed, passed: false }, ...pipeline },
        }),
      `release ${two.id} is not concluded: `,
    ],
  ];
  for (const [what, act, refused] of acts) {
    it(`${what}, which says since when, by whom, why, and the way out`, async () => {
      const before = structuredClone(env.records);
      await assert.rejects(act(), ({ message }: Error) => {
        const why =
          "staging is asleep since 2026-01-31T12:00:00.000Z (25 min ago), by grace: the night. No task runs, so nothing would show " +
          "that a release does. Nothing was changed. Wake it first: gantry wake --stack staging, ";
        assert.equal(
          message,
          refused === ""
            ? `${why}then run this again`
            : `${refused}${why}which then has the pipeline try it again`,
        );
        return true;
      });
      assert.deepEqual([env.records, env.lock, env.pointer], [before, undefined, two]);
      assert.equal(env.notes.standing.hold, undefined);
    });
  }

  it("what was refused is noted, so that waking finds it", async () => {
    await assert.rejects(deployThrough(env.ports, { release: three, ...pipeline }));
    const [note] = env.view.notes ?? [];
    assert.ok(note.note === "refused");
    assert.deepEqual([note.release, note.gates, note.by], [three.id, ["sleep"], "pipeline"]);
    assert.match(note.reason, /^the environment sleeps since 2026-01-31T12:00:00.000Z, by grace$/);
  });

  it("so is what was to be concluded", async () => {
    const asked = { release: two, verification: passed, ...pipeline };
    await assert.rejects(concludeThrough(env.ports, asked));
    const [note] = env.view.notes ?? [];
    assert.ok(note.note === "refused");
    assert.deepEqual([note.release, note.gates, note.by], [two.id, ["sleep"], "pipeline"]);
  });

  it("what runs already is refused as well, since its verification would meet nothing", async () => {
    await assert.rejects(deployThrough(env.ports, { release: two, ...pipeline }), /is asleep/);
  });

  it("all of it goes on after the end of the sleep", async () => {
    await wake();
    assert.equal((await deployThrough(env.ports, { release: three, ...pipeline })).number, 3);
    assert.equal((await restoreThrough(env.ports, ada)).kind, "restore");
    assert.equal((await rollbackThrough(env.ports, ada)).kind, "rollback");
  });

  it("nothing begins that was let through before", async () => {
    await wake();
    const { ledger } = env.ports;
    const raced = {
      ...env.ports,
      ledger: {
        ...ledger,
        begin: async (...args: Parameters<typeof ledger.begin>) => {
          await fallAsleep();
          return ledger.begin(...args);
        },
      },
    };
    await assert.rejects(
      deployThrough(raced, { release: three, ...pipeline }),
      /release .* is not deployed: staging is asleep since/,
    );
    await wake();
    await assert.rejects(rollbackThrough(raced, ada), /^DeliveryError: staging is asleep since/);
    assert.equal(env.lock, undefined);
  });

  it("who approves is told, and need not wait", async () => {
    const gates = await closedTo(env.ports, { releaseId: three.id, view: env.view });
    assert.deepEqual(gates.map(gateText), [
      "staging is asleep since 2026-01-31T12:00:00.000Z (25 min ago), by grace: the night, until gantry wake --stack staging",
    ]);
    assert.deepEqual(waitText(gates), ["Approved before, it is deployed then by itself"]);
  });

  it("who has a release tried again is told all that refuses it", async () => {
    await env.notes.add({ note: "hold", by: "ada", reason: "500" }, env.records);
    assert.deepEqual(refusedUntil("staging", env.notes.standing, env.clock.now()), [
      "staging is asleep since 2026-01-31T12:00:00.000Z (25 min ago), by grace: the night. Deploy refuses it until then: gantry wake --stack staging",
      "staging is on hold since 2026-01-31T12:25:00.000Z (0 min ago), by ada: 500. Deploy refuses it until then: gantry resume --stack staging",
    ]);
  });

  describe("its status", () => {
    const reader = { now: new Date("2026-01-31T12:25:00Z"), timezone: "Etc/UTC" };
    const text = async (desired: number, tasks = desired) => {
      const { ledger, pointer, alarms, clock } = env.ports;
      const digests = Array<string>(tasks).fill(two.images.web.digest);
      const status = await environmentStatus({
        ...{ target: env.target, ledger, pointer, alarms, clock },
        ecs: ecsWith(running("shop--staging--web", desired, digests)),
        failures: () => Promise.resolve([]),
      });
      return statusText(status, reader);
    };

    it("tells since when, by whom and why, and is neither unproven nor drifted", async () => {
      const told = await text(0);
      assert.match(told, /^staging is ASLEEP on 00000002-2 \(commit/);
      assert.match(told, /^web +0\/0 +00000002 +- +asleep$/m);
      assert.match(
        told,
        /^staging is asleep since 2026-01-31 12:00 \(25 min ago\), by grace: the night\n {2}no task runs, .*: gantry wake --stack staging$/m,
      );
      assert.doesNotMatch(told, /UNPROVEN|DRIFT|nothing shows|scale it up/);
    });

    it("tells what still stops", async () => {
      assert.match(await text(0, 1), /^ {2}tasks still stop of web, and nothing is deployed; /m);
    });

    it("tells what runs all the same, where falling asleep was cut off", async () => {
      assert.match(
        await text(1),
        /^ {2}tasks shall run all the same of web: .* gantry sleep --stack staging, or gantry wake --stack staging$/m,
      );
    });

    it("tells that what was refused meanwhile is tried again by waking it", async () => {
      await assert.rejects(deployThrough(env.ports, { release: three, ...pipeline }));
      assert.match(
        await text(0),
        /^release 00000003-3 was refused at .*\n {2}gantry wake --stack staging has the pipeline try it again$/m,
      );
    });
  });
});
