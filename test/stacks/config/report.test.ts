import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import {
  asPulumiConfig,
  errorOf,
  errorOfYaml,
  faultsOf,
  services,
  web,
  type Values,
} from "./support";

describe("the report of a wrong config", () => {
  it("reads as a list of what to fix", () => {
    const error = errorOf(
      {
        network: { cidr: "10.20.1.0/16", zones: 1 },
        loadBalancer: { domain: { name: "shop.example.com", zone: "example.com" } },
        services: { web: { cpu: 256, memoryMiB: 768, healthCheck: { interval: 9 } } },
      },
      { stack: "production" },
    );
    assert.equal(
      error.message,
      `Pulumi.production.yaml has 4 faults; nothing was created:

  gantry:network.cidr
    given    10.20.1.0/16
    allowed  a private network of /16 to /21
    fix      set cidr: 10.20.0.0/16

  gantry:network.zones
    given    1
    allowed  a whole number from 2 to 6
    fix      set zones: 2

  gantry:services.web.memoryMiB
    given    768
    allowed  512, 1024 or 2048 with cpu 256
    fix      set memoryMiB: 1024

  gantry:services.web.healthCheck.interval
    given    an unknown key
    allowed  path, matcher, intervalSeconds, timeoutSeconds, healthyThreshold, unhealthyThreshold,
             graceSeconds, command, retries, startPeriodSeconds
    fix      did you mean intervalSeconds?`,
    );
  });

  it("is an error that Pulumi prints without a stack trace", () => {
    assert.ok(pulumi.RunError.isInstance(errorOf({})));
  });

  it("lists every fault at once, in the document's order", () => {
    const paths = faultsOf({
      logs: { retentionDays: 10 },
      services: {
        web: {
          port: "80",
          scaling: { min: 5, max: 2 },
          secrets: { A: "" },
          environment: { "1": 1 },
        },
        api: { cpu: 3, route: { hosts: ["A b", "api.example.org"] }, colour: "red" },
        jobs: { kind: "worker", port: 80, permissions: [{ actions: ["*", "s3:GetObject", "x"] }] },
        broken: 5,
      },
      network: { mode: "exsting", vpcId: "main", zones: 3 },
      loadBalancer: { domain: { name: "example.com", zone: "example.com" } },
      pipeline: { promoteTo: { stack: "staging" }, source: { type: "github" } },
    }).map(({ path }) => path);
    assert.deepEqual(paths, [
      "gantry:logs.retentionDays",
      "gantry:services.web.port",
      "gantry:services.web.scaling.min",
      "gantry:services.web.secrets.A",
      "gantry:services.web.environment.1",
      "gantry:services.api.cpu",
      "gantry:services.api.route.hosts[0]",
      "gantry:services.api.route.hosts[1]",
      "gantry:services.api.colour",
      "gantry:services.jobs.port",
      "gantry:services.jobs.permissions[0].actions[0]",
      "gantry:services.jobs.permissions[0].actions[2]",
      "gantry:services.jobs.permissions[0].resources",
      "gantry:services.broken",
      "gantry:network.mode",
      "gantry:network.vpcId",
      "gantry:network.zones",
      "gantry:pipeline.promoteTo.stack",
      "gantry:pipeline.source.connectionArn",
      "gantry:pipeline.source.repository",
    ]);
  });

  describe("what follows from a fault is not a fault of its own", () => {
    it("says nothing of a pair of which one half is wrong", () => {
      const faults = faultsOf(web({ cpu: 100, memoryMiB: 512 }));
      assert.deepEqual(
        faults.map(({ path }) => path),
        ["gantry:services.web.cpu"],
      );
    });

    it("says nothing of services that are missing because they are misspelt", () => {
      assert.equal(faultsOf({ service: services }).length, 1);
    });

    it("says nothing of services that are missing because they are wrong", () => {
      assert.deepEqual(
        faultsOf({ services: { web: 1 } }).map(({ path }) => path),
        ["gantry:services.web"],
      );
    });
  });

  it("says which value is a default", () => {
    const cluster = { capacity: "ec2", ec2: { instanceType: "t4g.medium" } };
    const [fault] = faultsOf({ services, cluster });
    assert.equal(fault.path, "gantry:services.web.architecture");
    assert.equal(fault.given, "X86_64, the default");
  });

  describe("secrets", () => {
    const password = "correct-Horse battery!staple";
    const places: Record<string, unknown> = {
      "a value under secrets": { web: { secrets: { A: password } } },
      "a list of values": { web: { secrets: { A: [password] } } },
      "secrets that are a text": { web: { secrets: password } },
      "an environment that is a text": { web: { environment: password } },
      "a service that is a text": { web: password },
      "services that are a text": password,
      "misspelt secrets": { web: { secrts: { A: password } } },
      "a misspelt key": { web: { secret: password } },
      "a variable's object": { web: { environment: { A: { secure: password } } } },
      PORT: { web: { environment: { PORT: password } } },
      "a worker's secrets": { web: { kind: "worker", secrets: { A: password, B: 1 } } },
    };
    for (const [place, value] of Object.entries(places)) {
      it(`are not repeated from ${place}`, () => {
        const { faults, message } = errorOf({ services: value });
        assert.ok(faults.length > 0);
        assert.ok(!message.includes("Horse"), message);
      });
    }

    it("are refused where Pulumi encrypts them, and other faults are still found", () => {
      const values = asPulumiConfig({ services: { web: { port: 0 } }, network: { zones: 1 } });
      const faults = faultsOf({}, { values, secretKeys: new Set(["gantry:services"]) });
      assert.deepEqual(
        faults.map(({ path, given }) => [path, given]),
        [
          ["gantry:network.zones", "1"],
          ["gantry:services", "a secret"],
        ],
      );
    });
  });

  it("shows a text that could be mistaken in quotes, and a long one cut", () => {
    const given = (value: unknown) => faultsOf({ services, network: { cidr: value } })[0].given;
    assert.equal(given("10"), '"10"');
    assert.equal(given(""), '""');
    assert.equal(given("a\nb"), '"a\\nb"');
    assert.equal(given(10), "10");
    assert.equal(given([]), "an empty list");
    assert.equal(given("x".repeat(200)), `${"x".repeat(80)}...`);
  });
});

describe("the report of what people write", () => {
  const berlin = { timezone: "Europe/Berlin" };
  const pipeline = (value: Values): Values => ({
    services,
    pipeline: { promoteFrom: { stack: "dev" }, ...value },
  });
  const windows = (value: Values) => pipeline({ windows: { ...berlin, ...value } });
  const open = (value: Values) =>
    windows({ open: [{ days: "mon-fri", from: "09:00", to: "16:00", ...value }] });
  const freeze = (value: Values) =>
    windows({ freezes: [{ from: "2026-12-18", to: "2027-01-04", ...value }] });
  const noFreeze = { freezes: [{ from: "2026-12-18", to: "2026-12-18" }] };
  const newYork = "did you mean America/New_York?";
  const aDay = "name a day that there is, year first, then month and day";
  const worker = { kind: "worker", alarms: {} };
  const insights = "set cluster.containerInsights: enabled, or remove alarms";

  const cases: readonly (readonly [what: string, values: Values, fix: string, given?: string])[] = [
    ["a choice of booleans in quotes, once", pipeline({ approval: "true" }), "set approval: true"],
    ["a choice of booleans in words", pipeline({ approval: "no" }), "set approval: false"],
    [
      "an approval before the verification",
      pipeline({ approval: "beforeVerification" }),
      "write afterVerification, or true: people are asked before anything is deployed then",
      "beforeVerification",
    ],
    ["a freeze by its singular, once", windows({ freeze: [] }), "did you mean freezes?"],
    ["false in a word", pipeline({ alarms: "off" }), "write false", "off"],
    ["true in a word", pipeline({ alarms: "yes" }), "write true", "yes"],
    ["true for the defaults", web({ alarms: true }), "write {}", "true"],
    ["days in capitals", open({ days: "Mon-Fri" }), "write mon-fri", "Mon-Fri"],
    ["days by their names", open({ days: ["Monday"] }), "write mon", "Monday"],
    ["days with a dash between", open({ days: "mon \u2013 fri" }), "write mon-fri"],
    ["days with commas between", open({ days: "mon, Tue" }), "write [mon, tue]", "mon, Tue"],
    ["the end of a day as its beginning", open({ to: "00:00" }), 'set to: "24:00"', "00:00"],
    [
      "a list of objects as a text",
      windows({ open: "9-16" }),
      "write a list of { days, from, to }",
    ],
    ["a time zone by its city", windows({ timezone: "new york", ...noFreeze }), newYork],
    ["a month that there is not", freeze({ from: "2026-13-01" }), aDay, "2026-13-01"],
    ["no reason", freeze({ reason: "" }), "say why, or remove reason", '""'],
    ["percent with their sign", web({ alarms: { errorPercent: "2 %" } }), "set errorPercent: 2"],
    ["alarms that nothing counts", { services: { jobs: worker } }, insights, "an empty object"],
  ];
  for (const [what, values, fix, given] of cases) {
    it(`knows ${what}`, () => {
      const [fault, ...others] = faultsOf(values);
      assert.deepEqual(others, []);
      assert.equal(fault.fix, fix);
      if (given !== undefined) assert.equal(fault.given, given);
    });
  }

  const yaml = (windows: string) =>
    `gantry:services: { web: {} }\ngantry:pipeline: { promoteFrom: { stack: dev }, windows: { timezone: UTC, ${windows} } }`;

  it("shows a day as it was written", () => {
    const [fault, ...others] = errorOfYaml(
      yaml("freezes: [{ from: 2027-01-04, to: 2026-12-18 }]"),
    ).faults;
    assert.deepEqual(others, []);
    assert.equal(fault.given, "2026-12-18");
  });

  it("finds the key that is misspelt, and not its day", () => {
    const { faults } = errorOfYaml(
      yaml(
        'open: [{ days: mon, from: "09:00", to: "16:00" }], freeze: [{ from: 2026-12-18, to: 2027-01-04 }]',
      ),
    );
    assert.deepEqual(
      faults.map(({ path, fix }) => [path, fix]),
      [["gantry:pipeline.windows.freeze", "did you mean freezes?"]],
    );
  });
});
