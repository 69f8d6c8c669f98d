import assert from "node:assert/strict";
import { countCalls } from "../../../rehearsal/runner/apiCalls";
import type { Connection } from "../../../rehearsal/runner/connection";

describe("the API calls of an action", () => {
  const counted = (sequences: Readonly<Record<string, readonly string[]>>) => {
    const calls = ({ caller = "" }) => Promise.resolve({ sequence: sequences[caller] });
    const connection = { emulator: { calls } } as unknown as Connection;
    return countCalls(connection, Object.keys(sequences));
  };

  it("are those of all keys that it signed with", async () => {
    const { apiCalls, apiCallsByAction } = await counted({
      one: ["s3:GetObject", "ssm:PutParameter"],
      two: ["s3:GetObject"],
    });
    assert.equal(apiCalls, 3);
    assert.deepEqual(apiCallsByAction, { "s3:GetObject": 2, "ssm:PutParameter": 1 });
  });

  it("before the wait begin after the inputs are there, and end with the first look at ECS's deployment", async () => {
    const { callsBeforeWait } = await counted({
      deploy: [
        ...["s3:GetObject", "s3:GetObject"],
        ...["ecs:DescribeServices", "s3:GetObject", "ecs:UpdateService"],
        ...["ecs:DescribeServices", "ecs:DescribeTaskDefinition", "ecs:ListServiceDeployments"],
        ...["ecs:DescribeServices", "ecs:ListServiceDeployments"],
      ],
    });
    assert.equal(callsBeforeWait, 3);
  });

  it("before the wait have what the provider reads after its update, and no look, however many there are", async () => {
    const { callsBeforeWait } = await counted({
      deploy: [
        ...["ecs:DescribeServices", "ecs:UpdateService", "ecs:DescribeServices"],
        ...["ecs:DescribeServices", "ecs:DescribeTaskDefinition", "ecs:DescribeServices"],
        ...["ecs:DescribeServices", "ecs:ListServiceDeployments"],
      ],
    });
    assert.equal(callsBeforeWait, 3);
  });

  it("are not told apart where nothing was waited for", async () => {
    const { callsBeforeWait } = await counted({ verify: ["s3:GetObject", "ecs:ListTasks"] });
    assert.equal(callsBeforeWait, undefined);
  });

  it("are none where nothing was called", async () => {
    const none = { apiCalls: 0, apiCallsByAction: {}, callsBeforeWait: undefined };
    assert.deepEqual(await counted({ approve: [] }), none);
  });
});
