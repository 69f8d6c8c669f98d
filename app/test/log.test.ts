import assert from "node:assert/strict";
import { createLogger, logLevels, type LogLevel } from "../src/log";
import { recordLogs } from "./support/logs";

describe("app: log", () => {
  it("writes one JSON object per line with time, level, message and fields", () => {
    const written: string[] = [];
    const logger = createLogger("info", { service: "web" }, (line) => written.push(line));
    logger.log("info", "two\nlines", { count: 2 });
    assert.equal(written.length, 1);
    const text = written[0] ?? "";
    assert.equal(text.indexOf("\n"), text.length - 1);
    const { time, ...rest } = JSON.parse(text) as Record<string, unknown>;
    assert.ok(typeof time === "string" && !Number.isNaN(Date.parse(time)));
    assert.deepEqual(rest, { level: "info", message: "two\nlines", service: "web", count: 2 });
  });

  const table: [LogLevel, LogLevel[]][] = [
    ["debug", ["debug", "info", "warn", "error"]],
    ["info", ["info", "warn", "error"]],
    ["warn", ["warn", "error"]],
    ["error", ["error"]],
  ];
  for (const [level, expected] of table) {
    it(`writes ${expected.join(", ")} at level ${level}`, () => {
      const { logger, lines } = recordLogs(level);
      for (const each of logLevels) logger.log(each, "line");
      assert.deepEqual(
        lines.map((line) => line.level),
        expected,
      );
    });
  }

  it("writes an error with its stack, code and cause as fields", () => {
    const { logger, lines } = recordLogs();
    const cause = Object.assign(new Error("refused"), { code: "ECONNREFUSED" });
    logger.log("error", "failed", { error: new TypeError("no answer", { cause }) });
    const error = lines[0]?.error as Record<string, unknown>;
    assert.equal(error.name, "TypeError");
    assert.equal(error.message, "no answer");
    assert.match(String(error.stack), /log\.test\.ts/);
    assert.equal((error.cause as Record<string, unknown>).code, "ECONNREFUSED");
  });

  it("writes what was thrown and is no error", () => {
    const { logger, lines } = recordLogs();
    logger.log("error", "failed", { error: "just text" });
    assert.deepEqual(lines[0]?.error, { name: "NonError", message: "just text" });
  });
});
