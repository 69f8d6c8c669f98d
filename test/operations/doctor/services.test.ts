import assert from "node:assert/strict";
import { servicesCheck } from "../../../operations/doctor/checks/services";
import { aContext, awsError, denied, diagnose, told } from "./support";

describe("the check of the services", () => {
  const found = async (services: object) =>
    diagnose(servicesCheck, aContext({ services: () => Promise.resolve(services as never) }));

  it("is well where all tasks run", async () => {
    const result = await found({ web: { runningCount: 2, desiredCount: 2 } });
    assert.deepEqual(
      [result.well, told(result)],
      ["1 service, and all the tasks that shall run", []],
    );
  });

  it("finds a service that is missing", async () => {
    const result = await found({});
    assert.match(
      told(result).join(),
      /^error services\.web: the cluster shop--staging has no active service/,
    );
  });

  it("finds tasks that are missing, with what ECS says of it", async () => {
    const events = [{ message: "was unable to place a task" }];
    const result = await found({ web: { runningCount: 1, desiredCount: 2, events } });
    assert.deepEqual(told(result), [
      "warning services.web: 1 of 2 tasks run; ECS says: was unable to place a task",
    ]);
    const none = await found({ web: { runningCount: 0, desiredCount: 2 } });
    assert.match(told(none).join(), /^error /);
    const deployments = [{ rolloutState: "IN_PROGRESS" }];
    const rolling = await found({ web: { runningCount: 0, desiredCount: 2, deployments } });
    assert.match(told(rolling).join(), /^note .*a deployment goes on/);
  });

  it("finds that there is no cluster, and says where it may not look", async () => {
    const context = (error: Error) => aContext({ services: () => Promise.reject(error) });
    const missing = await diagnose(servicesCheck, context(awsError("ClusterNotFoundException")));
    assert.match(told(missing).join(), /^error the cluster: there is no cluster shop--staging/);
    const unseen = await diagnose(servicesCheck, context(denied("ecs:DescribeServices")));
    assert.deepEqual(told(unseen), [
      "unchecked the services in ECS: these credentials may not call ecs:DescribeServices",
    ]);
  });
});
