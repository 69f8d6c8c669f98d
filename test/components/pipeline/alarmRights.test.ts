import assert from "node:assert/strict";
import { isAllowed } from "../../support/policies";
import { pipeline, productionArgs, roleOf } from "./support";

const action = "cloudwatch:DescribeAlarms";
const alarm = (region: string) =>
  `arn:aws:cloudwatch:${region}:123456789012:alarm:shop--production--web`;

describe("the rights on alarms that hold releases back", () => {
  it("are those of plan and deploy to read them, where they do", async () => {
    const made = await pipeline(productionArgs({ readsAlarms: true }));
    const may = (role: string, resource: string) =>
      isAllowed({ action, resource }, { identity: [roleOf(made, role).policy] });
    for (const role of ["plan", "deploy"]) {
      assert.ok(may(role, alarm("eu-west-1")), role);
      assert.ok(!may(role, alarm("us-east-1")), role);
    }
    for (const role of ["verify", "conclude"]) assert.ok(!may(role, alarm("eu-west-1")), role);
  });

  it("are none otherwise", async () => {
    const made = await pipeline(productionArgs());
    for (const role of ["plan", "deploy"]) {
      const identity = [roleOf(made, role).policy];
      assert.ok(!isAllowed({ action, resource: alarm("eu-west-1") }, { identity }), role);
    }
  });
});
