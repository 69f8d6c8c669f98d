import assert from "node:assert/strict";
import { logText, type LogLine } from "../../../operations/logs/line";

const reader = { now: new Date("2026-11-30T12:00:00Z"), timezone: "Asia/Kolkata" };
const line: LogLine = {
  ...{ at: "2026-11-30T11:44:03.120Z", service: "web", container: "app" },
  ...{ task: "3f9c2a1b00000000", message: "started" },
};
const text = (message: string) =>
  logText({ ...line, message }, reader, 6, (_, name) => `<${name}>`);

describe("a log line for people", () => {
  it("has the person's time, the service and the task", () => {
    assert.equal(text("started"), "2026-11-30 17:14:03.120  <web   >  3f9c2a1b  started");
  });

  it("keeps the lines of a message together, below each other", () => {
    assert.equal(
      text("Error: no\n  at x.js:1"),
      `2026-11-30 17:14:03.120  <web   >  3f9c2a1b  Error: no\n${" ".repeat(43)}  at x.js:1`,
    );
  });

  it("moves no cursor, and colours nothing that it does not colour itself", () => {
    assert.match(text("\u001b[2J\u001b[31mred\u001b[0m\u0007"), /3f9c2a1b {2}red$/);
  });
});
