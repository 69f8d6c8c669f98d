import assert from "node:assert/strict";
import { cronFault, timezoneFault } from "../../../components/shared/cron";

describe("a cron expression of AWS", () => {
  for (const right of [
    "cron(0 20 ? * MON-FRI *)",
    "cron(0/15 8-18 * * ? *)",
    "cron(30 6,18 1,15 JAN-MAR ? 2026-2030)",
    "cron(0 9 LW * ? *)",
    "cron(0 9 3W * ? *)",
    "cron(0 9 ? * 2#1 *)",
    "cron(0 9 ? */2 FRIL *)",
    "cron(0 9 ? * sun *)",
  ]) {
    it(`${right} is one`, () => assert.equal(cronFault(right), undefined));
  }

  for (const [wrong, fix] of [
    ["0 20 * * 1-5", "write it as cron(0 20 ? * MON-FRI *)"],
    [
      "cron(0 20 * * MON)",
      "write six fields, minutes, hours, day of the month, month, day of the week and year, where it has 5: cron(0 20 ? * MON-FRI *)",
    ],
    ["cron(60 20 ? * * *)", "minutes: write values from 0 to 59 in place of 60"],
    ["cron(0 20-24 ? * * *)", "hours: write values from 0 to 23 in place of 20-24"],
    ["cron(0 8-12-20 ? * * *)", "hours: write values from 0 to 23 in place of 8-12-20"],
    ["cron(0/0 8 ? * * *)", "minutes: write values from 0 to 59 in place of 0/0"],
    ["cron(0 , ? * * *)", "hours: write values from 0 to 23 in place of ,"],
    [
      "cron(0 20 ? * MO *)",
      "day of the week: write values from 1 to 7 or SUN to SAT in place of MO",
    ],
    ["cron(0 20 ? * 0 *)", "day of the week: write values from 1 to 7 or SUN to SAT in place of 0"],
    [
      "cron(0 20 * * * *)",
      "write ? for the day of the month or for the day of the week, and not for both",
    ],
    [
      "cron(0 20 ? * ? *)",
      "write ? for the day of the month or for the day of the week, and not for both",
    ],
  ]) {
    it(`${wrong} is none`, () => assert.equal(cronFault(wrong), fix));
  }
});

describe("a time zone", () => {
  for (const right of ["UTC", "Europe/Berlin", "Etc/GMT+9", "US/Eastern"]) {
    it(`${right} is one`, () => assert.equal(timezoneFault(right), undefined));
  }

  for (const [wrong, fix] of [
    ["Berlin", "write a name of the IANA, such as Europe/Berlin or UTC"],
    ["+01:00", "write a name of the IANA, such as Europe/Berlin or UTC"],
    ["europe/berlin", "write Europe/Berlin"],
  ]) {
    it(`${wrong} is none`, () => assert.equal(timezoneFault(wrong), fix));
  }
});
