import assert from "node:assert/strict";
import { types } from "../components/service/support";
import { runExample, stacks, taskOf, variablesOf } from "./support";

interface Schedule {
  readonly scheduleExpression: string;
  readonly scheduleExpressionTimezone: string;
}

for (const stack of stacks) {
  describe(`examples/ledger in ${stack}`, () => {
    const all = ["api", "load", "report"];

    it("runs all of it on ARM64, with the bucket that it keeps entries in", async () => {
      const made = await runExample("ledger", stack, all);
      for (const name of all) {
        const { cpuArchitecture } = taskOf(made, name).inputs.runtimePlatform as {
          readonly cpuArchitecture: string;
        };
        assert.equal(cpuArchitecture, "ARM64", name);
        assert.match(variablesOf(made, name).ENTRIES_BUCKET, /^ledger-.*-entries-/, name);
      }
    });

    it("reports every night, in the company's time, and loads when somebody says so", async () => {
      const made = await runExample("ledger", stack, all);
      const { scheduleExpression, scheduleExpressionTimezone } = made.one(
        "aws:scheduler/schedule:Schedule",
      ).inputs as unknown as Schedule;
      assert.deepEqual(
        [scheduleExpression, scheduleExpressionTimezone],
        ["cron(30 3 * * ? *)", "Europe/Berlin"],
      );
      assert.equal(made.all("aws:sfn/stateMachine:StateMachine").length, 2);
      assert.equal(made.all(types.service).length, 1);
    });

    it("keeps the bucket in production", async () => {
      const { options } = (await runExample("ledger", stack)).one(
        "aws:s3/bucket:Bucket",
        `ledger-${stack}-entries`,
      );
      assert.equal(options.protect, stack === "production");
    });
  });
}
