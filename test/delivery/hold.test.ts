import assert from "node:assert/strict";
import { deployThrough } from "../../delivery/deploy";
import { DeliveryError } from "../../delivery/errors";
import { prepareThrough } from "../../delivery/prepare";
import { restoreThrough } from "../../delivery/restore";
import { resume } from "../../delivery/resume";
import { rollbackThrough, type RollbackRequest } from "../../delivery/rollback";
import { DeploymentFailure } from "../../delivery/steadyState";
import { aTarget } from "./support/aTarget";
import { FakeEnvironment, releaseNumber, web } from "./support/fakePorts";

const [one, two, three] = [1, 2, 3].map((n) => releaseNumber(n));
const ada = { owner: "ada@laptop", actor: "ada@laptop" };

describe("a person's rollback", () => {
  let env: FakeEnvironment;

  beforeEach(() => {
    env = running();
  });

  /** The second release runs, and came after the first. */
  function running(): FakeEnvironment {
    const made = new FakeEnvironment(aTarget({ services: { web } }));
    made.past(one);
    made.past(two, { previous: one });
    made.pointer = two;
    made.services = two;
    return made;
  }

  const rollback = (more: Partial<RollbackRequest> = {}) =>
    rollbackThrough(env.ports, { ...ada, ...more });
  const deploy = (release = three, owner = "execution-9") =>
    deployThrough(env.ports, { release, owner, actor: "pipeline" });
  const hold = () => env.notes.standing.hold;

  it("puts the environment on hold: who, why, since when, and from which release", async () => {
    await rollback();
    assert.deepEqual(hold(), {
      by: "ada@laptop",
      reason: `rolled back from ${two.id} to ${one.id}`,
      at: "2026-01-31T12:00:00.000Z",
      release: two.id,
    });
    assert.match(env.log.at(-1) ?? "", /is on hold: .* until gantry resume --stack staging$/);
  });

  it("says the reason that was given", async () => {
    await rollback({ reason: "payments fail" });
    assert.equal(hold()?.reason, "payments fail");
  });

  it("does not where that is not wanted", async () => {
    await rollback({ holds: false });
    assert.equal(hold(), undefined);
    assert.doesNotMatch(env.log.join("\n"), /on hold/);
    await deploy();
  });

  it("names what was left where the pointer was put back already", async () => {
    env.past(three, { status: "failed", previous: two });
    env.services = three;
    await rollback();
    assert.equal(hold()?.release, three.id);
  });

  it("that is killed leaves the hold, before anything that runs is changed, and sets it once", async () => {
    await rollback();
    const steps = env.done.length;
    for (let step = 1; step <= steps; step++) {
      for (const when of ["before", "after"] as const) {
        env = running();
        env.killAt(step, when);
        await assert.rejects(rollback());
        const isChanged = env.done.some((done) => /^(point|up|begin)/.test(done));
        assert.ok(hold() !== undefined || !isChanged, `${when} ${step}`);
        env.revive();
        await rollback().catch((error: unknown) => {
          assert.match(String(error), /no release before/);
        });
        assert.equal(env.view.notes?.length, 1, `${when} ${step}`);
      }
    }
  });

  it("that is taken up does not set a hold again that somebody has ended", async () => {
    env.killAt(4, "after");
    await assert.rejects(rollback());
    env.revive();
    await resume(env.ports.ledger, { by: "grace", stack: "staging" });
    await rollback();
    assert.equal(hold(), undefined);
  });

  it("that fails leaves the hold, and says so at its end", async () => {
    env.failOn("steady", new DeploymentFailure("web did not come up", ["web"]));
    await assert.rejects(rollback(), /web did not come up/);
    assert.deepEqual([hold()?.by, env.pointer], ["ada@laptop", two]);
    assert.match(env.log.at(-1) ?? "", /is on hold/);
    await assert.rejects(deploy(), /is on hold/);
  });

  describe("that is refused sets none:", () => {
    const refusals: [string, () => void, Partial<RollbackRequest>, RegExp][] = [
      ["an unknown release", () => undefined, { to: "99999999-9" }, /never had a release/],
      ["what runs already", () => undefined, { to: two.id }, /desired release .* already/],
      ["images that are gone", () => env.failOn("preflight", new Error("gone")), {}, /gone/],
      [
        "another's deployment in progress",
        () => (env.lock = lockOf("execution-3")),
        {},
        /is locked: .* execution-3/,
      ],
      [
        "an own deployment of another release in progress",
        () => (env.lock = lockOf(ada.owner)),
        {},
        /locked by this same owner/,
      ],
    ];
    const lockOf = (owner: string) => ({ number: 3, owner, at: "2026-01-31", releaseId: three.id });
    for (const [what, arrange, request, message] of refusals) {
      it(what, async () => {
        arrange();
        await assert.rejects(rollback(request), message);
        assert.equal(hold(), undefined);
      });
    }
  });

  it("a second time holds for the newer reason, and one resume ends it", async () => {
    env.past(three, { previous: two });
    env.pointer = three;
    await rollback();
    await rollback({ owner: "grace@desk", actor: "grace@desk" });
    assert.deepEqual([hold()?.by, hold()?.release], ["grace@desk", two.id]);
    const ended = await resume(env.ports.ledger, { by: "ada", reason: "fixed", stack: "staging" });
    assert.equal(ended?.by, "grace@desk");
    assert.equal(hold(), undefined);
    const [{ note, by, reason }] = env.view.notes ?? [];
    assert.deepEqual({ note, by, reason }, { note: "resumed", by: "ada", reason: "fixed" });
  });

  describe("refuses a new release:", () => {
    beforeEach(async () => {
      await rollback({ reason: "payments fail" });
      env.done.length = 0;
      await env.clock.sleep(25 * 60_000);
    });
    const refused = (error: unknown) => {
      assert.ok(error instanceof DeliveryError);
      assert.match(
        error.message,
        new RegExp(
          `^release ${three.id} is not deployed: staging is on hold since 2026-01-31T12:00:00.000Z \\(25 min ago\\), by ` +
            "ada@laptop: payments fail\\. Nothing was changed\\..* gantry resume --stack staging; then retry the stage " +
            `\\(gantry retry --stack staging\\), .*: gantry deploy --stack staging ${three.id}$`,
        ),
      );
      assert.deepEqual([env.done, env.lock], [["refused"], undefined]);
      return true;
    };

    it("before anything is changed, until it is ended", async () => {
      await assert.rejects(deploy(), refused);
      await resume(env.ports.ledger, { by: "ada", stack: "staging" });
      assert.equal((await deploy()).release.id, three.id);
    });

    it("the one that was gone back from, too", async () => {
      await assert.rejects(deploy(two), /release .* is not deployed: staging is on hold/);
    });

    it("by CodePipeline's ECS action as well", async () => {
      const request = { release: three, owner: "execution-9", actor: "pipeline" };
      await assert.rejects(prepareThrough(env.ports, { ...request, output: "/nowhere" }), refused);
    });

    it("but not what runs already, nor to restore it or to go further back", async () => {
      assert.equal((await deploy(one)).release.id, one.id);
      assert.equal((await restoreThrough(env.ports, ada)).kind, "restore");
      assert.equal((await rollback({ to: two.id })).release.id, two.id);
    });

    it("where the hold comes while it is being prepared", async () => {
      env = running();
      const { begin } = env.ports.ledger;
      const raced = env.ports;
      const ports = {
        ...raced,
        ledger: {
          ...raced.ledger,
          begin: async (...args: Parameters<typeof begin>) => {
            await env.notes.add({ note: "hold", by: "ada", reason: "500" }, env.records);
            return begin(...args);
          },
        },
      };
      const request = { release: three, owner: "execution-9", actor: "pipeline" };
      await assert.rejects(deployThrough(ports, request), /is on hold .* by ada: 500/);
      assert.deepEqual([env.lock, env.pointer], [undefined, two]);
    });
  });

  it("does not stop an execution that has begun before, when it is run again", async () => {
    env.killAt(4, "after");
    await assert.rejects(deploy());
    env.revive();
    await env.notes.add({ note: "hold", by: "ada", reason: "500" }, env.records);
    assert.equal((await deploy()).status, "deployed");
  });

  describe("resume", () => {
    it("of what nobody holds ends nothing", async () => {
      assert.equal(await resume(env.ports.ledger, { by: "ada", stack: "staging" }), undefined);
      assert.equal(env.view.notes?.length, 0);
    });

    it("ends no other hold than the one that is meant", async () => {
      await rollback();
      const since = hold()?.at ?? "";
      await env.clock.sleep(60_000);
      await env.notes.add({ note: "resumed", by: "grace", since }, env.records);
      await env.notes.add({ note: "hold", by: "grace", reason: "503" }, env.records);
      await assert.rejects(
        resume(env.ports.ledger, { by: "ada", since, stack: "staging" }),
        /is on hold again: grace set another hold at .*: 503/,
      );
      assert.equal(hold()?.by, "grace");
    });

    it("ends no hold that was set in the same moment", async () => {
      await rollback();
      const { ledger } = env.ports;
      const raced: typeof ledger = {
        ...ledger,
        annotate: async (note, view) => {
          await env.clock.sleep(1_000);
          await env.notes.add({ note: "hold", by: "grace", reason: "worse" }, env.records);
          return ledger.annotate(note, view);
        },
      };
      await assert.rejects(
        resume(raced, { by: "ada", stack: "staging" }),
        /on hold again: grace set another hold at .*: worse/,
      );
      assert.equal(hold()?.by, "grace");
    });
  });
});
