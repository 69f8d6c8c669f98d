import assert from "node:assert/strict";
import { buildMinutes } from "../../../contract/times";
import { errorOf, parse } from "./support";

const source = { type: "codecommit", repository: "shop" };
const migrates = (timeoutMinutes: number) => ({
  releaseCommand: { command: ["node", "migrate.js"], timeoutMinutes },
});
const worker = { kind: "worker", build: "jobs" };

describe("times that cannot fit", () => {
  const faultOf = (services: object, pipeline: object = { source }) => {
    const [fault, ...others] = errorOf({ services, pipeline }, { stack: "staging" }).faults;
    assert.deepEqual(others, []);
    return fault;
  };

  it("are release commands of more than a build", () => {
    const services = Object.fromEntries(
      [100, 110, 120, 90].map((minutes, index) => [
        `w-${index}`,
        { ...worker, ...migrates(minutes) },
      ]),
    );
    const fault = faultOf(services);
    assert.equal(fault.path, "gantry:services.w-2.releaseCommand.timeoutMinutes");
    assert.match(fault.given, /120, and 420 minutes for the release commands of all services/);
    assert.match(
      fault.allowed,
      /356 minutes for all of them.* 480 at most \("Quotas for AWS Code/s,
    );
    parse({ services }, { stack: "staging" });
  });

  for (const [deployment, key, fix] of [
    [
      { strategy: "blueGreen", bakeMinutes: 400 },
      ...["bakeMinutes", "set bakeMinutes: 178 or less"],
    ],
    [
      { strategy: "canary", stepMinutes: 60, bakeMinutes: 120 },
      ...["bakeMinutes", "set bakeMinutes: 118 or less"],
    ],
    [
      { strategy: "canary", stepMinutes: 300, bakeMinutes: 300 },
      ...["bakeMinutes", "lower bakeMinutes and stepMinutes"],
    ],
    [
      { strategy: "linear", stepPercent: 10, stepMinutes: 40 },
      ...["stepMinutes", "lower stepMinutes, or raise stepPercent"],
    ],
  ] as const) {
    it(`are ${key} that go there and back in no build`, () => {
      const fault = faultOf({ web: { build: "app", deployment } });
      assert.equal(fault.path, `gantry:services.web.deployment.${key}`);
      assert.equal(fault.fix, fix);
      const room = Number(/^\d+/.exec(fault.allowed));
      const fits = { strategy: "blueGreen", bakeMinutes: room };
      const services = { web: { build: "app", deployment: fits } };
      parse({ services, pipeline: { source } }, { stack: "staging" });
      const over = { strategy: "blueGreen", bakeMinutes: room + 1 };
      faultOf({ web: { build: "app", deployment: over } });
    });
  }

  it("is a start that takes longer than a build", () => {
    const services = { web: { build: "app", healthCheck: { graceSeconds: 40_000 } } };
    const fault = faultOf(services);
    assert.equal(fault.path, "gantry:services.web.healthCheck.graceSeconds");
    assert.match(fault.allowed, new RegExp(`a build has ${buildMinutes.most} minutes at most`));
  });

  it("is an hour of draining, where CodePipeline's ECS action waits for an hour", () => {
    const services = { web: { build: "app", drainSeconds: 3600 } };
    const fault = faultOf(services, { source, deploy: "ecs" });
    assert.equal(fault.path, "gantry:services.web.drainSeconds");
    assert.match(fault.allowed, /within 60 minutes with pipeline\.deploy: ecs/);
    parse({ services, pipeline: { source } }, { stack: "staging" });
  });

  it("are more verifications than a build has time for", () => {
    const services = Object.fromEntries(
      Array.from({ length: 48 }, (_, index) => [
        `web-${index}`,
        { build: "app", verify: "true", route: { paths: [`/${index}/*`], priority: 1000 + index } },
      ]),
    );
    const fault = faultOf(services);
    assert.equal(fault.path, "gantry:services");
    assert.match(fault.given, /48 services with verify/);
    assert.match(fault.allowed, /at most 46/);
  });
});
