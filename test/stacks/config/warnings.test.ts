import assert from "node:assert/strict";
import { configWarnings } from "../../../stacks/config";
import { parseStrictly, services, type Options, type Values } from "./support";

const now = new Date("2026-11-28T00:00:00Z");
const production: Options = { stack: "production" };
const domain = { name: "shop.example.com", zone: "example.com" };

function warningsOf(values: Values, options: Options = production): string[] {
  return configWarnings(parseStrictly({ services, ...values }, options), now).map(
    ({ path, risk }) => `${path}: ${risk}`,
  );
}

const verify = "npm run verify";
const secure = { loadBalancer: { domain }, services: { web: { verify } } };

describe("warnings of config", () => {
  it("are none of a production with a domain, and of staging as it comes", () => {
    assert.deepEqual(warningsOf({ ...secure, pipeline: {} }), []);
    assert.deepEqual(warningsOf({}, { stack: "staging" }), []);
  });

  it("name what sessions lack in a network without gateway", () => {
    const [warning, ...others] = warningsOf(
      { network: { nat: "none", interfaceEndpoints: ["ecr.api", "ecr.dkr", "logs", "kms"] } },
      { stack: "staging" },
    );
    assert.match(
      warning,
      /^gantry:services\.web\.exec: no session opens in its tasks: network\.nat is none, and ssmmessages are no interfaceEndpoints\. Add them, or set exec: false\.$/,
    );
    assert.deepEqual(others, []);
  });

  it("name what each deployment interrupts", () => {
    const deployment = { strategy: "recreate" };
    const [warning, ...others] = warningsOf({
      ...secure,
      services: { web: { deployment }, jobs: { kind: "worker", deployment } },
    });
    assert.match(
      warning,
      /^gantry:services\.web\.deployment\.strategy: each deployment interrupts it: .* 503 meanwhile\.$/,
    );
    assert.deepEqual(others, []);
  });

  it("name why a release serves before it is verified, where production's others do not", () => {
    const paths = ["/a", "/b", "/c", "/d", "/e", "/f"];
    assert.deepEqual(warningsOf({ ...secure, services: { web: { route: { paths } } } }), [
      "gantry:services.web.deployment.strategy: a release serves people before it is verified, since its route is 2 " +
        "listener rules, and ECS shifts one.",
    ]);
  });

  it("name when a release cannot be verified, because nothing runs", () => {
    const schedule = [
      { at: "cron(0 20 ? * * *)", min: 0, max: 0 },
      { at: "cron(0 7 ? * * *)", min: 1, max: 2 },
    ];
    const of = (service: Values) =>
      warningsOf({ services: { web: service } }, { stack: "staging" });
    assert.deepEqual(of({ scaling: { schedule }, verify: "npm run verify" }), [
      "gantry:services.web.scaling.schedule[0].max: from then on nothing answers: a release that comes meanwhile fails its verification.",
    ]);
    assert.deepEqual(of({ scaling: { schedule } }), []);
  });

  it("name what makes each deployment longer and saves no request", () => {
    const of = (web: Values, loadBalancer: Values = {}) =>
      warningsOf({ services: { web }, loadBalancer }, { stack: "staging" });
    const slow: readonly [Values, string][] = [
      [{ healthCheck: { intervalSeconds: 31 } }, "healthCheck.intervalSeconds: "],
      [
        { healthCheck: { intervalSeconds: 30, healthyThreshold: 5 } },
        "healthCheck.healthyThreshold: ",
      ],
      [{ drainSeconds: 61 }, "drainSeconds: "],
    ];
    for (const [web, where] of slow) {
      const [told, ...others] = of(web);
      assert.ok(told.startsWith(`gantry:services.web.${where}`), told);
      assert.deepEqual(others, []);
    }
    assert.match(
      of(slow[1][0])[0],
      /may wait 2 min 30 s for its first request.*5 checks, one every 30 s/,
    );
    assert.deepEqual(of({ drainSeconds: 60, healthCheck: { intervalSeconds: 30 } }), []);
    assert.deepEqual(of({ drainSeconds: 300 }, { idleTimeoutSeconds: 300 }), []);
  });

  it("name what goes on before a person is asked, where that is after the verification", () => {
    const services = {
      web: { verify, releaseCommand: { command: ["node", "migrate.js"] } },
      jobs: { kind: "worker" },
      reports: { kind: "job", schedule: "rate(1 hour)" },
    };
    const of = (approval: unknown) => warningsOf({ ...secure, services, pipeline: { approval } });
    assert.deepEqual(of(true), []);
    assert.deepEqual(of("afterVerification"), [
      "gantry:services.web.releaseCommand: it runs before anybody is asked, and nobody takes it back where the release is refused.",
      "gantry:services.jobs.deployment.strategy: its new tasks work before anybody is asked: nothing holds them until the approval.",
    ]);
  });

  it("name findings whose acceptance has expired, from the day after", () => {
    const accepted = (...until: string[]) =>
      warningsOf({
        ...secure,
        pipeline: { scan: { allow: until.map((day) => ({ ...finding, until: day })) } },
      });
    const finding = { id: "CVE-2026-1", reason: "no fix yet" };
    assert.deepEqual(accepted("2026-11-28"), []);
    assert.deepEqual(accepted("2026-11-27"), [
      "gantry:pipeline.scan.allow[0].until: CVE-2026-1 was accepted until 2026-11-27, and is judged again. " +
        "Remove the entry where it is fixed, or set a later day with its reason.",
    ]);
    assert.deepEqual(accepted("2026-11-01", "2026-12-31"), []);
    assert.equal(accepted("2026-11-01", "2026-11-02").length, 2);
  });

  it("repeat why a permission is as wide as it is", () => {
    const because = "CloudWatch has no ARNs for metrics";
    const permissions = [{ actions: ["cloudwatch:PutMetricData"], resources: ["*"], because }];
    assert.deepEqual(warningsOf({ ...secure, services: { web: { permissions } } }), [
      `gantry:services.web.permissions[0]: cloudwatch:PutMetricData on *, because ${because}`,
    ]);
  });
});
