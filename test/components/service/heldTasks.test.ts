import assert from "node:assert/strict";
import type * as pulumi from "@pulumi/pulumi";
import { HeldTasks } from "../../../components/service/heldTasks";

const clusterArn = "arn:aws:ecs:eu-west-1:123456789012:cluster/shop-staging";

const inputs = (...groups: readonly string[]) => ({
  cluster: clusterArn,
  name: "shop-staging-web",
  loadBalancers: groups.map((targetGroupArn) => ({ targetGroupArn })),
});

/** A service with two tasks to which so many rules lead, and what was done to the tasks. */
function held(rules: number) {
  const done: string[] = [];
  const tasks = new HeldTasks(rules, {
    tasks: ({ serviceName }) => Promise.resolve([`${serviceName}-1`, `${serviceName}-2`]),
    protect: (_, all, minutes) => Promise.resolve(void done.push(`${all.join()}: ${minutes}`)),
  });
  const update = (oldInputs: object | undefined, newInputs: object) =>
    tasks.hold({ oldInputs, newInputs } as pulumi.ResourceHookArgs);
  return { done, tasks, update };
}

const both = "shop-staging-web-1,shop-staging-web-2";

describe("HeldTasks", () => {
  it("are those of a service that goes to another target group, until its rule has turned", async () => {
    const { done, tasks, update } = held(1);
    await update(inputs("a"), inputs("b"));
    assert.deepEqual(done, [`${both}: 30`]);
    await tasks.ruleTurned();
    assert.deepEqual(done, [`${both}: 30`, `${both}: 0`]);
  });

  it("are kept until the last of several rules has turned", async () => {
    const { done, tasks, update } = held(2);
    await update(inputs("a"), inputs("b"));
    await tasks.ruleTurned();
    assert.equal(done.length, 1);
    await tasks.ruleTurned();
    assert.equal(done.length, 2);
  });

  it("are none where the group stays, and where there was none", async () => {
    const { done, tasks, update } = held(1);
    await update(inputs("a"), inputs("a"));
    await update(inputs(), inputs("a"));
    await tasks.ruleTurned();
    assert.deepEqual(done, []);
  });
});
