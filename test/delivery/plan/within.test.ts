import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { PlannedChange } from "../../../delivery/engine";
import { DeliveryError } from "../../../delivery/errors";
import { isPlanned, refuseBeyondPlan, type SavedPlan } from "../../../delivery/plan/within";

const urn = "urn:pulumi:production::shop::aws:ecs/service:Service::web";
const change = (more: Partial<PlannedChange> = {}): PlannedChange => ({
  ...{ urn, type: "aws:ecs/service:Service", name: "web", op: "update" },
  ...{ properties: ["desiredCount"], oldInputs: {}, newInputs: { desiredCount: 2 } },
  ...more,
});
const planOf = (resource: object): SavedPlan =>
  ({ resourcePlans: { [urn]: resource } }) as unknown as SavedPlan;
const planned = planOf({
  steps: ["update"],
  goal: { inputDiff: { updates: { desiredCount: 2 } } },
});

describe("whether an approved plan has a change", () => {
  const table: readonly (readonly [string, SavedPlan, PlannedChange, boolean])[] = [
    ["the property with its value", planned, change(), true],
    ["another value", planned, change({ newInputs: { desiredCount: 3 } }), false],
    ["another property", planned, change({ properties: ["cluster"] }), false],
    ["one property more", planned, change({ properties: ["desiredCount", "cluster"] }), false],
    ["a part of the property", planned, change({ properties: ["desiredCount.low"] }), true],
    ["another resource", planned, change({ urn: `${urn}2` }), false],
    [
      "a resource that stays as it is",
      planOf({ steps: ["same"], goal: { inputDiff: { updates: { desiredCount: 2 } } } }),
      change(),
      false,
    ],
    ["a resource without a goal", planOf({ steps: ["delete"], goal: null }), change(), false],
    [
      "a value that only the update makes known",
      planOf({
        steps: ["update"],
        goal: { inputDiff: { updates: { desiredCount: "04da6b54-80e4-46f7-96ec-b56ff0331ba9" } } },
      }),
      change(),
      true,
    ],
    [
      "a property that goes",
      planOf({ steps: ["update"], goal: { inputDiff: { deletes: ["desiredCount"] } } }),
      change({ newInputs: {} }),
      true,
    ],
    [
      "a property that comes",
      planOf({ steps: ["create"], goal: { inputDiff: { adds: { desiredCount: 2 } } } }),
      change(),
      true,
    ],
  ];
  for (const [what, plan, given, expected] of table) {
    it(`${expected ? "takes" : "refuses"} ${what}`, () =>
      assert.equal(isPlanned(plan, given), expected));
  }

  describe("in its file", () => {
    let folder: string;
    beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "gantry-plan-"))));
    afterEach(() => rmSync(folder, { recursive: true }));
    const file = (content: unknown) => {
      const path = join(folder, "plan.json");
      writeFileSync(path, JSON.stringify(content));
      return path;
    };

    it("names each change that is beyond it", async () => {
      const beyond = change({ properties: ["cluster"] });
      await assert.rejects(refuseBeyondPlan(file(planned), [change(), beyond]), (error) => {
        assert.ok(error instanceof DeliveryError);
        assert.match(error.message, /not what was approved. Plan again/);
        assert.deepEqual(error.details, ["update aws:ecs:Service web (cluster)"]);
        return true;
      });
      await refuseBeyondPlan(file(planned), [change()]);
    });

    it("refuses a file that is no plan", async () => {
      await assert.rejects(refuseBeyondPlan(file({ plan: 1 }), []), /is not a plan of Pulumi/);
    });
  });
});
