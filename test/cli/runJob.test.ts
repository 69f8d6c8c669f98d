import assert from "node:assert/strict";
import { gantry } from "./support";

describe("gantry run", () => {
  /** Before anything is asked of AWS, or read. */
  const cases: [string, string[], RegExp][] = [
    ["neither a job nor a command", [], /name a job, or give --service and a command/],
    ["--service without a command", ["--service", "web"], /--service takes a command after --/],
    ["a command without --service", ["report", "--", "now"], /a command is run with --service/],
    ["a time limit for a job", ["report", "--timeout", "2h"], /--timeout is for --service/],
    [
      "a time that is none",
      ["--service", "web", "--timeout", "2w"],
      /Give how long, a day at most/,
    ],
    ["a time of nothing", ["--service", "web", "--timeout", "0m"], /Give how long, a day at most/],
    ["more than a day", ["--service", "web", "--timeout", "25h"], /Give how long, a day at most/],
  ];
  for (const [what, args, message] of cases) {
    it(`does not understand ${what}`, async () => {
      const { code, stdout, stderr } = await gantry(["run", "--stack", "staging", ...args]);
      assert.deepEqual([code, stdout], [2, ""]);
      assert.match(stderr, message);
    });
  }
});
