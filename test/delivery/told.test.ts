import assert from "node:assert/strict";
import { concludeThrough } from "../../delivery/conclude";
import { deployThrough } from "../../delivery/deploy";
import { rollbackThrough } from "../../delivery/rollback";
import { DeploymentFailure } from "../../delivery/steadyState";
import { wasTold } from "../../delivery/tellFailure";
import { FakeEnvironment, releaseNumber } from "./support/fakePorts";

const [one, two, three] = [1, 2, 3].map((n) => releaseNumber(n));
const execution = "10000000-0000-4000-8000-000000000000";
const failed = async (work: Promise<unknown>): Promise<unknown> => {
  try {
    await work;
  } catch (error) {
    return error;
  }
  return assert.fail("it did not fail");
};

describe("people are told", () => {
  let env: FakeEnvironment;
  const deploy = (release = two) =>
    deployThrough(env.ports, { release, owner: execution, actor: "codepipeline/shop" });
  const conclude = (passed: boolean) =>
    concludeThrough(env.ports, {
      ...{ release: two, owner: execution, actor: "codepipeline/shop" },
      verification: {
        ...{ release: two.id, passed, at: "2026-01-31T12:05:00Z" },
        services: { web: { passed, attempts: 1, seconds: 1, output: ["GET /: 500"] } },
      },
    });

  beforeEach(() => {
    env = FakeEnvironment.running(one);
  });

  it("nothing of a deployment that goes well, and once that its release is verified", async () => {
    await deploy();
    assert.equal(env.told.length, 0);
    await conclude(true);
    await conclude(true);
    assert.deepEqual(
      env.told.map(({ kind, what, why }) => [kind, what, why]),
      [["succeeded", `release ${two.id} runs, and is verified`, `it takes the place of ${one.id}`]],
    );
    assert.match(String(env.told[0].link), new RegExp(`/executions/${execution}/timeline`));
  });

  it("once why a deployment failed, with the explanation, and what became of it", async () => {
    env.failOn("steady", new DeploymentFailure("web did not come up", ["web"]));
    const error = await failed(deploy());
    const [{ kind, what, why, lines }, ...more] = env.told;
    assert.deepEqual([kind, what, more], ["failed", `release ${two.id} failed`, []]);
    assert.match(String(why), /web did not come up/);
    assert.deepEqual(lines, ["web: exit code 137", `Rolled back: ${one.id} runs as before.`]);
    assert.equal(wasTold(error), true);
  });

  it("once that a verification failed, with what the checks printed", async () => {
    await deploy();
    await failed(conclude(false));
    assert.deepEqual(
      env.told.map(({ kind }) => kind),
      ["failed"],
    );
    assert.match(String(env.told[0].lines?.join("\n")), /GET \/: 500/);
  });

  it("that a release is superseded, and not that it failed", async () => {
    env = FakeEnvironment.running(three);
    await failed(deploy(two));
    assert.deepEqual(
      env.told.map(({ kind, what }) => [kind, what]),
      [["superseded", `release ${two.id} is superseded`]],
    );
  });

  it("that somebody went back, why, and what is refused since", async () => {
    env.past(two, { previous: one });
    env.pointer = two;
    env.services = two;
    const reason = "payments fail";
    await rollbackThrough(env.ports, { owner: "ada@laptop", actor: "ada@laptop", reason });
    const [{ kind, what, who, why, nextSteps }] = env.told;
    assert.deepEqual(
      [kind, what, who, why],
      ["rolledBack", `release ${one.id} runs again in place of ${two.id}`, "ada@laptop", reason],
    );
    assert.match(String(nextSteps), /gantry resume --stack staging/);
    await failed(deploy(three));
    assert.equal(env.told[1].kind, "held");
  });

  it("nothing of a rollback that is refused: who asked for it knows", async () => {
    await failed(rollbackThrough(env.ports, { owner: "ada", actor: "ada", to: "99999999-9" }));
    assert.deepEqual(env.told, []);
  });
});
