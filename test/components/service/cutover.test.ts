import assert from "node:assert/strict";
import type * as pulumi from "@pulumi/pulumi";
import { whenHealthy, type CutoverPorts } from "../../../components/service/cutover";
import type { TargetHealth } from "../../../components/service/targetHealth";

const inputs = (arn: string) => ({ actions: [{ type: "forward", targetGroupArn: arn }] });

/** Target groups whose health is a function of the seconds that have passed. */
function world(health: (seconds: number, arn: string) => readonly TargetHealth[]) {
  let seconds = 0;
  const asked: string[] = [];
  const ports: CutoverPorts = {
    health: (arn) => {
      asked.push(arn);
      return Promise.resolve(health(seconds, arn));
    },
    sleep: (ms) => {
      seconds += ms / 1000;
      return Promise.resolve();
    },
    now: () => seconds * 1000,
  };
  let turned = 0;
  const ruleTurned = () => Promise.resolve(void (turned += 1));
  const hooks = whenHealthy({ service: "web", targets: 2, ruleTurned }, ports);
  const run = async (
    moment: "beforeCreate" | "afterCreate" | "beforeUpdate" | "afterUpdate",
    given: Pick<pulumi.ResourceHookArgs, "newInputs" | "oldInputs">,
  ) => {
    for (const hook of hooks[moment] ?? []) {
      await (hook as pulumi.ResourceHookFunction)(given as pulumi.ResourceHookArgs);
    }
    return { seconds, asked, turned };
  };
  return { run };
}

const healthy = { state: "healthy" };
const starting = { state: "initial", reason: "Elb.InitialHealthChecking" };

describe("whenHealthy", () => {
  const cameUp = () =>
    world((seconds) =>
      seconds < 20 ? [] : seconds < 40 ? [healthy, starting] : [healthy, healthy],
    );

  it("creates a rule once as many targets as asked for are healthy", async () => {
    const { seconds } = await cameUp().run("beforeCreate", { newInputs: inputs("a") });
    assert.equal(seconds, 40);
  });

  it("turns a rule to another group once that is healthy", async () => {
    const given = { newInputs: inputs("b"), oldInputs: inputs("a") };
    const { seconds, asked } = await cameUp().run("beforeUpdate", given);
    assert.equal(seconds, 40);
    assert.deepEqual([...new Set(asked)], ["b"]);
  });

  it("asks nothing where the rule leads where it led", async () => {
    const given = { newInputs: inputs("a"), oldInputs: inputs("a") };
    const { seconds, asked } = await cameUp().run("beforeUpdate", given);
    assert.deepEqual([seconds, asked], [0, []]);
  });

  it("lets a turned rule reach every node before what it left may go", async () => {
    const { run } = cameUp();
    const turned = { newInputs: inputs("b"), oldInputs: inputs("a") };
    assert.equal((await run("afterUpdate", turned)).seconds, 10);
    const same = { newInputs: inputs("b"), oldInputs: inputs("b") };
    assert.equal((await run("afterUpdate", same)).seconds, 10);
  });

  it("tells of each rule that leads to the group now, and of none that led there", async () => {
    const { run } = cameUp();
    const turnedAt = async (...given: Parameters<typeof run>) => (await run(...given)).turned;
    assert.equal(await turnedAt("afterCreate", { newInputs: inputs("a") }), 1);
    const same = { newInputs: inputs("a"), oldInputs: inputs("a") };
    assert.equal(await turnedAt("afterUpdate", same), 1);
    const other = { newInputs: inputs("b"), oldInputs: inputs("a") };
    assert.equal(await turnedAt("afterUpdate", other), 2);
  });

  it("fails when the group is not healthy after 15 minutes, with what its targets say", async () => {
    const never = world(() => [healthy, { state: "unhealthy", reason: "Target.Timeout" }]);
    await assert.rejects(
      never.run("beforeUpdate", { newInputs: inputs("b"), oldInputs: inputs("a") }),
      /web gets no requests: 1 of 2 targets of b are healthy after 15 minutes \(unhealthy \(Target\.Timeout\)\)/,
    );
  });

  it("fails when no task ever registers", async () => {
    await assert.rejects(
      world(() => []).run("beforeCreate", { newInputs: inputs("a") }),
      /0 of 2 targets of a are healthy after 15 minutes \(no task is registered\)/,
    );
  });
});
