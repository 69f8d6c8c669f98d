import assert from "node:assert/strict";
import { alarmsCheck } from "../../../operations/doctor/checks/alarms";
import { aContext, aTarget, diagnose, told } from "./support";

describe("the check of alarms", () => {
  const alarm = (AlarmName: string, StateValue: string, AlarmDescription?: string) => ({
    ...{ AlarmName, StateValue, AlarmDescription, StateReason: "Threshold Crossed" },
    StateTransitionedTimestamp: new Date("2026-11-30T11:00:00Z"),
  });
  const found = (MetricAlarms: ReturnType<typeof alarm>[], values = {}) =>
    diagnose(
      alarmsCheck,
      aContext({
        target: aTarget(values),
        answers: {
          cloudwatch: {
            DescribeAlarms: (asked: { AlarmNames?: string[]; AlarmNamePrefix?: string }) => ({
              MetricAlarms: MetricAlarms.filter(
                ({ AlarmName: name }) =>
                  asked.AlarmNamePrefix && name.startsWith(asked.AlarmNamePrefix),
              ),
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

  it("finds what strains an environment, with what it means, and says of none that it holds releases back", async () => {
    const source = { type: "codecommit", repository: "shop" };
    const result = await found(
      [
        alarm("shop--staging.service.web.cpu", "ALARM", "Tasks use more than 80 %"),
        alarm("shop--staging--web--errors", "ALARM"),
        alarm("shop--staging2.load", "ALARM"),
      ],
      { "gantry:pipeline": { source, alarms: {} } },
    );
    assert.deepEqual(told(result), [
      "warning shop--staging--web--errors: it fires since 2026-11-30T11:00:00.000Z (60 min ago), and holds releases back: Threshold Crossed",
      "warning shop--staging.service.web.cpu: it fires since 2026-11-30T11:00:00.000Z (60 min ago): Tasks use more than 80 %. Threshold Crossed",
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
