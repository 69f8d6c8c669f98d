import assert from "node:assert/strict";
import { pastTime } from "../../cli/period";
import { gantry } from "./support";

describe("--since", () => {
  const now = new Date("2026-11-30T12:00:00Z");
  const at = (text: string) => pastTime(text, now).toISOString();

  it("takes how long ago, a day, and a time", () => {
    assert.equal(at("10m"), "2026-11-30T11:50:00.000Z");
    assert.equal(at("12h"), "2026-11-30T00:00:00.000Z");
    assert.equal(at("90d"), "2026-09-01T12:00:00.000Z");
    assert.equal(at("4w"), "2026-11-02T12:00:00.000Z");
    assert.equal(at("2026-11-01"), "2026-11-01T00:00:00.000Z");
    assert.equal(at("2026-11-01T06:00:00+02:00"), "2026-11-01T04:00:00.000Z");
  });

  it("refuses what is no time, and what has not come yet", () => {
    for (const text of ["", "90", "d", "yesterday", "2026-13-01", "2026-11-01T06:00:00", "-1d"]) {
      assert.throws(() => at(text), /Give how long ago/, text);
    }
    assert.throws(() => at("2026-12-01"), /in the future/);
  });

  it("is told as a mistake of usage, and its default in the help", async () => {
    const { code, stderr } = await gantry(["metrics", "--stack", "x", "--since", "soon"]);
    assert.equal(code, 2);
    assert.match(stderr, /'--since <time>' argument 'soon' is invalid\. Give how long ago/);
    assert.match(
      (await gantry(["metrics", "--help"])).stdout,
      /--since <time> [^]*\(default: 90d\)/,
    );
  });
});
