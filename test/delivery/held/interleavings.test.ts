import assert from "node:assert/strict";
import fc from "fast-check";
import { restoreThrough } from "../../../delivery/restore";
import { resume } from "../../../delivery/resume";
import { rollbackThrough } from "../../../delivery/rollback";
import { aTarget } from "../support/aTarget";
import { FakeEnvironment, releaseNumber, web } from "../support/fakePorts";
import { conclude, deploy, heldEnvironment, one, requireQuiet, shiftOf } from "./support";

const person = { owner: "grace@laptop", actor: "grace@laptop" };

/** What people, pipelines and time do, each of it killed at some step or not at all. */
type Move =
  | { readonly kind: "deploy" | "again"; readonly kill: number }
  | { readonly kind: "conclude"; readonly passed: boolean; readonly kill: number }
  | { readonly kind: "rollback" | "restore"; readonly kill: number }
  /** People have approved what was deployed before the newest: later, or too late. */
  | { readonly kind: "late"; readonly kill: number }
  | { readonly kind: "expire" | "unlock" | "alarm" | "resume" };

const kill = fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 14 }));
const move: fc.Arbitrary<Move> = fc.oneof(
  fc.record({ kind: fc.constantFrom("deploy" as const, "again" as const), kill }),
  fc.record({ kind: fc.constant("conclude" as const), passed: fc.boolean(), kill }),
  fc.record({ kind: fc.constantFrom("rollback" as const, "restore" as const), kill }),
  fc.record({ kind: fc.constant("late" as const), kill }),
  fc.record({
    kind: fc.constantFrom(...(["expire", "unlock", "alarm", "resume"] as const)),
  }),
);

/** Mostly releases that come and are answered. */
const answered = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({ kind: fc.constantFrom("deploy" as const, "late" as const), kill }),
  },
  { weight: 1, arbitrary: move },
);

/** An environment, and what was found good in it. */
class World {
  readonly passed = new Set([one.id]);
  private readonly approved = new Set<string>();
  private newest = 1;

  constructor(readonly env: FakeEnvironment) {}

  async make(made: Move): Promise<void> {
    if ("kill" in made && made.kill > 0) this.env.killAt(made.kill, "after");
    const { records } = this.env;
    const { hold } = this.env.notes.standing;
    await this.work(made).catch(() => undefined);
    this.env.revive();
    const isNew = this.env.records.length > records.length && this.env.records[0].kind === "deploy";
    assert.ok(!(hold && isNew), "a release was deployed while the environment was on hold");
  }

  /** The newest release is deployed and found good. */
  async end(): Promise<string> {
    this.newest += 1;
    // Whoever has left the lock is dead.
    await this.env.ports.ledger.unlock("grace@laptop");
    await this.resume();
    await this.deploy();
    await this.conclude(true);
    return releaseNumber(this.newest).id;
  }

  private async work(made: Move): Promise<unknown> {
    const shift = shiftOf(this.env);
    switch (made.kind) {
      case "deploy":
        this.newest += 1;
        return this.deploy();
      case "again":
        return this.deploy();
      case "conclude":
        // The first release was concluded before.
        if (this.newest === 1) return undefined;
        return this.conclude(made.passed);
      case "late":
        if (this.newest <= 2) return undefined;
        return this.conclude(true, this.newest - 1);
      case "rollback":
        return rollbackThrough(this.env.ports, person);
      case "restore":
        return restoreThrough(this.env.ports, person);
      case "expire":
        if (shift.waiting) shift.expire();
        return undefined;
      case "unlock":
        return this.env.ports.ledger.unlock("grace@laptop");
      case "resume":
        return this.resume();
      case "alarm":
        shift.shiftFails = "alarm detected";
        return undefined;
    }
  }

  private resume() {
    return resume(this.env.ports.ledger, { by: "grace@laptop", stack: "staging" });
  }

  private deploy() {
    const execution = `execution-${this.newest}`;
    if (!this.approved.has(execution)) this.env.unapproved.add(execution);
    return deploy(this.env, releaseNumber(this.newest), execution);
  }

  private conclude(passed: boolean, number = this.newest) {
    const release = releaseNumber(number);
    const execution = `execution-${number}`;
    // Approved too late, it is not to be met any more.
    const isOver = this.env.records.some(
      (record) => record.release.id === release.id && record.failedStage === "superseded",
    );
    if (passed && !isOver) this.passed.add(release.id);
    if (passed) {
      this.approved.add(execution);
      this.env.unapproved.delete(execution);
    }
    return conclude(this.env, passed, release, execution);
  }
}

/** Where a newer release takes the place of what waits for an approval. */
const asking = aTarget(
  {
    services: { web },
    pipeline: { approval: "afterVerification", promoteFrom: { stack: "staging" } },
  },
  "/nowhere",
  "production",
);

describe("whatever people, pipelines and time do, in whatever order", () => {
  for (const [how, made, environment] of [
    ["", move, heldEnvironment],
    [
      ", and people are asked after the verification",
      answered,
      () => FakeEnvironment.shifting(one, asking),
    ],
  ] as const) {
    it(`users meet what was found good alone, and the next release is deployed and leaves nothing${how}`, async () => {
      await fc.assert(
        fc.asyncProperty(fc.array(made, { maxLength: 8 }), async (moves) => {
          const world = new World(environment());
          for (const next of moves) await world.make(next);
          shiftOf(world.env).shiftFails = undefined;
          const last = await world.end();
          const met = shiftOf(world.env).met.map((release) => release?.id ?? "nothing");
          assert.deepEqual(
            met.filter((id) => !world.passed.has(id)),
            [],
          );
          assert.equal(world.env.records[0].status, "verified");
          requireQuiet(world.env, world.env.records[0].release);
          assert.equal(world.env.records[0].release.id, last);
        }),
        { numRuns: 300, seed: 11 },
      );
    }).timeout(60_000);
  }
});
