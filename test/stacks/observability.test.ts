import assert from "node:assert/strict";
import { types } from "../components/observability/support";
import type { Recording } from "../support/record";
import { checkFaults, parse, web } from "./config/support";
import { everything } from "./everything";
import { environment } from "./support";

const receives = { promoteFrom: { stack: "staging" }, approvalTimeoutHours: 72 };

/** Production with one of everything, promoted into. */
const production = {
  ...everything,
  pipeline: receives,
  pullRequests: undefined,
};

const namesOf = ({ all }: Pick<Recording<unknown>, "all">, type: string) =>
  all(type)
    .map(({ inputs }) => String(inputs.alarmName ?? inputs.name))
    .filter((name) => name.startsWith("shop--"))
    .sort();

describe("what watches an environment", () => {
  it("is nothing in staging unless config says so", async () => {
    const staging = await environment(everything);
    assert.deepEqual(namesOf(staging, types.composite), []);
    assert.deepEqual(namesOf(staging, types.alarm), []);
    const asked = await environment({ ...everything, alarms: true });
    assert.ok(namesOf(asked, types.composite).includes("shop--staging.service.web"));
  });

  it("is everything in production, where no deployment waits for it", async () => {
    const made = await environment(production, { stack: "production" });
    assert.deepEqual(namesOf(made, types.composite), [
      "shop--production.data",
      "shop--production.load",
      "shop--production.loadBalancer.main",
      "shop--production.service.api",
      "shop--production.service.jobs",
      "shop--production.service.web",
    ]);
    const alarms = namesOf(made, types.alarm);
    const own = alarms.filter((name) => name.startsWith("shop--production--"));
    assert.deepEqual(own, [
      "shop--production--api--missingTasks",
      "shop--production--jobs--missingTasks",
      "shop--production--web--errors",
      "shop--production--web--latency",
      "shop--production--web--missingTasks",
      "shop--production--web--unhealthyTasks",
    ]);
    assert.deepEqual(
      alarms.filter((name) => !own.includes(name)),
      [
        "cache.pages.cpu",
        "cache.pages.memory",
        "cache.sessions.storage",
        "cache.sessions.throttled",
        "database.main.acu",
        "database.main.replicaLag",
        "database.main.transactionIds",
        "database.reports.cpu",
        "database.reports.storage",
        "job.nightly.failedRuns",
        "loadBalancer.main.errors",
        "pipeline.waits",
        "service.api.cpu",
        "service.api.memory",
        "service.jobs.backlog",
        "service.jobs.cpu",
        "service.jobs.memory",
        "service.jobs.orders.age",
        "service.jobs.uploads.age",
        "service.web.cpu",
        "service.web.memory",
      ].map((end) => `shop--production.${end}`),
    );
    for (const { inputs } of made.all("aws:ecs/service:Service")) {
      assert.equal(inputs.alarms, undefined);
    }
    const topic = made.one("gantry:index:Notifications");
    for (const { inputs, name } of made.all(types.composite)) {
      assert.equal((inputs.alarmActions as unknown[]).length, 1, `${name} tells ${topic.name}`);
    }
  });

  it("holds back no release by what only strains, since its names begin otherwise", async () => {
    const made = await environment(production, { stack: "production" });
    const held = namesOf(made, types.alarm).filter((name) => name.startsWith("shop--production--"));
    for (const name of held) assert.match(name, /--(errors|latency|missingTasks|unhealthyTasks)$/);
  });

  it("is what nobody asked of a service, where its config says so", async () => {
    const { services } = everything;
    const quiet = { ...services, web: { ...services.web, alarms: false } };
    const made = await environment({ ...production, services: quiet }, { stack: "production" });
    const ofWeb = [...namesOf(made, types.alarm), ...namesOf(made, types.composite)].filter(
      (name) => /web/.test(name),
    );
    assert.deepEqual(ofWeb, []);
    const none = await environment({ ...production, alarms: false }, { stack: "production" });
    assert.deepEqual([...namesOf(none, types.alarm), ...namesOf(none, types.composite)], []);
  });

  it("has a service's own bounds end its deployments, with alarms of the same resources", async () => {
    const { services } = everything;
    const bounds = { errorPercent: 2 };
    const wired = { ...services, web: { ...services.web, alarms: bounds } };
    const before = await environment(production, { stack: "production" });
    const after = await environment({ ...production, services: wired }, { stack: "production" });
    const urns = ({ all }: typeof before) => all(types.alarm).map(({ urn }) => urn);
    // One that moved would be made anew by its name, and then deleted by it.
    assert.deepEqual(urns(after).sort(), urns(before).sort());
    const { inputs } = after.one("aws:ecs/service:Service", "shop--production--web-service");
    assert.deepEqual((inputs.alarms as { rollback: boolean }).rollback, true);
  });

  it("waits with no approval that fails before, and in no pipeline that asks nobody", async () => {
    const machines = async (pipeline: object, more: object = {}) => {
      const made = await environment(
        { ...production, ...more, pipeline: { ...receives, ...pipeline } },
        { stack: "production" },
      );
      return made.all(types.stateMachine).filter(({ name }) => name.endsWith("approvalWait"));
    };
    assert.equal((await machines({})).length, 1);
    assert.equal((await machines({ approvalTimeoutHours: 24 })).length, 0);
    assert.equal((await machines({ approval: false })).length, 0);
  });

  it("tells of drift by an alarm, where nobody else does", async () => {
    const drift = async (more: object) =>
      (await environment({ ...production, ...more }, { stack: "production" }))
        .all(types.alarm)
        .filter(({ name }) => name.endsWith("pipeline.drift"))
        .map(({ inputs }) => [inputs.namespace, inputs.metricName, inputs.dimensions]);
    const silent = { ...everything.notify, kinds: ["alarm", "failed"] };
    assert.deepEqual(await drift({ notify: silent }), [
      ["Gantry/Drift", "Resources", { Environment: "shop--production" }],
    ]);
    assert.deepEqual(await drift({}), []);
    assert.deepEqual(await drift({ notify: silent, drift: false }), []);
  });

  it("has a dashboard in production, and queries everywhere", async () => {
    const dashboards = ({ all }: Pick<Recording<unknown>, "all">) =>
      all("aws:cloudwatch/dashboard:Dashboard").map(({ inputs }) => inputs.dashboardName);
    const staging = await environment(everything);
    const made = await environment(production, { stack: "production" });
    const none = await environment({ ...production, dashboard: false }, { stack: "production" });
    assert.deepEqual([dashboards(staging), dashboards(none)], [[], []]);
    assert.deepEqual(dashboards(made), ["shop--production"]);
    assert.equal("dashboardUrl" in staging.value, false);
    assert.ok(made.value.dashboardUrl);
    for (const { all } of [staging, made]) {
      assert.equal(all("aws:cloudwatch/queryDefinition:QueryDefinition").length, 4);
    }
  });

  it("counts the environment's costs by its two tags, where there is a budget", async () => {
    const budget = { monthlyUsd: 500, emails: ["ops@example.com"] };
    const made = await environment({ ...everything, alarms: { budget } });
    assert.deepEqual(made.one(types.budget).inputs.filterExpression, {
      ands: [
        { tags: { key: "gantry:name", values: ["shop"] } },
        { tags: { key: "gantry:stack", values: ["staging"] } },
      ],
    });
    assert.equal(made.one(types.budget).inputs.name, "shop--staging");
  });
});

describe("gantry:alarms", () => {
  it("is bounds, true or false; production has some where nothing is said", () => {
    const of = (alarms: unknown, stack: string) =>
      parse({ ...web({}), ...(alarms === undefined ? {} : { alarms }) }, { stack }).alarms;
    assert.equal(of(undefined, "staging"), false);
    assert.deepEqual(of(undefined, "production"), {});
    assert.deepEqual(of(true, "staging"), {});
    assert.equal(of(false, "production"), false);
    assert.deepEqual(of({ cpuPercent: 70 }, "staging"), { cpuPercent: 70 });
  });

  checkFaults("gantry:alarms", (alarms) => ({ ...web({}), alarms }), [
    ["tasks have more than all", { cpuPercent: 101 }, "cpuPercent", "set cpuPercent: 100"],
    [
      "a budget is nothing",
      { budget: { monthlyUsd: 0, emails: ["a@example.com"] } },
      "budget.monthlyUsd",
      "set monthlyUsd: 1",
    ],
    [
      "nobody is told",
      { budget: { monthlyUsd: 5, emails: [] } },
      "budget.emails",
      "name one, or remove the key",
    ],
    [
      "many are told",
      { budget: { monthlyUsd: 5, emails: Array(11).fill("a@example.com") } },
      "budget.emails",
      "name a mailing list",
    ],
    ["it is misspelt", { cpu: 80 }, "cpu", "did you mean cpuPercent?"],
  ]);

  const { loadBalancer } = everything;
  const asked = (alarms: object) => ({ ...web({}), loadBalancer, pipeline: receives, alarms });
  checkFaults("gantry:alarms", asked, [
    [
      "the approval has failed before",
      { approvalHours: 100 },
      "approvalHours",
      "set approvalHours: 71",
      { stack: "production" },
    ],
  ]);
});
