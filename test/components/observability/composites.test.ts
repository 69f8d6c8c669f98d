import assert from "node:assert/strict";
import jsonata from "jsonata";
import type { WatchedServiceArgs } from "../../../components";
import { everything, observed, types, web } from "./support";

const topic = ["arn:aws:sns:eu-west-1:123456789012:shop"];

/** Which of the composite alarms fire, by CloudWatch's own words for rules, of which each names those before it alone. */
async function telling(
  rules: Readonly<Record<string, string>>,
  firing: readonly string[],
): Promise<string[]> {
  const all = new Set(firing);
  for (const [name, rule] of Object.entries(rules)) if (await holds(rule, all)) all.add(name);
  return Object.keys(rules).filter((name) => all.has(name));
}

/** In JSONata, of which these words are a part but for case. */
async function holds(rule: string, firing: ReadonlySet<string>): Promise<boolean> {
  const expression = rule
    .replace(/ALARM\("([^"]+)"\)/g, (_, name: string) => String(firing.has(name)))
    .replace(/\bAND\b/g, "and")
    .replace(/\bOR\b/g, "or")
    .replace(/\bNOT\b/g, "$not");
  assert.match(expression, /^[a-z()$ ]+$/);
  return Boolean(await jsonata(expression).evaluate({}));
}

async function rulesOf(more: Parameters<typeof observed>[0] = {}) {
  const { all } = await observed(more);
  return Object.fromEntries(
    all(types.composite).map(({ inputs }) => [String(inputs.alarmName), String(inputs.alarmRule)]),
  );
}

describe("composite alarms of Observability", () => {
  it("tell, and the alarms below them do not", async () => {
    const { all } = await observed();
    assert.deepEqual(
      all(types.composite)
        .map(({ inputs }) => inputs.alarmName)
        .sort(),
      [
        "shop.data",
        "shop.load",
        "shop.loadBalancer.main",
        "shop.pipeline",
        "shop.service.jobs",
        "shop.service.web",
      ],
    );
    for (const { inputs } of all(types.composite)) {
      assert.deepEqual([inputs.alarmActions, inputs.okActions], [topic, topic]);
    }
    const alone = all(types.alarm).filter(({ inputs }) => inputs.alarmActions !== undefined);
    // Nothing else tells of it, and a composite of one would say the same.
    assert.deepEqual(
      alone.map(({ inputs }) => inputs.name),
      ["shop.job.nightly.failedRuns"],
    );
    assert.deepEqual(alone[0].inputs.alarmActions, topic);
  });

  it("are after what they name, so that AWS knows it", async () => {
    const { all, one } = await observed();
    const urns = (name: string) => one(types.composite, name).options.dependencies;
    const [age] = all(types.alarm).filter(({ name }) => name.endsWith("orders.age"));
    assert.ok(urns("shop-load").includes(age.urn));
    assert.ok(urns("shop-load").includes(one(types.composite, "shop-service.web").urn));
    assert.ok(
      urns("shop-loadBalancer.main").includes(one(types.composite, "shop-service.web").urn),
    );
  });

  it("tell of a cause once", async () => {
    const rules = await rulesOf();
    const tell = async (...firing: string[]) => telling(rules, firing);
    assert.deepEqual(await tell("shop--web--errors", "shop--web--latency"), ["shop.service.web"]);
    assert.deepEqual(
      await tell("shop--web--errors", "shop.service.web.cpu", "shop.loadBalancer.main.errors"),
      ["shop.service.web"],
      "what users notice explains load and the load balancer's errors",
    );
    assert.deepEqual(await tell("shop.service.web.cpu", "shop.service.web.memory"), ["shop.load"]);
    assert.deepEqual(
      await tell("shop.service.jobs.memory", "shop--web--errors"),
      ["shop.service.web", "shop.load"],
      "another service's strain is another cause",
    );
    assert.deepEqual(await tell("orders-deadLetters"), ["shop.service.jobs"]);
    assert.deepEqual(await tell("shop.loadBalancer.main.errors"), ["shop.loadBalancer.main"]);
    assert.deepEqual(await tell("shop.database.main.acu", "shop.cache.pages.cpu"), ["shop.data"]);
    assert.deepEqual(await tell("shop.pipeline.waits"), ["shop.pipeline"]);
    assert.deepEqual(await tell(), []);
  });

  it("leave out what is told with its reason by others", async () => {
    const { jobs = {}, pipeline } = everything;
    assert.ok(pipeline);
    const { all } = await observed({
      jobs: { nightly: { ...jobs.nightly, failuresTold: true } },
      pipeline: { ...pipeline, failuresTold: true },
    });
    const names = all(types.alarm).map(({ inputs }) => String(inputs.name));
    assert.ok(!names.includes("shop.pipeline.failed"));
    assert.ok(names.includes("shop.job.nightly.failedRuns"), "the dashboard shows it");
    const acting = all(types.alarm).filter(({ inputs }) => inputs.alarmActions !== undefined);
    assert.deepEqual(acting, []);
  });

  it("are as many as it takes to name every alarm", async () => {
    const services = Object.fromEntries(
      Array.from({ length: 60 }, (_, index): [string, WatchedServiceArgs] => [
        `web-${index}`,
        { ...web, alarmNames: [`shop--web-${index}--errors`] },
      ]),
    );
    const rules = await rulesOf({ services });
    const loads = Object.keys(rules).filter((name) => name.startsWith("shop.load"));
    assert.deepEqual(loads.filter((name) => !name.includes(".loadB")).length, 4);
    for (const [name, rule] of Object.entries(rules)) {
      assert.ok(rule.length <= 10_240, `${name}: ${rule.length}`);
      assert.ok(rule.split("ALARM(").length - 1 <= 100, name);
    }
    for (const name of Object.keys(services)) {
      const told = await telling(rules, [`shop.service.${name}.cpu`]);
      assert.equal(told.length, 1, name);
    }
  });
});
