import assert from "node:assert/strict";
import { endInTime } from "../../cli/bound";
import { gantry } from "./support";

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

describe("a command that does not end (row F7)", () => {
  function ending() {
    const told: string[] = [];
    const codes: number[] = [];
    return {
      ...{ told, codes },
      tell: (line: string) => void told.push(line),
      exit: (code: number) => void codes.push(code),
    };
  }

  it("is ended before CodeBuild does it, and says what to do", async () => {
    const end = ending();
    endInTime(1, 10, end);
    await pause(50);
    assert.deepEqual(end.codes, [1]);
    assert.match(end.told.join(""), /^gantry: this took longer than .*gantry unlock clears it\n$/);
  });

  it("is not touched where it ended in time", async () => {
    const end = ending();
    endInTime(1, 10, end)();
    await pause(50);
    assert.deepEqual(end.codes, []);
  });

  it("is refused where its environment names a time-out that is none", async () => {
    const { code, stderr } = await gantry(["status", "--stack", "staging"], {
      GANTRY_TIMEOUT_MINUTES: "soon",
    });
    assert.equal(code, 1);
    assert.match(stderr, /^gantry: GANTRY_TIMEOUT_MINUTES is "soon"; allowed: 5 to 480/);
  });
});
