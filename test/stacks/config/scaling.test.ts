import assert from "node:assert/strict";
import { checkFaults, faultsOf, parse, servicesOf, web, type Values } from "./support";

const night = { at: "cron(0 20 ? * MON-FRI *)", min: 0, max: 0 };
const day = { at: "cron(0 7 ? * MON-FRI *)", min: 1, max: 2, timezone: "Europe/Berlin" };
const scaled = (scaling: Values): Values => web({ scaling });

describe("scaling by the time", () => {
  it("takes a service on the web to no task, and back", () => {
    const services = servicesOf(scaled({ schedule: [night, day] }));
    assert.deepEqual(services.web.scaling.schedule, [night, day]);
  });

  it("lets a worker begin without a task", () => {
    const scaling = { min: 0, max: 1, schedule: [day] };
    const services = servicesOf({ services: { jobs: { kind: "worker", scaling } } });
    assert.equal(services.jobs.scaling.min, 0);
  });

  it("needs hosts with room for what it asks for", () => {
    const schedule = [{ ...day, min: 9, max: 9 }];
    const [{ path, allowed }] = faultsOf({
      services: { jobs: { kind: "worker", scaling: { min: 1, max: 1, schedule } } },
      network: { nat: "single" },
      cluster: { capacity: "ec2", ec2: { maxInstances: 2 } },
    });
    assert.equal(path, "gantry:cluster.ec2.maxInstances");
    assert.match(allowed, /^room for 10 tasks/);
  });

  checkFaults("gantry:services.web.scaling", scaled, [
    [
      "its time is cron's of Unix",
      { schedule: [{ ...day, at: "0 7 * * 1-5" }] },
      "schedule[0].at",
      "write it as cron(0 20 ? * MON-FRI *)",
    ],
    [
      "it comes once",
      { schedule: [{ ...day, at: "at(2026-11-28T00:00:00)" }] },
      "schedule[0].at",
      "write it as cron(0 20 ? * MON-FRI *)",
    ],
    [
      "its time zone is misspelt",
      { schedule: [{ ...day, timezone: "europe/berlin" }] },
      "schedule[0].timezone",
      "write Europe/Berlin",
    ],
    [
      "it says no max",
      { schedule: [{ at: day.at, min: 1 }] },
      "schedule[0].max",
      "add max: a whole number from 0 to 1000",
    ],
    [
      "it has more at least than at most",
      { schedule: [{ ...day, min: 3 }] },
      "schedule[0].min",
      "set min: 2, or raise max",
    ],
    [
      "it may have none, and nothing to start the first by",
      { schedule: [{ ...day, min: 0 }, day] },
      "schedule[0].min",
      "set min: 1, or max: 0",
    ],
    [
      "it stops and never starts again",
      { schedule: [night] },
      "schedule[0].max",
      "add such a time: { at: cron(0 7 ? * MON-FRI *), min: 1, max: 2 }",
    ],
    ["it is empty", { schedule: [] }, "schedule", "name one, or remove the key"],
  ]);
});

describe("the cooldown of scaling", () => {
  const of = (cooldownSeconds: unknown) => servicesOf(scaled({ cooldownSeconds })).web.scaling;

  it("is one for both directions, or one for each", () => {
    assert.deepEqual(of(60).cooldownSeconds, { out: 60, in: 60 });
    assert.deepEqual(of({ in: 600 }).cooldownSeconds, { in: 600 });
  });

  checkFaults(
    "gantry:services.web.scaling.cooldownSeconds",
    (value) => scaled({ cooldownSeconds: value }),
    [
      ["it is of no direction", { down: 5 }, "down", "remove down"],
      ["it is negative", { out: -1 }, "out", "set out: 0"],
    ],
  );
});

describe("scaling by messages", () => {
  const jobs = (scaling: Values, subscribes: unknown = { orders: {} }): Values => ({
    services: { api: { publishes: ["orders"] }, jobs: { kind: "worker", subscribes, scaling } },
  });

  it("lets a worker begin without a task", () => {
    parse(jobs({ min: 0, max: 5, messagesPerTask: 10 }));
  });

  checkFaults("gantry:services.jobs.scaling", (scaling) => jobs(scaling, {}), [
    [
      "there is no queue",
      { messagesPerTask: 10 },
      "messagesPerTask",
      "subscribe to a topic or bucket, or remove messagesPerTask",
    ],
  ]);
});

describe("bursts", () => {
  const of = (scaling: Values) => servicesOf(scaled({ max: 4, ...scaling })).web.scaling.burst;

  it("are nobody's unless they are asked for", () => {
    assert.equal(of({}), undefined);
    assert.equal(of({ burst: false }), undefined);
  });

  it("begin halfway to full CPU, and with twice the requests that are held", () => {
    const cpu = { cpuPercent: 80, requestsPerTarget: undefined, addPercent: 50 };
    assert.deepEqual(of({ burst: true }), cpu);
    const held = { cpuPercent: 45, requestsPerTarget: 300 };
    const both = { cpuPercent: 73, requestsPerTarget: 600, addPercent: 100 };
    assert.deepEqual(of({ ...held, burst: { addPercent: 100 } }), both);
    const given = { cpuPercent: 90, requestsPerTarget: 400, addPercent: 50 };
    const burst = { cpuPercent: 90, requestsPerTarget: 400 };
    assert.deepEqual(of({ ...held, burst }), given);
  });

  checkFaults("gantry:services.web.scaling", scaled, [
    ["they are a number", { burst: 80 }, "burst", "write true or false"],
    ["they have another key", { burst: { cpu: 80 } }, "burst.cpu", "did you mean cpuPercent?"],
    [
      "no task could be added",
      { min: 2, max: 2, burst: true },
      "burst",
      "raise max, or remove burst",
    ],
    [
      "they begin below what is held",
      { cpuPercent: 80, burst: { cpuPercent: 80 } },
      "burst.cpuPercent",
      "raise it, or lower scaling.cpuPercent",
    ],
    [
      "they begin with fewer requests than are held",
      { requestsPerTarget: 100, burst: { requestsPerTarget: 50 } },
      "burst.requestsPerTarget",
      "raise it, or lower scaling.requestsPerTarget",
    ],
  ]);

  const worker = (scaling: Values, subscribes = {}): Values => ({
    services: { api: { publishes: ["orders"] }, jobs: { kind: "worker", subscribes, scaling } },
  });

  checkFaults("gantry:services.jobs.scaling", (scaling) => worker(scaling), [
    [
      "nobody counts its requests",
      { burst: { requestsPerTarget: 100 } },
      "burst.requestsPerTarget",
      "remove it, or set kind: web",
    ],
  ]);

  checkFaults("gantry:services.jobs.scaling", (scaling) => worker(scaling, { orders: {} }), [
    [
      "messages add tasks already",
      { messagesPerTask: 10, burst: true },
      "burst",
      "remove one of the two",
    ],
  ]);
});
