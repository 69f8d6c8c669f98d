import assert from "node:assert/strict";
import { checkFaults, faultsOf, parse, type Values } from "./support";

const job = (more: Values = {}): Values => ({ services: { report: { kind: "job", ...more } } });

describe("a job in config", () => {
  it("is run by hand, for an hour at most, once, and never twice at once", () => {
    const { report } = parse(job()).services;
    assert.equal(report.kind, "job");
    const { schedule, timezone, timeoutMinutes, retries, overlap, build, cpu } = report;
    assert.deepEqual(
      { schedule, timezone, timeoutMinutes, retries, overlap, context: build?.context, cpu },
      {
        ...{ schedule: undefined, timezone: undefined, timeoutMinutes: 60, retries: 0 },
        ...{ overlap: false, context: "report", cpu: 256 },
      },
    );
  });

  it("is what it says", () => {
    const given = {
      ...{ schedule: "cron(0 3 ? * MON-FRI *)", timezone: "Europe/Berlin" },
      ...{ timeoutMinutes: 30, retries: 2, overlap: true },
    };
    const { report } = parse(job(given)).services;
    assert.deepEqual({ ...report, ...given }, report);
  });

  it("has the image of another service", () => {
    const services = { web: {}, report: { kind: "job", imageOf: "web", command: ["report"] } };
    assert.equal(parse({ services }).services.report.build?.context, "app");
  });

  it("needs room on hosts for a task of its own", () => {
    const services = { web: { scaling: { min: 1, max: 1 } }, report: { kind: "job" } };
    const ec2 = { instanceType: "t3.medium", maxInstances: 1 };
    const faults = faultsOf({
      ...{ services, network: { nat: "single" } },
      cluster: { capacity: "ec2", ec2 },
    });
    assert.match(faults[0].allowed, /^room for 3 tasks/);
  });

  checkFaults("gantry:services.report", job, [
    [
      "its schedule is one of Unix's cron",
      { schedule: "30 6 * * 1-5" },
      "schedule",
      "write it as cron(30 6 ? * 2-6 *)",
    ],
    ["its schedule is a word", { schedule: "@daily" }, "schedule", "write it as cron(0 0 * * ? *)"],
    [
      "its time zone is an offset",
      { schedule: "cron(0 3 * * ? *)", timezone: "+01:00" },
      "timezone",
      "write a name of the IANA, such as Europe/Berlin or UTC",
    ],
    [
      "its time zone is that of a rate",
      { schedule: "rate(1 hour)", timezone: "Europe/Berlin" },
      "timezone",
      "remove timezone, or write schedule as cron(0 3 * * ? *)",
    ],
    [
      "its time zone is that of no schedule",
      { timezone: "Europe/Berlin" },
      "timezone",
      "remove timezone, or write schedule as cron(0 3 * * ? *)",
    ],
    ["an attempt has no time", { timeoutMinutes: 0 }, "timeoutMinutes", "set timeoutMinutes: 1"],
    ["it is repeated too often", { retries: 11 }, "retries", "set retries: 10"],
    ["it takes requests", { port: 3000 }, "port", "remove port, or set kind: web or kind: private"],
    ["it scales", { scaling: { min: 1 } }, "scaling", "remove scaling, or set kind: worker"],
    [
      "it has a release command",
      { releaseCommand: { command: ["migrate"] } },
      "releaseCommand",
      "remove releaseCommand, or set kind: worker",
    ],
  ]);

  it("is what a service with a schedule is told to be", () => {
    const [{ fix }] = faultsOf({ services: { web: { retries: 2 } } });
    assert.equal(fix, "remove retries, or set kind: job");
  });

  it("is nothing for CodePipeline's ECS action, which updates services", () => {
    const pipeline = { promoteFrom: { stack: "dev" }, deploy: "ecs" };
    const [{ path, fix }] = faultsOf({ ...job(), pipeline });
    assert.deepEqual([path, fix], ["gantry:pipeline.deploy", "set deploy: pulumi"]);
  });
});
