import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import {
  ofProductionRule,
  ofTestRule,
  type Groups,
  type ShiftRulePorts,
} from "../../../components/service/shiftRules";

const route = { hosts: [], paths: ["/api/*"], priority: 100 };
const groups: Groups = pulumi.output(["blue", "green"]);

/** Rules of a service whose healthy tasks are in one of the groups, and where they were led. */
function rules(serving: string | undefined, health?: ShiftRulePorts["health"]) {
  const done: string[] = [];
  const ports: ShiftRulePorts = {
    health: health ?? ((arn) => Promise.resolve(arn === serving ? [{ state: "healthy" }] : [])),
    lead: (rule, weights) => Promise.resolve(void done.push(`${rule}: ${JSON.stringify(weights)}`)),
    rules: (listener) =>
      Promise.resolve([
        { arn: "next", priority: 200, isNarrower: false, weights: { [`web of ${listener}`]: 100 } },
      ]),
    fail: (message) => Promise.resolve(void done.push(message)),
  };
  return {
    done,
    production: ofProductionRule(route, groups, ports),
    test: ofTestRule(groups, ports),
  };
}

async function run(hooks: pulumi.ResourceHookBinding["afterCreate"] = [], args: object) {
  for (const hook of hooks) {
    await (hook as pulumi.ResourceHookFunction)(args as pulumi.ResourceHookArgs);
  }
}

describe("the new rule of a route", () => {
  for (const [serving, led] of [
    ["green", ['rule: {"blue":0,"green":100}']],
    // As it is made.
    ["blue", []],
    // Of a new service no task is there yet.
    [undefined, ['rule: {"web of listener":100}']],
  ] as const) {
    it(`leads to ${serving ?? "what answered before"} where ${serving ?? "nothing"} serves`, async () => {
      const { done, production } = rules(serving);
      const newInputs = { listenerArn: "listener" };
      await run(production.afterCreate, { newOutputs: { arn: "rule" }, newInputs });
      assert.deepEqual(done, led);
    });
  }

  it("fails the update where nobody can tell who serves", async () => {
    const { done, production } = rules("green", () => Promise.reject(new Error("throttled")));
    await run(production.afterCreate, { newOutputs: { arn: "rule" } });
    assert.match(done.join(), /^The new rule rule leads to blue, .*\(throttled\)\. .* in green/);
  });
});

describe("a rule for test requests", () => {
  const conditions = (value: string) => ({
    conditions: [{ pathPattern: { values: ["/*"] } }, { httpHeader: { values: [value] } }],
  });
  const update = async (oldValue: string, newValue: string) => {
    const { done, test } = rules("green");
    const oldOutputs = { arn: "rule" };
    const inputs = { oldInputs: conditions(oldValue), newInputs: conditions(newValue) };
    await run(test.beforeUpdate, { ...inputs, oldOutputs });
    return done;
  };

  it("leads to the groups of the service that takes it over", async () =>
    assert.deepEqual(await update("ab", "cd"), ['rule: {"blue":100,"green":0}']));

  it("is left alone by everything else", async () =>
    assert.deepEqual(await update("ab", "ab"), []));
});
