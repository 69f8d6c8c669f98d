import assert from "node:assert/strict";
import { makeProgram } from "../../cli/main";

describe("a reason that a person gives", () => {
  /** What the command makes of it, without running. */
  function read(name: string, reason: string): unknown {
    const command = makeProgram().commands.find((each) => each.name() === name);
    assert.ok(command);
    command.action(() => undefined).exitOverride();
    command.parse(["--stack", "staging", "--reason", reason], { from: "user" });
    return command.opts<{ reason: unknown }>().reason;
  }

  for (const name of ["rollback", "resume", "override"]) {
    it(`to ${name} is one line, as tables and messages have it`, () => {
      assert.equal(read(name, " payments fail,\n  see #42 "), "payments fail, see #42");
    });
  }

  for (const name of ["rollback", "resume"]) {
    it(`to ${name} is none where it is blank`, () => {
      assert.equal(read(name, " \t"), "");
    });
  }
});
