import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { DeploymentRecord } from "../../../delivery/ledger";
import { placeOf } from "../../../operations/explain/deployment";
import { aRecord, releaseNumber } from "../../delivery/support/fakePorts";

const page = readFileSync(join(__dirname, "../../../docs/operations.md"), "utf8");

describe("the page about operations", () => {
  const places: readonly Partial<DeploymentRecord>[] = [
    { failedStage: "deploy", history: ["begun"] },
    { failedStage: "deploy", history: ["begun", "updating"] },
    { failedStage: "deploy", kind: "restart" },
    { failedStage: "verify", history: ["begun", "failed"] },
    { failedStage: "verify", history: ["begun"], unlockedBy: "ada" },
    { failedStage: "approval" },
    { failedStage: "shift" },
    { failedStage: "superseded" },
  ];
  for (const place of places) {
    const text = placeOf(aRecord(1, releaseNumber(1), { status: "failed", ...place }));
    it(`says what to do about a deployment that failed ${text}`, () => {
      assert.ok(page.replace(/\s+/g, " ").includes(`| ${text} |`) || page.includes(`${text}:`));
    });
  }
});
