import assert from "node:assert/strict";
import fc from "fast-check";
import { Company, moveKinds, type Move } from "./world/company";
import { World } from "./world/world";

/** Deliveries and changes of settings come more often than the rest. */
const kind = fc.oneof(
  fc.constantFrom(...moveKinds),
  fc.constantFrom(...(["deploy", "retry", "cpu", "rollback"] as const)),
);

const move: fc.Arbitrary<Move> = fc.record({
  kind,
  passes: fc.boolean(),
  refresh: fc.boolean(),
  kill: fc.oneof(fc.constant(Infinity), fc.integer({ min: 1, max: 60 })),
  afterSeconds: fc.constantFrom(0, 1, 10, 40, 60, 300),
});

const moves = fc.array(move, { maxLength: 8 });

/**
 * What is so in the end, whatever was done.
 * @param rolled whether new tasks got requests at once, for a time.
 */
async function check({ world, good }: Company, rolled: boolean): Promise<void> {
  assert.ok(!world.met.includes(undefined), "users met a group without a task");
  const bad = world.met.filter((id) => id !== undefined && !good.includes(id));
  if (!rolled) assert.deepEqual(bad, [], "users met what failed its verification");
  const { lock } = await world.ledger.recent();
  assert.deepEqual([lock, world.pulumi.lock], [undefined, undefined], "a lock");
  assert.equal(world.isQuiet, true, "a deployment goes on, or a hook waits");
  const agreed = Array.from(world.said, () => world.pointer?.id);
  assert.deepEqual(world.said, agreed, "pointer, Pulumi's state, ECS, what serves");
  assert.equal(world.pointer?.awaitsVerification, undefined);
  assert.deepEqual(world.pulumi.changes, [], "the preview");
}

/** Has a company do things, and tells all that happened where something is wrong in the end. */
async function run(
  seed: number,
  made: readonly Move[],
  end: (company: Company) => Promise<void>,
): Promise<void> {
  const company = new Company(seed);
  const { world } = company;
  try {
    await world.schedule.run(
      (async () => {
        await company.found();
        await company.make(made);
        await end(company);
        await check(
          company,
          made.some((one) => one.kind === "strategy"),
        );
      })(),
    );
  } catch (error) {
    const { deployments } = world.colours;
    (error as Error).message += `\n${[...world.log, JSON.stringify(deployments)].join("\n")}`;
    throw error;
  }
}

describe("pipelines, people and time that do things at once, some of them killed", () => {
  before(() => World.prepare());
  after(() => World.leave());

  it("leave users with what was verified, and nothing in the way of the next release", async () => {
    await fc.assert(
      fc.asyncProperty(moves, fc.nat(), async (made, seed) => {
        await run(seed, made, async (company) => {
          await company.goOn(seed % 2 === 0);
          const { records } = await company.world.ledger.recent();
          assert.equal(records[0].release.id, company.good.at(-1));
          assert.equal(records[0].status, "verified");
        });
      }),
      { numRuns: 60, seed: 11 },
    );
  }).timeout(60_000);

  it("come to an end that all agree on when they are run again", async () => {
    await fc.assert(
      fc.asyncProperty(moves, fc.nat(), async (made, seed) => {
        await run(seed, made, (company) => company.takeUp());
      }),
      { numRuns: 40, seed: 12 },
    );
  }).timeout(60_000);
});
