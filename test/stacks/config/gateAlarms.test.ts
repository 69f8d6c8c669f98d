import assert from "node:assert/strict";
import { checkFaults, parse, section } from "./support";

const alarmsIn = (stack: string, alarms?: unknown) =>
  parse({ services: { web: {} }, pipeline: { promoteFrom: { stack: "dev" }, alarms } }, { stack })
    .pipeline?.alarms;

describe("alarms that hold releases back, in config", () => {
  it("are those of the environment in production, and none elsewhere", () => {
    assert.deepEqual(alarmsIn("production"), { also: [] });
    assert.equal(alarmsIn("staging"), false);
  });

  it("are what is said", () => {
    assert.equal(alarmsIn("production", false), false);
    assert.deepEqual(alarmsIn("staging", true), { also: [] });
    assert.deepEqual(alarmsIn("staging", { also: ["checkout"] }), { also: ["checkout"] });
  });

  const asAlarms = (alarms: unknown) =>
    section("pipeline")({ promoteFrom: { stack: "dev" }, alarms });
  checkFaults("gantry:pipeline.alarms", asAlarms, [
    ["they are a name", "checkout" as never, "", "write true, false or { also: [names] }"],
    [
      "one is an ARN",
      { also: ["arn:aws:cloudwatch:eu-west-1:123456789012:alarm:checkout"] },
      "also[0]",
      "write its name, and no ARN",
    ],
  ]);
});
