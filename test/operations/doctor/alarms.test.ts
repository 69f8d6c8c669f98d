import assert from "node:assert/strict";
import { alarmsCheck } from "../../../operations/doctor/checks/alarms";
import { aContext, aTarget, diagnose, told } from "./support";

describe("the check of alarms", () => {
  const alarm = (AlarmName: string, StateValue: string) => ({
    ...{ AlarmName, StateValue, StateReason: "Threshold Crossed" },
    StateTransitionedTimestamp: new Date("2026-11-30T11:00:00Z"),
  });
  const found = (MetricAlarms: object[], values = {}) =>
    diagnose(
      alarmsCheck,
      aContext({
        target: aTarget(values),
        answers: {
          cloudwatch: {
            DescribeAlarms: (asked: { AlarmNames?: string[] }) => ({
              MetricAlarms: asked.AlarmNames ? [] : MetricAlarms,
            }),
          },
        },
      }),
    );

  it("is well where none fires", async () => {
    const result = await found([
      alarm("shop--staging--a", "OK"),
      alarm("shop--staging--b", "INSUFFICIENT_DATA"),
    ]);
    assert.deepEqual([result.well, told(result)], ["none fires; 1 alarm without data", []]);
  });

  it("finds one that fires, also where it holds no release back", async () => {
    assert.deepEqual(told(await found([alarm("shop--staging--a", "ALARM")])), [
      "warning shop--staging--a: it fires since 2026-11-30T11:00:00.000Z (60 min ago): Threshold Crossed",
    ]);
  });

  it("finds that one which shall hold releases back is not there", async () => {
    const source = { type: "codecommit", repository: "shop" };
    const values = { "gantry:pipeline": { source, alarms: { also: ["errors"] } } };
    assert.match(
      told(await found([], values)).join(),
      /^warning pipeline\.alarms\.also: there is no alarm errors/,
    );
  });
});
