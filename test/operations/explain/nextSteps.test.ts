import assert from "node:assert/strict";
import type { DeploymentRecord } from "../../../delivery/ledger";
import { forgotten } from "../../../operations/explain/forgotten";
import { nextSteps, type NextStepsOptions } from "../../../operations/explain/nextSteps";
import { targetOf } from "../../emulator/delivery/support";
import { at, execution, failed, verified } from "./record";

const target = { ...targetOf(), stack: "production" };
const hold = { by: "ada", reason: "gone back", at: at(20) };

function steps(deployment: DeploymentRecord | undefined, more: Partial<NextStepsOptions> = {}) {
  const view = { records: deployment ? [deployment] : [] };
  return nextSteps({ target, view, deployment, ...more }).join("\n");
}

describe("what to do about a deployment that failed", () => {
  const cases: readonly [string, DeploymentRecord, Partial<NextStepsOptions>, RegExp[]][] = [
    [
      "is to fix the release, or to try again",
      failed(3),
      { services: ["web", "worker"] },
      [
        new RegExp(`gantry build-logs ${execution} --stack production --action Deploy`),
        /gantry logs web worker --stack production --since 2026-11-30T12:10:00\.000Z --until 2026-11-30T12:15:00\.000Z$/m,
        /fix it and push/,
        /gantry retry --stack production/,
      ],
    ],
    [
      "begins with its release command, where it came no further",
      failed(3, { history: ["begun", "failed"], releaseCommandDone: false }),
      { services: ["web"] },
      [/--container release$/m],
    ],
    [
      "is to settle what was not taken back",
      failed(3, { restored: undefined }),
      { isUnsettled: true },
      [/gantry rollback --stack production --to 22222222-2/],
    ],
    [
      "is to apply the first again",
      failed(1, { restored: undefined, previous: undefined }),
      { isUnsettled: true },
      [/pulumi refresh --stack production && pulumi up --stack production/],
    ],
    ["is what the checks say", failed(3, { failedStage: "verify" }), {}, [/--action Verify/]],
    [
      "is nothing where a newer one came",
      failed(3, { failedStage: "superseded" }),
      {},
      [/^nothing: the newer release took its place/],
    ],
    [
      "is to restart again",
      failed(3, { kind: "restart", owner: "ada@desk" }),
      {},
      [/gantry restart/],
    ],
    [
      "is to resume, where somebody holds the environment",
      failed(3),
      { view: { records: [failed(3)], standing: { version: 1, overrides: [], hold } } },
      [/gantry resume --stack production/],
    ],
    ["is to wait while it goes on", failed(3, { status: "held" }), {}, [/not over: gantry status/]],
    ["is nothing where it went well", verified(3), {}, [/^it did not fail/]],
  ];
  for (const [what, deployment, more, patterns] of cases) {
    it(what, () => {
      const told = steps(deployment, more);
      for (const pattern of patterns) assert.match(told, pattern);
    });
  }

  it("is no retry of what a person made, or of what others came after", () => {
    assert.doesNotMatch(steps(failed(3, { owner: "ada@desk" })), /gantry (retry|build-logs)/);
    const later = steps(failed(3), { view: { records: [verified(4), failed(3)] } });
    assert.doesNotMatch(later, /gantry retry|push/);
    assert.match(later, /gantry history/);
  });

  it("is the status where none failed", () => {
    assert.match(steps(undefined), /gantry status --stack production/);
  });
});

describe("what is no longer known of a deployment", () => {
  const minute = 60_000;
  const day = 24 * 60 * minute;
  const ended = Date.parse(at(15));
  const lines = (ms: number) => forgotten(failed(3), 30, new Date(ended + ms)).join("\n");

  it("is nothing at first", () => assert.equal(lines(minute), ""));

  for (const [when, ms, wanted, not] of [
    ["an hour after its beginning: its first tasks", 57 * minute, /more than an hour ago/, /alarm/],
    ["an hour after its end: all tasks", 61 * minute, /^why its tasks stopped/, /logged:/],
    ["after the retention: logs", 31 * day, /logs are kept for 30 days/, /which alarm/],
    ["after 90 days: ECS's deployments", 91 * day, /which alarm ended it/, /more than an hour ago/],
  ] as const) {
    it(`is, ${when}`, () => {
      assert.match(lines(ms), wanted);
      assert.doesNotMatch(lines(ms), not);
    });
  }
});
