import assert from "node:assert/strict";
import fc from "fast-check";
import { ConfigError } from "../../../stacks/config";
import { asPulumiConfig, parse, type Values } from "./support";
import { memoryChoices, fargateSizes } from "../../../components/service/fargateSizes";

/** An object of which any key may be missing. */
function some(model: Record<string, fc.Arbitrary<unknown>>): fc.Arbitrary<Values> {
  return fc.record(model, { requiredKeys: [] });
}

const word = fc.stringMatching(/^[a-z][a-z0-9]{0,5}$/);
const upper = fc.stringMatching(/^[A-Z][A-Z0-9]{1,8}$/).filter((name) => name !== "PORT");

const size = fc
  .constantFrom(...fargateSizes)
  .chain(({ cpu }) =>
    fc.constantFrom({}, { cpu }, ...memoryChoices(cpu).map((memoryMiB) => ({ cpu, memoryMiB }))),
  );

const scaling = fc.oneof(
  fc
    .tuple(fc.integer({ min: 1, max: 500 }), fc.integer({ min: 500, max: 1000 }))
    .map(([min, max]) => ({ min, max })),
  some({ min: fc.integer({ min: 1, max: 1000 }), cpuPercent: fc.integer({ min: 1, max: 100 }) }),
  some({
    cooldownSeconds: fc.oneof(fc.nat(600), some({ out: fc.nat(600), in: fc.nat(600) })),
    schedule: fc.constant([
      { at: "cron(0 20 ? * MON-FRI *)", min: 0, max: 0 },
      { at: "cron(0 7 ? * MON-FRI *)", min: 1, max: 2, timezone: "Europe/Berlin" },
    ]),
  }),
  some({ max: fc.integer({ min: 1, max: 1000 }), memoryPercent: fc.integer({ min: 1, max: 100 }) }),
);

const common = {
  environment: fc.dictionary(upper, fc.oneof(fc.string(), fc.boolean(), fc.integer()), {
    maxKeys: 3,
  }),
  permissions: fc.array(
    fc.constant({ actions: ["s3:GetObject"], resources: ["arn:aws:s3:::shop/*"] }),
    { maxLength: 2 },
  ),
  bootstrap: fc.constantFrom("placeholder", "build"),
  stopTimeoutSeconds: fc.integer({ min: 1, max: 120 }),
  exec: fc.boolean(),
  ulimits: some({
    nofile: fc.integer({ min: 1, max: 1_048_576 }),
    core: fc.constantFrom(0, -1, { soft: 0, hard: -1 }),
  }),
  initProcess: fc.boolean(),
  deployment: some({ strategy: fc.constantFrom("rolling", "recreate") }),
  entrypoint: fc.array(fc.string(), { minLength: 1, maxLength: 3 }),
  command: fc.array(fc.string(), { minLength: 1, maxLength: 3 }),
  user: fc.constantFrom("node", 1000, "1000:1000"),
  scaling,
};

const service = (name: string) =>
  fc
    .tuple(
      size,
      fc.oneof(
        some({ ...common, kind: fc.constant("worker") }).map((worker): Values => ({
          ...worker,
          kind: "worker",
        })),
        some({
          ...common,
          port: fc.integer({ min: 1, max: 65535 }),
          // As much as fits beside `deploy: ecs`.
          drainSeconds: fc.integer({ min: 0, max: 2000 }),
          healthCheck: fc.oneof(
            some({ intervalSeconds: fc.integer({ min: 5, max: 300 }) }),
            some({
              timeoutSeconds: fc.integer({ min: 2, max: 120 }),
              matcher: fc.constantFrom(200, "200-299"),
            }),
          ),
        }).map((web): Values => ({ ...web, route: { paths: [`/${name}/*`] } })),
      ),
    )
    .map(([sizes, rest]) => [name, { ...rest, ...sizes }] as const);

const config = fc
  .record(
    {
      services: fc
        .uniqueArray(word, { minLength: 1, maxLength: 4 })
        .chain((names) => fc.tuple(...names.map(service)))
        .map((entries) => Object.fromEntries(entries)),
      network: fc.oneof(
        some({
          cidr: fc.constantFrom("10.0.0.0/16", "172.16.8.0/21", "100.64.0.0/20"),
          zones: fc.integer({ min: 2, max: 6 }),
          nat: fc.constantFrom("none", "single", "perZone"),
          interfaceEndpoints: fc.uniqueArray(fc.constantFrom("ecr.api", "ecr.dkr", "logs")),
          peerCidrs: fc.uniqueArray(fc.constantFrom("192.168.0.0/16", "10.128.0.0/9")),
        }),
        fc.constant({ mode: "existing" }),
      ),
      cluster: fc.oneof(
        some({ containerInsights: fc.constantFrom("disabled", "enabled", "enhanced") }),
        some({ onDemandBase: fc.nat(10) }).map((spot): Values => ({
          ...spot,
          capacity: "fargateSpot",
        })),
        // Room for whatever the services above may ask for.
        some({
          minInstances: fc.nat(9),
          targetCapacityPercent: fc.integer({ min: 1, max: 100 }),
        }).map((some): Values => ({
          capacity: "ec2",
          ec2: { ...some, instanceType: "m7i.48xlarge", maxInstances: 1000 },
        })),
      ),
      logs: some({ retentionDays: fc.constantFrom(1, 30, 3653) }),
      registry: some({
        keepReleases: fc.integer({ min: 1, max: 500 }),
        layerCache: fc.boolean(),
        pullThrough: fc.uniqueArray(fc.constantFrom("docker-hub", "acme/quay"), { maxLength: 2 }),
      }),
      protection: fc.boolean(),
      // No beginning that AWS keeps for itself.
      name: word.map((text) => `my-${text}`),
      pipeline: some({
        deploy: fc.constantFrom("pulumi", "ecs"),
        approval: fc.boolean(),
        promoteTo: some({ account: fc.constantFrom("012345678901", 123456789012) }).map(
          (to): Values => ({ ...to, stack: "live" }),
        ),
        scan: some({ severity: fc.constantFrom("CRITICAL", "LOW", "NONE") }),
        approvalTimeoutHours: fc.integer({ min: 1, max: 168 }),
      }).map((pipeline): Values => ({ ...pipeline, promoteFrom: { stack: "dev" } })),
    },
    { requiredKeys: ["services"] },
  )
  // Hosts need a way out of the network.
  .map((values): Values =>
    values.cluster?.capacity === "ec2" ? { ...values, network: { nat: "single" } } : values,
  );

const stack = fc.constantFrom("staging", "production");

/** Whether two routes met on a priority: rare, and rightly a fault. */
function isPriorityFault(error: unknown): boolean {
  return (
    error instanceof ConfigError &&
    error.faults.every(({ path }) => path.endsWith("route.priority"))
  );
}

describe("any config", () => {
  const sections = [
    "name",
    "network",
    "cluster",
    "loadBalancer",
    "logs",
    "registry",
    "protection",
    "services",
    "pipeline",
    "__proto__",
  ];

  const accepts = (values: Values) => {
    try {
      parse(values);
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error;
      assert.ok(error.faults.length > 0);
      for (const fault of error.faults) {
        for (const text of Object.values(fault)) assert.equal(typeof text, "string");
        assert.ok(!error.message.includes("undefined"), error.message);
      }
    }
  };

  it("that is JSON is parsed, or refused by a ConfigError", () => {
    const value = fc.jsonValue({ maxDepth: 4 }) as fc.Arbitrary<unknown>;
    fc.assert(fc.property(fc.dictionary(fc.constantFrom(...sections), value), accepts), {
      numRuns: 100,
    });
  });

  it("of a known shape with any values is parsed, or refused by a ConfigError", () => {
    const odd = fc.oneof(
      fc.jsonValue({ maxDepth: 2 }),
      fc.constantFrom<unknown>("*", "10.0.0.0/8", "/", ":", "arn:aws:s3:::x", -1, 0.5, 1e308),
    );
    // The names of what any object inherits, for look-ups that forget it.
    const key = fc.constantFrom(
      ...[
        "kind",
        "mode",
        "capacity",
        "type",
        "scaling",
        "min",
        "route",
        "paths",
        "hosts",
        "source",
      ],
      ...[
        "ec2",
        "secrets",
        "environment",
        "healthCheck",
        "permissions",
        "constructor",
        "__proto__",
      ],
    );
    const inner = fc.dictionary(key, fc.oneof(odd, fc.dictionary(key, odd), fc.array(odd)));
    const shaped = fc.record({
      network: inner,
      cluster: inner,
      loadBalancer: inner,
      pipeline: inner,
      services: fc.dictionary(fc.oneof(word, fc.string(), key), inner),
    });
    fc.assert(fc.property(shaped, accepts), { numRuns: 100 });
  });

  it("that is not JSON is parsed, or refused by a ConfigError", () => {
    fc.assert(
      fc.property(fc.constantFrom(...sections), fc.string(), (key, text) =>
        accepts({ [key]: text }),
      ),
    );
  });
});

describe("a config that is right", () => {
  it("parses, and parses to itself", () => {
    fc.assert(
      fc.property(config, stack, (values, stackName) => {
        let parsed: ReturnType<typeof parse>;
        try {
          parsed = parse(values, { stack: stackName });
        } catch (error) {
          fc.pre(!isPriorityFault(error));
          throw error;
        }
        const sections = Object.entries(parsed).filter(([key]) => key !== "stack");
        assert.deepEqual(parse(Object.fromEntries(sections), { stack: stackName }), parsed);
      }),
      { numRuns: 100 },
    );
  });

  it("is not changed by the parse", () => {
    fc.assert(
      fc.property(config, (values) => {
        const raw = asPulumiConfig(values);
        const before = structuredClone(raw);
        try {
          parse({}, { values: raw });
        } catch (error) {
          fc.pre(!isPriorityFault(error));
          throw error;
        }
        assert.deepEqual(raw, before);
      }),
      { numRuns: 50 },
    );
  });
});
