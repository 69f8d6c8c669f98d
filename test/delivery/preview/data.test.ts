import assert from "node:assert/strict";
import type { PlannedChange } from "../../../delivery/engine";
import { stackChanges } from "../../../delivery/preview/report";
import { aChange, texts } from "./support";

describe("a preview's warnings of what holds data", () => {
  const rows: readonly [string, PlannedChange, readonly string[]][] = [
    [
      "of a bucket that is not deleted with what it holds",
      aChange("delete", "aws:s3/bucket:Bucket", "files", { forceDestroy: false }),
      ["files is deleted: S3 refuses that while there is an object or a version in it"],
    ],
    [
      "of events of a bucket that nobody takes any more",
      aChange("delete", "aws:cloudwatch/eventRule:EventRule", "imports-deleted"),
      ["imports-deleted is deleted: what it tells of is told no more"],
    ],
    [
      "of a database that leaves a snapshot",
      aChange("delete", "aws:rds/cluster:Cluster", "main", { skipFinalSnapshot: false }),
      ["main is deleted: of its databases a final snapshot stays, and nothing else"],
    ],
    [
      "of a database that restarts",
      aChange(
        "update",
        "aws:rds/instance:Instance",
        "main",
        { instanceClass: "db.t4g.micro", applyImmediately: true },
        { instanceClass: "db.t4g.small", applyImmediately: true },
      ),
      [
        "main restarts at once because of instanceClass: connections break, and are refused meanwhile",
      ],
    ],
    [
      "of no database that takes a change as it runs",
      aChange(
        "update",
        "aws:rds/instance:Instance",
        "main",
        { backupRetentionPeriod: 7, applyImmediately: true },
        { backupRetentionPeriod: 14, applyImmediately: true },
      ),
      [],
    ],
  ];
  for (const [title, change, wanted] of rows) {
    it(`are ${title}`, () => {
      assert.deepEqual(texts(stackChanges([change]).warnings), wanted);
    });
  }
});
