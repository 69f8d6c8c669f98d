import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import type { ListenerRule, Weights } from "../../../components/service/leadingRules";
import {
  leading,
  ofProductionRule,
  ofTestRule,
  type Groups,
  type Leading,
  type ShiftRulePorts,
} from "../../../components/service/shiftRules";

const route = { hosts: [], paths: ["/api/*"], priority: 100 };
const groups: Groups = pulumi.output(["blue", "green"]);

const ports: ShiftRulePorts = {
  lead: () => Promise.reject(new Error("no rule was to be led")),
  rules: () => Promise.resolve([]),
  deployments: () => Promise.resolve([]),
  describe: () => Promise.reject(new Error("no deployment was to be described")),
  updates: () => true,
};

async function run(hooks: pulumi.ResourceHookBinding["beforeCreate"] = [], args: object) {
  for (const hook of hooks) {
    await (hook as pulumi.ResourceHookFunction)(args as pulumi.ResourceHookArgs);
  }
}

describe("the new rules of a route lead from their first moment on", () => {
  const rule = (weights: Weights, rest: Partial<ListenerRule> = {}): ListenerRule => ({
    ...{ arn: "a rule", priority: 200, isNarrower: false, weights },
    ...rest,
  });
  const newRules = () => ({
    ...{ own: route, groups, areMade: true },
    listenerArn: pulumi.output("listener"),
  });
  const led = (given: Partial<ShiftRulePorts>, areMade = true) =>
    new Promise<Leading>((resolve) =>
      leading({ ...newRules(), areMade }, { ...ports, ...given }).apply(resolve),
    );
  const beside = (...rules: ListenerRule[]) => led({ rules: () => Promise.resolve(rules) });

  const first = { blue: 100, green: 0 };
  for (const [title, found, production, test = production] of [
    ["to the first group of a new service", [], first],
    ["to the first group where it serves", [rule({ blue: 100, green: 0 })], first],
    [
      "to the other group where it serves",
      [rule({ blue: 0, green: 100 })],
      { blue: 0, green: 100 },
    ],
    ["to the group of a service that rolled before", [rule({ blue: 1 })], { blue: 1, green: 0 }],
    ["to what answered before, of a new service", [rule({ web: 100 })], { web: 100 }, first],
    [
      "as the rules of its route do, whatever its test rule says",
      [rule({ blue: 0, green: 100 }, { isNarrower: true }), rule({ blue: 100, green: 0 })],
      first,
    ],
  ] as [string, ListenerRule[], Weights, Weights?][]) {
    it(title, async () => assert.deepEqual(await beside(...found), { production, test }));
  }

  it("by one list for all services of a load balancer but new ones", async () => {
    let lists = 0;
    const services = { web: ["blue", "green"], api: ["red", "pink"], site: ["black", "white"] };
    const found = [rule({ blue: 0, green: 100 }), rule({ red: 100, pink: 0 })];
    const listed = {
      ...ports,
      rules: () => Promise.resolve(++lists === 1 ? found : [...found, rule({ site: 1 })]),
    };
    const one = newRules();
    const of = (groups: readonly string[]) =>
      new Promise<Weights>((resolve) =>
        leading({ ...one, groups: pulumi.output([...groups]) }, listed).apply(({ production }) =>
          resolve(production),
        ),
      );
    const [web, api] = await Promise.all([of(services.web), of(services.api)]);
    assert.deepEqual([web, api], [found[0].weights, found[1].weights]);
    assert.equal(lists, 1);
    assert.deepEqual(await of(services.site), found[0].weights, "which answered before");
    assert.equal(lists, 2);
    await new Promise((resolve) => leading(newRules(), listed).apply(resolve));
    assert.equal(lists, 3, "another run of a program");
  });

  it("and AWS is not asked in previews, deliveries and unit tests", async () => {
    const asked = { rules: () => Promise.reject(new Error("AWS was asked")) };
    assert.deepEqual((await led({ ...asked, updates: () => false })).production, first);
    assert.deepEqual((await led(asked, false)).production, first);
    const without = await new Promise<Leading>((resolve) => leading(newRules()).apply(resolve));
    assert.deepEqual(without.production, first, "nothing of an engine is here");
  });
});

describe("the new rule of a route", () => {
  const service = pulumi.output({ clusterArn: "cluster", serviceName: "web" });
  const made = (given: Partial<ShiftRulePorts>) =>
    run(ofProductionRule(service, { ...ports, ...given }).beforeCreate, { name: "rule-100" });
  const deployments = (status: string) => ({
    deployments: () => Promise.resolve([{ arn: "newest", status }]),
    describe: (arn: string) => Promise.resolve({ arn, status, stage: "BAKE_TIME", waiting: [] }),
  });

  it("is not made while a deployment is open, which would not lead it over", () =>
    assert.rejects(
      made(deployments("IN_PROGRESS")),
      /^Error: rule-100 was not changed: a deployment of web is under way \(IN_PROGRESS, at stage BAKE_TIME\)/,
    ));

  it("is made where deployments have ended, and where there is no service yet", async () => {
    await made(deployments("SUCCESSFUL"));
    const unknown = Object.assign(new Error("none"), { name: "ServiceNotFoundException" });
    await made({ deployments: () => Promise.reject(unknown) });
  });

  it("is not made where nobody can tell whether one is open", () =>
    assert.rejects(
      made({ deployments: () => Promise.reject(new Error("throttled")) }),
      /throttled/,
    ));
});

describe("a rule for test requests", () => {
  const conditions = (value: string) => ({
    conditions: [{ pathPattern: { values: ["/*"] } }, { httpHeader: { values: [value] } }],
  });
  const update = async (oldValue: string, newValue: string) => {
    const done: string[] = [];
    const lead: ShiftRulePorts["lead"] = (rule, weights) =>
      Promise.resolve(void done.push(`${rule}: ${JSON.stringify(weights)}`));
    const test = ofTestRule(groups, { ...ports, lead });
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
