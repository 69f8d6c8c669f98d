import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { renderPage } from "../../rehearsal/page";
import { firstLine, writeReport, type Report } from "../../rehearsal/report";
import { delivered, neverDelivered } from "./reportFixture";

describe("the report", () => {
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "gantry-report-"));
  });

  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  function written(report: Report): Record<string, unknown> {
    writeReport(report, folder);
    return JSON.parse(readFileSync(join(folder, "report.json"), "utf8")) as Record<string, unknown>;
  }

  it("is there for programs and for people, and no more", () => {
    const read = written(delivered);
    assert.deepEqual(read, JSON.parse(JSON.stringify(delivered)));
    assert.equal(readFileSync(join(folder, "report.html"), "utf8"), renderPage(delivered));
    assert.deepEqual(readdirSync(folder).sort(), ["report.html", "report.json"]);
  });

  it("says its version, and has what a reader of that version relies on", () => {
    const read = written(delivered);
    assert.equal(read.version, 3);
    assert.deepEqual(Object.keys(read).sort(), [
      ...["addresses", "apiCalls", "callsBeforeWait", "deliveries", "differences", "engine"],
      ...[
        "environments",
        "firstLine",
        "kept",
        "messages",
        "running",
        "seconds",
        "startedAt",
        "succeeded",
        "version",
      ],
    ]);
  });

  it("takes the place of the last one, with lists also where there is nothing in them", () => {
    written(delivered);
    const read = written(neverDelivered);
    assert.equal(read.succeeded, false);
    assert.match(String(read.error), /did you mean port\?/);
    assert.deepEqual([read.environments, read.deliveries, read.running], [[], [], []]);
  });

  it("makes its folder", () => {
    writeReport(delivered, join(folder, "deep", "er"));
    assert.equal(readdirSync(join(folder, "deep", "er")).length, 2);
  });

  it("has what actions took to Gantry's first line, of all that came as far", () => {
    const [delivery] = delivered.deliveries;
    const took = (...seconds: (number | undefined)[]) => ({
      ...delivery,
      runs: [
        {
          ...delivery.runs[0],
          stages: seconds.map((firstLineSeconds) => ({
            ...delivery.runs[0].stages[0],
            actions: [{ ...delivery.runs[0].stages[0].actions[0], firstLineSeconds }],
          })),
        },
      ],
    });
    assert.deepEqual(firstLine([took(1.2, undefined, 3.1), took(2)]), {
      medianSeconds: 2,
      mostSeconds: 3.1,
    });
    assert.equal(firstLine([took(undefined)]), undefined);
  });
});
