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

  const fetched = ["s3:GetObject", "s3:GetObject"];
  const prepared = ["ecs:DescribeServices", "s3:GetObject"];
  const read = "ecs:DescribeServices";
  const looks: Readonly<Record<string, readonly string[]>> = {
    "where the first look finds tasks": [read, read],
    "where the provider reads twice": [read, read, read],
    "where the first looks find none": [read, read, "ecs:DescribeTaskDefinition", read, read],
    "where the provider is slow": [read, "ecs:DescribeTaskDefinition", read, read],
  };
  for (const [which, looked] of Object.entries(looks)) {
    it(`before the wait begin after the inputs and end with what the provider reads of its update, ${which}`, async () => {
      const { callsBeforeWait } = await counted({
        deploy: [
          ...[...fetched, ...prepared, "ecs:UpdateService", ...looked],
          ...["ecs:ListServiceDeployments", read],
        ],
      });
      assert.equal(callsBeforeWait, 4);
    });
  }

  it("are not told apart where nothing was updated or waited for", async () => {
    const others = [
      ["s3:GetObject", "ecs:ListTasks"],
      [...prepared, read, "ecs:ListServiceDeployments"],
      [...prepared, "ecs:UpdateService", read],
    ];
    for (const deploy of others) {
      assert.equal((await counted({ deploy })).callsBeforeWait, undefined);
    }
  });

  it("are none where nothing was called", async () => {
    const none = { apiCalls: 0, apiCallsByAction: {}, callsBeforeWait: undefined };
    assert.deepEqual(await counted({ approve: [] }), none);
  });
});
