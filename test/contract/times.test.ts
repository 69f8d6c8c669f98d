import assert from "node:assert/strict";
import fc from "fast-check";
import { shiftMinutes, type DeploymentTimes } from "../../contract/deploymentStrategy";
import { holdRange } from "../../components/service/strategies";
import {
  buildMinutes,
  commandTimes,
  deliveryTimes,
  pulumiMinutes,
  queuedBuilds,
  rolloutSeconds,
  truthSeconds,
  type DeliveryTimes,
  type TimedAction,
  type TimedConfig,
  type TimedService,
} from "../../contract/times";
import { types } from "../components/pipeline/support";
import { parse } from "../stacks/config/support";
import { environment } from "../stacks/support";

const source = { type: "codecommit", repository: "shop" };
const migrates = (timeoutMinutes: number) => ({
  releaseCommand: { command: ["node", "migrate.js"], timeoutMinutes },
});
const timesOf = (services: object) =>
  deliveryTimes(parse({ services, pipeline: { source } }, { stack: "staging" }));

describe("the times of a delivery", () => {
  it("of one plain service", () => {
    const { actionMinutes, ...others } = timesOf({ web: { build: "app" } });
    assert.deepEqual(others, {
      ...{ steadyStateSeconds: 900, releaseCommandMinutes: 0, recoveryMinutes: 40 },
      ...{ lockMinutes: 85, queueMinutes: 150, approvalHours: undefined },
      ...{ shiftMinutes: 0, stepBackMinutes: 0, holdMinutes: 202, alarmMinutes: 0 },
    });
    assert.deepEqual(actionMinutes, {
      ...{ build: 30, release: 30, plan: 112, deploy: 112, verify: 15, conclude: 100, promote: 17 },
    });
  });

  const table: [what: string, config: object, expected: (times: typeof plain) => object][] = [
    [
      "a migration of two hours, of which Conclude runs none",
      { web: { build: "app", ...migrates(120) } },
      ({ plan, deploy, conclude, ...rest }) => ({
        ...rest,
        ...{ plan: plan + 132, deploy: deploy + 132, conclude },
      }),
    ],
    [
      "tasks that drain for an hour, there and back",
      { web: { build: "app", drainSeconds: 3600 } },
      ({ plan, deploy, conclude, ...rest }) => ({
        ...rest,
        ...{ plan: plan + 112, deploy: deploy + 112, conclude: conclude + 112 },
      }),
    ],
    [
      "four services whose checks time out one after another",
      Object.fromEntries(
        ["a", "b", "c", "d"].map((name) => [
          name,
          { build: "app", verify: "true", route: { paths: [`/${name}/*`] } },
        ]),
      ),
      ({ verify, promote, ...rest }) => ({ ...rest, verify: verify + 40, promote: promote + 6 }),
    ],
  ];
  const plain = timesOf({ web: { build: "app" } }).actionMinutes;
  for (const [what, services, expected] of table) {
    it(`have room for ${what}`, () => {
      assert.deepEqual(timesOf(services).actionMinutes, expected(plain));
    });
  }

  it("have room for a wait until alarms fire no more, where they hold releases back", () => {
    const times = (alarms: boolean) =>
      deliveryTimes(
        parse({ services: { web: {} }, pipeline: { source, alarms } }, { stack: "staging" }),
      );
    assert.equal(times(true).alarmMinutes, 10);
    assert.equal(times(true).actionMinutes.deploy, times(false).actionMinutes.deploy + 10);
    assert.equal(times(true).actionMinutes.conclude, times(false).actionMinutes.conclude);
  });

  it("have an approval only where somebody is asked", () => {
    const services = { web: { build: "app" } };
    const hours = (pipeline: object, stack: string) =>
      deliveryTimes(parse({ services, pipeline }, { stack })).approvalHours;
    assert.equal(hours({}, "production"), 168);
    assert.equal(hours({ approvalTimeoutHours: 4 }, "production"), 4);
    assert.equal(hours({ approval: false }, "production"), undefined);
    assert.equal(hours({ source }, "staging"), undefined);
  });

  it("hold new tasks for as long as people may take, where they are asked after the verification", () => {
    const services = { web: { build: "app" } };
    const held = (pipeline: object) =>
      deliveryTimes(parse({ services, pipeline }, { stack: "production" })).holdMinutes;
    const before = held({});
    const after = (hours?: number) =>
      held({ approval: "afterVerification", approvalTimeoutHours: hours });
    assert.equal(after(2) - before, 120 + 2 * (150 + 15));
    assert.equal(after() - after(2), 166 * 60);
    assert.ok(after() <= holdRange.most, "ECS takes it");
  });

  it("are those of the pipeline's projects", async () => {
    const services = { web: { build: "app", ...migrates(120) } };
    const { all } = await environment({ services, pipeline: { source } });
    const minutes = Object.fromEntries(
      all(types.project).map(({ inputs }) => [
        String(inputs.name).replace("shop--staging--", ""),
        inputs.buildTimeout,
      ]),
    );
    const { build, release, deploy, verify, conclude } = timesOf(services).actionMinutes;
    assert.deepEqual(minutes, { "build-web": build, release, deploy, verify, conclude });
  });
});

const deployment: fc.Arbitrary<DeploymentTimes> = fc.record(
  {
    strategy: fc.constantFrom("rolling", "recreate", "blueGreen", "canary", "linear"),
    bakeMinutes: fc.integer({ min: 0, max: 1440 }),
    stepPercent: fc.double({ min: 3, max: 100, noNaN: true }),
    stepMinutes: fc.integer({ min: 0, max: 1440 }),
  },
  { requiredKeys: ["strategy"] },
);
describe("the minutes in which requests go over", () => {
  const rows: readonly [DeploymentTimes | undefined, number][] = [
    [undefined, 0],
    [{ strategy: "rolling", bakeMinutes: 5 }, 0],
    [{ strategy: "recreate" }, 0],
    [{ strategy: "blueGreen", bakeMinutes: 5 }, 5],
    [{ strategy: "blueGreen", bakeMinutes: 0 }, 0],
    [{ strategy: "canary", bakeMinutes: 5, stepPercent: 5, stepMinutes: 7 }, 12],
    [{ strategy: "linear", bakeMinutes: 5, stepPercent: 10, stepMinutes: 3 }, 32],
    [{ strategy: "linear", bakeMinutes: 5, stepPercent: 33, stepMinutes: 3 }, 14],
    [{ strategy: "linear", bakeMinutes: 5, stepPercent: 100, stepMinutes: 3 }, 5],
  ];
  for (const [deployment, minutes] of rows) {
    it(`are ${minutes} of ${JSON.stringify(deployment) ?? "what says nothing"}`, () => {
      assert.equal(shiftMinutes(deployment), minutes);
    });
  }
});

const service: fc.Arbitrary<TimedService> = fc.record(
  {
    deployment,
    stopTimeoutSeconds: fc.integer({ min: 1, max: 120 }),
    drainSeconds: fc.integer({ min: 0, max: 3600 }),
    healthCheck: fc.record({
      graceSeconds: fc.integer({ min: 0, max: 7200 }),
      intervalSeconds: fc.integer({ min: 5, max: 300 }),
      healthyThreshold: fc.integer({ min: 2, max: 10 }),
    }),
    releaseCommand: fc.record({ timeoutMinutes: fc.integer({ min: 1, max: 120 }) }),
    verify: fc.constant("true"),
  },
  { requiredKeys: ["stopTimeoutSeconds"] },
);
const config: fc.Arbitrary<TimedConfig> = fc.record({
  services: fc.dictionary(fc.string({ minLength: 1 }), service, { minKeys: 1, maxKeys: 6 }),
});
const actions = Object.keys(
  deliveryTimes({ services: {} }).actionMinutes,
) as readonly TimedAction[];

describe("whatever the config, the times of a delivery", () => {
  /** Minutes of one change of what runs, by its bounds: what Pulumi may take, the wait with steps and bake, the proof; the way back before it. */
  const change = ({ steadyStateSeconds, shiftMinutes, stepBackMinutes }: DeliveryTimes) =>
    stepBackMinutes +
    pulumiMinutes.update +
    2 * pulumiMinutes.grace +
    (steadyStateSeconds + truthSeconds) / 60 +
    shiftMinutes;

  it("let a deployment do all that it may, and put back what ran", () => {
    fc.assert(
      fc.property(config, (given) => {
        const times = deliveryTimes(given);
        const { totalMinutes, workMinutes, recordMinutes } = commandTimes(times, "deploy");
        const once = change(times);
        assert.ok(workMinutes > pulumiMinutes.preview + times.releaseCommandMinutes + once);
        assert.ok(totalMinutes - workMinutes - recordMinutes >= once, "time to put back");
        assert.ok(times.lockMinutes > times.releaseCommandMinutes + 2 * once);
      }),
    );
  });

  it("let a conclusion roll back, and take that back as well", () => {
    fc.assert(
      fc.property(config, (given) => {
        const times = deliveryTimes(given);
        const { totalMinutes, workMinutes, recordMinutes } = commandTimes(times, "conclude");
        const once = change(times);
        assert.ok(workMinutes > once && totalMinutes - workMinutes - recordMinutes >= once);
      }),
    );
  });

  it("hold new tasks until Verify and Conclude have had a host and have run, within what ECS takes", () => {
    fc.assert(
      fc.property(config, (given) => {
        const { holdMinutes, queueMinutes, actionMinutes, steadyStateSeconds } =
          deliveryTimes(given);
        const least = queueMinutes + actionMinutes.verify + steadyStateSeconds / 60;
        assert.ok(holdMinutes > least && Number.isInteger(holdMinutes));
      }),
    );
  });

  it("wait longer for a service than its tasks take to come and go", () => {
    fc.assert(
      fc.property(config, (given) => {
        const { steadyStateSeconds } = deliveryTimes(given);
        for (const one of Object.values(given.services)) {
          const { drainSeconds = 0, stopTimeoutSeconds, healthCheck } = one;
          const least = drainSeconds + stopTimeoutSeconds + (healthCheck?.graceSeconds ?? 0);
          assert.ok(rolloutSeconds(one) > least && steadyStateSeconds >= rolloutSeconds(one));
        }
      }),
    );
  });

  it("let a plan outwait any deployment, and every command end before its build", () => {
    fc.assert(
      fc.property(config, (given) => {
        const times = deliveryTimes(given);
        assert.ok(commandTimes(times, "plan").workMinutes > times.lockMinutes);
        for (const action of actions) {
          const { timeoutMinutes, totalMinutes, workMinutes } = commandTimes(times, action);
          assert.equal(timeoutMinutes, times.actionMinutes[action]);
          assert.ok(0 < workMinutes && workMinutes < totalMinutes && totalMinutes < timeoutMinutes);
        }
      }),
    );
  });

  it("let an action wait for a host until what is before it has run out of its time", () => {
    fc.assert(
      fc.property(config, (given) => {
        const { queueMinutes, actionMinutes } = deliveryTimes(given);
        assert.ok(queueMinutes <= 480, "as CodeBuild takes it");
        assert.ok(queueMinutes === 480 || queueMinutes >= actionMinutes.plan);
        assert.ok(queueMinutes >= queuedBuilds * actionMinutes.build);
      }),
    );
  });

  it("are shared out where the action has another time than the config says", () => {
    const minutes = fc.integer({ min: buildMinutes.least, max: buildMinutes.most });
    fc.assert(
      fc.property(config, fc.constantFrom(...actions), minutes, (given, action, timeoutMinutes) => {
        const times = commandTimes(deliveryTimes(given), action, timeoutMinutes);
        assert.ok(times.totalMinutes < timeoutMinutes);
        assert.ok(times.workMinutes >= times.totalMinutes * 0.4 - 1e-9);
        assert.ok(0 < times.recordMinutes);
      }),
    );
  });
});
