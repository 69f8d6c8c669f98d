import assert from "node:assert/strict";
import fc from "fast-check";
import type { DeploymentEvent, DeploymentRecord } from "../../../delivery/ledger/events";
import { foldAll, foldEvents, isTold } from "../../../delivery/ledger/fold";
import { begun, inPlace, minute, release } from "./events";

const deployed: DeploymentEvent = { event: "deployed", seconds: 42 };
const held: DeploymentEvent = { event: "held", seconds: 31, services: ["web"] };
const verified: DeploymentEvent = { event: "verified" };
const unlocked: DeploymentEvent = { event: "unlocked", actor: "grace" };
const updating: DeploymentEvent = { event: "updating", host: "build-1" };
const failedVerify: DeploymentEvent = {
  event: "failed",
  stage: "verify",
  reason: "GET / is 500",
  restored: "11111111-1",
};
const failedDeploy: DeploymentEvent = {
  event: "failed",
  stage: "deploy",
  reason: "exit code 1",
  seconds: 7,
};

function fold(...events: DeploymentEvent[]): DeploymentRecord {
  const record = foldEvents(inPlace(events));
  assert.ok(record);
  return record;
}

describe("the events of a deployment", () => {
  const table: [string, DeploymentEvent[], Partial<DeploymentRecord>][] = [
    ["begun", [begun], { status: "inProgress", releaseCommandDone: false, endedAt: undefined }],
    [
      "the release command ran",
      [begun, { event: "releaseCommand" }],
      { status: "inProgress", releaseCommandDone: true },
    ],
    [
      "updated on one host, then on another",
      [begun, updating, { event: "updating", host: "build-2" }],
      { status: "inProgress", updatingHost: "build-2" },
    ],
    [
      "deployed",
      [begun, updating, deployed],
      { status: "deployed", seconds: 42, endedAt: minute(2), reason: undefined },
    ],
    [
      "verified",
      [begun, deployed, verified],
      { status: "verified", seconds: 42, endedAt: minute(1) },
    ],
    [
      "held, and superseded: not only as long as until it was held",
      [begun, held, { event: "failed", stage: "superseded", reason: "superseded by 2" }],
      { status: "failed", failedStage: "superseded", seconds: 120 },
    ],
    [
      "failed after its end, which took as long as before",
      [begun, deployed, failedVerify],
      { status: "failed", seconds: 42 },
    ],
    [
      "failed",
      [begun, failedDeploy],
      {
        status: "failed",
        failedStage: "deploy",
        reason: "exit code 1",
        seconds: 7,
        restored: undefined,
      },
    ],
    [
      "deployed, then failed to verify",
      [begun, deployed, failedVerify],
      {
        status: "failed",
        failedStage: "verify",
        reason: "GET / is 500",
        restored: "11111111-1",
        seconds: 42,
        endedAt: minute(2),
      },
    ],
    [
      "held",
      [begun, updating, held],
      { status: "held", held: ["web"], seconds: 31, endedAt: undefined },
    ],
    [
      "held, then deployed and verified",
      [begun, held, deployed, verified],
      { status: "verified", held: undefined, seconds: 42, endedAt: minute(2) },
    ],
    [
      "held, then failed to verify",
      [begun, held, failedVerify],
      { status: "failed", held: undefined, failedStage: "verify", restored: "11111111-1" },
    ],
    [
      "unlocked while it was held",
      [begun, held, unlocked],
      {
        status: "failed",
        failedStage: "verify",
        held: undefined,
        reason: "grace took its lock away before it was concluded",
      },
    ],
    [
      "unlocked, and held all the same",
      [begun, unlocked, held],
      { status: "failed", held: undefined, reason: "abandoned: grace took its lock away" },
    ],
    [
      "unlocked while in progress",
      [begun, unlocked],
      { status: "failed", reason: "abandoned: grace took its lock away", endedAt: minute(1) },
    ],
    [
      "unlocked, but deployed all the same",
      [begun, unlocked, deployed],
      { status: "deployed", reason: undefined, failedStage: undefined, seconds: 42 },
    ],
    ["unlocked after its end", [begun, deployed, unlocked], { status: "deployed" }],
  ];
  for (const [what, events, expected] of table) {
    it(`tell that it is ${what}`, () => {
      const record = fold(...events);
      for (const [key, value] of Object.entries(expected)) {
        assert.deepEqual(record[key as keyof DeploymentRecord], value, key);
      }
      assert.deepEqual(
        record.history,
        events.map(({ event }) => event),
      );
    });
  }

  it("tell who began what, and when", () => {
    const previous = { ...release, id: "3f9c2a1b-16" };
    const record = fold({ ...begun, kind: "rollback", previous } as DeploymentEvent);
    assert.deepEqual(record, {
      number: 17,
      kind: "rollback",
      release,
      previous,
      owner: "execution-1",
      actor: "ada",
      begunAt: minute(0),
      status: "inProgress",
      releaseCommandDone: false,
      history: ["begun"],
      times: { begun: minute(0) },
    });
  });

  it("tell when each happened first, though it is told again, and where the release comes from", () => {
    const origin = { committedAt: minute(-30), verifiedAt: minute(-10) };
    const again: DeploymentEvent = { event: "deployed", seconds: 1 };
    const record = fold(
      { ...begun, origin } as DeploymentEvent,
      again,
      { event: "verified" },
      again,
    );
    assert.deepEqual(record.times, { begun: minute(0), deployed: minute(1), verified: minute(2) });
    assert.deepEqual(record.origin, origin);
  });

  it("tell nothing without the beginning", () => {
    assert.equal(foldEvents(inPlace([deployed])), undefined);
    assert.equal(foldEvents([]), undefined);
  });

  it("of several deployments are told apart, newest first, and those without beginning left out", () => {
    const events = [
      ...inPlace([deployed], 15),
      ...inPlace([begun, failedDeploy], 16),
      ...inPlace([begun], 17),
    ];
    assert.deepEqual(
      foldAll(events.reverse()).map(({ number, status }) => [number, status]),
      [
        [17, "inProgress"],
        [16, "failed"],
      ],
    );
  });

  const texts = fc.string();
  const anyEvent: fc.Arbitrary<DeploymentEvent> = fc.oneof(
    fc.constant<DeploymentEvent>({ event: "releaseCommand" }),
    fc.constant(verified),
    fc.nat().map((seconds): DeploymentEvent => ({ event: "held", seconds, services: ["web"] })),
    texts.map((host): DeploymentEvent => ({ event: "updating", host })),
    texts.map((actor): DeploymentEvent => ({ event: "unlocked", actor })),
    fc.nat().map((seconds): DeploymentEvent => ({ event: "deployed", seconds })),
    fc
      .record({
        reason: texts,
        stage: fc.constantFrom("deploy" as const, "verify" as const, "shift" as const),
      })
      .map((failure): DeploymentEvent => ({ event: "failed", ...failure })),
  );

  it("fold wherever they end, and only add to what is known", () => {
    fc.assert(
      fc.property(fc.array(anyEvent), fc.nat(30), (events, cut) => {
        const told = inPlace([begun, ...events]);
        const prefix = told.slice(0, cut);
        const record = foldEvents(prefix);
        assert.equal(record === undefined, prefix.length === 0);
        if (!record) return;
        assert.equal(record.history.length, prefix.length);
        assert.deepEqual(record.release, release);
        assert.equal(
          record.status === "inProgress",
          record.endedAt === undefined && !["verified", "held"].includes(record.status),
        );
        if (record.status === "failed") assert.notEqual(record.reason, undefined);
      }),
    );
  });

  it("are told when they were noted, so that noting them again adds none", () => {
    fc.assert(
      fc.property(fc.array(anyEvent), anyEvent, (events, last) => {
        if (last.event === "unlocked") return;
        const record = fold(begun, ...events, last);
        assert.equal(isTold(record, last), true);
      }),
    );
  });

  it("are not told before", () => {
    assert.equal(isTold(fold(begun), deployed), false);
    assert.equal(isTold(fold(begun, updating), { event: "updating", host: "build-2" }), false);
    assert.equal(isTold(fold(begun, deployed, failedVerify), failedDeploy), false);
    // What is known of an abandoned deployment is not why it failed.
    assert.equal(isTold(fold(begun, unlocked), failedDeploy), false);
  });
});
