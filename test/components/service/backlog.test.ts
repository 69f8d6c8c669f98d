import assert from "node:assert/strict";
import { backlogSteps } from "../../../components/service/backlog";
import { service, types, worker } from "./support";

/** The tasks that a backlog gets. */
function tasks(counts: Parameters<typeof backlogSteps>[0], messages: number): number | undefined {
  return backlogSteps(counts).find(
    ({
      metricIntervalLowerBound: lower = "-Infinity",
      metricIntervalUpperBound: upper = "Infinity",
    }) => Number(lower) <= messages && messages < Number(upper),
  )?.scalingAdjustment;
}

describe("scaling by the backlog of queues", () => {
  it("has a task for each so many messages begun", () => {
    const counts = { min: 0, max: 3, perTask: 10 };
    const found = [1, 10, 11, 20, 21, 1000].map((messages) => tasks(counts, messages));
    assert.deepEqual(found, [1, 1, 2, 2, 3, 3]);
  });

  it("has never less than the least, and no more than 20 steps up to the most", () => {
    assert.equal(tasks({ min: 2, max: 3, perTask: 10 }, 1), 2);
    const counts = { min: 0, max: 100, perTask: 1 };
    assert.equal(backlogSteps(counts).length, 20);
    assert.deepEqual([tasks(counts, 1), tasks(counts, 6), tasks(counts, 100)], [5, 10, 100]);
  });

  it("follows messages that wait and that are in work, and neither CPU nor memory", async () => {
    const backlog = { perTask: 5, queueNames: ["orders", "payments"] };
    const scaling = { min: 0, max: 2, cpuPercent: 60, memoryPercent: 75, backlog };
    const { all } = await service(worker({ scaling }));
    assert.deepEqual(
      all(types.scalingPolicy)
        .map(({ name, inputs }) => [name, inputs.policyType])
        .sort(),
      [
        ["jobs-scaleOnBacklog", "StepScaling"],
        ["jobs-scaleOnEmpty", "StepScaling"],
      ],
    );
    const [filled, empty] = ["jobs-scaleOnBacklog", "jobs-scaleOnEmpty"].map(
      (part) => all(types.alarm).find(({ name }) => name === part)?.inputs ?? {},
    );
    const queries = filled.metricQueries as { id: string; expression?: string }[];
    assert.equal(queries.length, 5);
    assert.equal(queries[4].expression, "q0visible + q0notvisible + q1visible + q1notvisible");
    assert.deepEqual(
      [filled, empty].map((alarm) => [
        ...[alarm.comparisonOperator, alarm.threshold, alarm.evaluationPeriods],
        alarm.treatMissingData,
      ]),
      [
        ["GreaterThanThreshold", 0, 1, "notBreaching"],
        ["LessThanOrEqualToThreshold", 0, 5, "breaching"],
      ],
    );
  });
});
