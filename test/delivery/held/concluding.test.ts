import assert from "node:assert/strict";
import type { FakeEnvironment } from "../support/fakePorts";
import { newer, waiting } from "./asking";
import { conclude, one, requireQuiet, three, two } from "./support";

describe("a release that is being concluded has the newer one's stage tried again by itself", () => {
  let env: FakeEnvironment;

  beforeEach(async () => (env = await waiting()));

  const refused =
    /is being concluded by older.*Nothing was changed\. This stage is tried again by itself once that has ended; where it was cut off/;
  const again = () => {
    const { at } = env.retry;
    env.retry.at = undefined;
    return at !== undefined && Date.parse(at) - env.clock.now().getTime();
  };

  it("where it was approved before, and where it was so in the meantime", async () => {
    env.unapproved.clear();
    env.concluding.add("older");
    await assert.rejects(newer(env), refused);
    assert.equal(again(), 60_000);
    await env.ports.ledger.note(env.records[0], { event: "concluding" });
    await assert.rejects(newer(env), refused);
    assert.equal(again(), 60_000);
    await conclude(env, true, two, "older");
    await newer(env);
    await conclude(env, true, three, "newer");
    requireQuiet(env, three);
  });

  it("where it was approved in the very moment in which the newer one takes its place", async () => {
    const { ports } = env;
    const view = await ports.ledger.recent();
    await ports.ledger.note(env.records[0], { event: "concluding" });
    env.concluding.add("older");
    const ledger = { ...ports.ledger, recent: () => Promise.resolve(view) };
    const late = { ...env, ports: { ...ports, ledger } } as unknown as FakeEnvironment;
    await assert.rejects(newer(late), refused);
    assert.equal(again(), 60_000);
  });

  it("and says so where that cannot be arranged", async () => {
    env.unapproved.clear();
    env.concluding.add("older");
    env.retry.error = new Error("throttled");
    await assert.rejects(
      newer(env),
      /tried again by itself could not be arranged: throttled\. Once that has ended, retry it; where/,
    );
  });

  it("but not where that was cut off, where it is older itself, and where a person deploys", async () => {
    await env.ports.ledger.note(env.records[0], { event: "concluding" });
    await assert.rejects(
      newer(env),
      /Once that has ended, retry this stage \(gantry retry --stack production\);/,
    );
    env.concluding.add("older");
    await assert.rejects(newer(env, one), /held by older/);
    env.retry.byHand = true;
    await assert.rejects(
      newer(env),
      /Once that has ended, retry this stage \(gantry retry --stack production\);/,
    );
    assert.equal(env.retry.at, undefined);
  });
});
