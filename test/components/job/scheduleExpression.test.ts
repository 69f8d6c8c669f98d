import assert from "node:assert/strict";
import { fromUnixCron, scheduleFault } from "../../../components/job/scheduleExpression";

describe("schedules of jobs", () => {
  for (const good of [
    "rate(1 minute)",
    "rate(15 minutes)",
    "rate(1 hour)",
    "rate(7 days)",
    "cron(0 3 * * ? *)",
    "cron(0/15 8-18 ? * MON-FRI *)",
    "cron(0,30 0 1W,L * ? 2026-2030)",
    "cron(15 10 ? * 6L *)",
    "cron(15 10 ? JAN,JUL 3#2 *)",
    "cron(05 07 01 01 ? *)",
  ]) {
    it(`may be ${good}`, () => assert.equal(scheduleFault(good), undefined));
  }

  const wrong: readonly [string, RegExp][] = [
    ["rate(0 minutes)", /^write it as rate\(15 minutes\)/],
    ["rate(5 weeks)", /^write it as rate/],
    ["rate(5minutes)", /^write it as rate/],
    ["cron(0 3 * * *)", /^it has 5 of 6 fields: write it as cron\(0 3 \* \* \? \*\)$/],
    ["cron(0 3)", /^write six fields, .* where it has 2: cron\(/],
    ["cron(60 3 * * ? *)", /^minutes: write values from 0 to 59 in place of 60$/],
    ["cron(0 3 * * * *)", /^write \? for the day of the month or/],
    ["@daily", /^write it as cron\(0 0 \* \* \? \*\)$/],
    ["0 3 * * 1", /^write it as cron\(0 3 \? \* 2 \*\)$/],
    ["at(2026-12-24T12:00:00)", /^write it as cron\(0 3 \* \* \? \*\)$/],
    ["every day", /^write it as cron\(0 3 \* \* \? \*\)$/],
  ];
  for (const [given, fix] of wrong) {
    it(`may not be ${given}`, () => {
      const fault = scheduleFault(given);
      assert.match(fault?.fix ?? "", fix);
      assert.match(fault?.allowed ?? "", /^cron\(.*\) or rate\(/);
    });
  }

  const unix: readonly [string, string | undefined][] = [
    ["@yearly", "cron(0 0 1 1 ? *)"],
    ["@monthly", "cron(0 0 1 * ? *)"],
    ["@weekly", "cron(0 0 ? * 1 *)"],
    ["@hourly", "cron(0 * * * ? *)"],
    ["*/5 * * * *", "cron(0/5 * * * ? *)"],
    ["0 0 */2 */3 *", "cron(0 0 1/2 1/3 ? *)"],
    ["30 6 * * 1-5", "cron(30 6 ? * 2-6 *)"],
    ["30 6 * * 7", "cron(30 6 ? * 1 *)"],
    ["30 6 * * MON,WED", "cron(30 6 ? * MON,WED *)"],
    ["0 0 1 * 1", undefined],
    ["0 0 * * 5-7", "cron(0 0 ? * 6-7,1 *)"],
    ["@every 1h30m", "rate(90 minutes)"],
    ["@every 2h", "rate(2 hours)"],
    ["@every 60s", "rate(1 minute)"],
    ["@every 10s", undefined],
    ["@reboot", undefined],
  ];
  for (const [given, made] of unix) {
    it(`of cron, ${given} is ${made ?? "none that AWS can say"}`, () =>
      assert.equal(fromUnixCron(given), made));
  }
});
