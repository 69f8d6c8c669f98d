import assert from "node:assert/strict";
import { isDeepStrictEqual } from "node:util";
import type { RecordedResource } from "../support/record";
import { environment } from "./support";

type Values = Readonly<Record<string, unknown>>;
type Described = ReadonlyMap<string, Values>;
/** One property of one resource, on both sides. */
type Difference = [resource: string, property: string, staging: unknown, production: unknown];

/** The resources by type and name; JSON texts as what they say, and the stack's name left out. */
function describeAll(resources: readonly RecordedResource[], stack: string): Described {
  return new Map(
    resources.map(({ type, name, inputs, options }) => {
      const { protect, parent, ignoreChanges } = options;
      const text = JSON.stringify({
        key: `${type.startsWith("gantry:") ? type : type.split(":").pop()} ${name}`,
        values: { ...inputs, "(protect)": protect, "(parent)": parent, "(ignores)": ignoreChanges },
      });
      const neutral = JSON.parse(text.replaceAll(stack, "<stack>")) as {
        key: string;
        values: Values;
      };
      return [neutral.key, neutral.values] as const;
    }),
  );
}

function differences(staging: Described, production: Described): Difference[] {
  return [...staging]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([resource, values]) =>
      partsThatDiffer(values, production.get(resource) ?? {}).map(
        ([path, one, other]): Difference => [resource, path.join("."), one, other],
      ),
    );
}

function partsThatDiffer(
  one: unknown,
  other: unknown,
  path: readonly string[] = [],
): [string[], unknown, unknown][] {
  const [a, b] = [unfolded(one), unfolded(other)];
  if (isDeepStrictEqual(a, b)) return [];
  if (!comparable(a) || !comparable(b) || (Array.isArray(a) && a.length !== b.length)) {
    return [[[...path], a, b]];
  }
  const keys = [...new Set([...Object.keys(a), ...Object.keys(b)])].sort();
  return keys.flatMap((key) => partsThatDiffer(a[key], b[key], [...path, key]));
}

function comparable(value: unknown): value is Values {
  return typeof value === "object" && value !== null;
}

function unfolded(value: unknown): unknown {
  return typeof value === "string" && /^[[{]/.test(value) ? JSON.parse(value) : value;
}

async function described(stack: string, services: Values, more: Values = {}): Promise<Described> {
  const { resources } = await environment({ services, ...more }, { stack });
  return describeAll(resources, stack);
}

/** In staging, people may open a session in a task; its agent writes where the root is read-only. */
const execMounts = [
  { sourceVolume: "exec-state", containerPath: "/var/lib/amazon", readOnly: false },
  { sourceVolume: "exec-log", containerPath: "/var/log/amazon", readOnly: false },
];
const execVolumes = [{ name: "exec-state" }, { name: "exec-log" }];

const retained = (group: string): Difference => [
  `LogGroup shop--<stack>-${group}`,
  "retentionInDays",
  14,
  365,
];

const zones = (kind: string, production: boolean) =>
  (production ? [1, 2, 3] : [1, 2]).map((zone) => `${kind}${zone}`);

describe("staging and production", () => {
  let staging: Described;
  let production: Described;
  before(async () => {
    const services = { web: { build: "app", port: 3000 } };
    staging = await described("staging", services);
    production = await described("production", services);
  });

  it("are the same resources, but for the right to staging's sessions, and production's alarms, dashboard and second target group", () => {
    const onlyIn = (one: Described, other: Described) =>
      [...one.keys()].filter((resource) => !other.has(resource));
    assert.deepEqual(onlyIn(production, staging).sort(), [
      // Production has alarms and a dashboard, and leads requests to new tasks once they are verified.
      "CompositeAlarm shop--<stack>-load",
      "CompositeAlarm shop--<stack>-loadBalancer.main",
      "CompositeAlarm shop--<stack>-service.web",
      "Dashboard shop--<stack>-dashboard",
      "ListenerRule shop--<stack>-rule-48494",
      "MetricAlarm shop--<stack>--web-errors",
      "MetricAlarm shop--<stack>--web-latency",
      "MetricAlarm shop--<stack>--web-missingTasks",
      "MetricAlarm shop--<stack>--web-unhealthyTasks",
      "MetricAlarm shop--<stack>-loadBalancer.main.errors",
      "MetricAlarm shop--<stack>-service.web.cpu",
      "MetricAlarm shop--<stack>-service.web.memory",
      "Role shop-<stack>-web-shiftRole",
      "RolePolicy shop--<stack>--web-shiftPolicy",
      "TargetGroup shop-<stack>-web-alt",
      "gantry:index:ServiceAlarms shop--<stack>--web",
    ]);
    assert.deepEqual(onlyIn(staging, production).sort(), [
      // It attaches the target group.
      "ListenerRule shop--<stack>-rule-1134",
      "RolePolicy shop--<stack>--web-taskPolicy",
    ]);
    assert.ok(staging.size > 35, `${staging.size} resources`);
  });

  it("differ in this where neither shifts requests, and in nothing else", async () => {
    const expected: Difference[] = [
      ["Cluster shop--<stack>", "settings.0.value", "disabled", "enhanced"],
      [
        "LifecyclePolicy shop--<stack>-web-lifecycle",
        "policy.rules.0.description",
        "All but the last 21 deployments",
        "All but the last 51 deployments",
      ],
      [
        "LifecyclePolicy shop--<stack>-web-lifecycle",
        "policy.rules.0.selection.countNumber",
        21,
        51,
      ],
      ["LoadBalancer shop-<stack>", "enableDeletionProtection", false, true],
      [
        "LoadBalancer shop-<stack>",
        "subnets",
        zones("subnet-public", false),
        zones("subnet-public", true),
      ],
      retained("-web-logs"),
      retained("exec"),
      retained("flowLogs"),
      ["Repository shop--<stack>-web", "forceDelete", true, false],
      ["Service shop--<stack>--web-service", "desiredCount", 1, 2],
      ["Service shop--<stack>--web-service", "enableExecuteCommand", true, false],
      [
        "Service shop--<stack>--web-service",
        "networkConfiguration.subnets",
        zones("subnet-private", false),
        zones("subnet-private", true),
      ],
      ["Target shop--<stack>--web-scaling", "maxCapacity", 2, 10],
      ["Target shop--<stack>--web-scaling", "minCapacity", 1, 2],
      [
        "TaskDefinition shop--<stack>--web-task",
        "containerDefinitions.0.mountPoints",
        execMounts,
        [],
      ],
      ["TaskDefinition shop--<stack>--web-task", "cpu", "256", "512"],
      ["TaskDefinition shop--<stack>--web-task", "memory", "512", "1024"],
      ["TaskDefinition shop--<stack>--web-task", "volumes", execVolumes, []],
      ["Vpc shop--<stack>", "cidrBlock", "10.10.0.0/16", "10.20.0.0/16"],
      ["Vpc shop--<stack>", "natGateways.strategy", "Single", "OnePerAz"],
      ["Vpc shop--<stack>", "numberOfAvailabilityZones", 2, 3],
      [
        "Vpc shop--<stack>",
        "subnetSpecs.0.cidrBlocks",
        ["10.10.16.0/22", "10.10.48.0/22"],
        ["10.20.16.0/22", "10.20.48.0/22", "10.20.80.0/22"],
      ],
      [
        "Vpc shop--<stack>",
        "subnetSpecs.1.cidrBlocks",
        ["10.10.0.0/20", "10.10.32.0/20"],
        ["10.20.0.0/20", "10.20.32.0/20", "10.20.64.0/20"],
      ],
      [
        "VpcEndpoint shop--<stack>-s3",
        "routeTableIds",
        zones("rtb-table", false),
        zones("rtb-table", true),
      ],
    ];
    const deployment = { strategy: "rolling" };
    const rolling = await described("production", {
      web: { build: "app", port: 3000, deployment },
    });
    const inBoth = new Map([...staging].filter(([resource]) => rolling.has(resource)));
    assert.deepEqual(
      differences(inBoth, rolling).filter(([, property]) => property !== "(protect)"),
      expected,
    );
  });

  it("protect nothing, and all that holds data or a name that people know", () => {
    const protectedIn = (environment: Described) =>
      [...environment].filter(([, values]) => values["(protect)"]).map(([resource]) => resource);
    assert.deepEqual(protectedIn(staging), []);
    // Repositories are left in AWS when they go, which no update has to be refused for.
    assert.deepEqual(protectedIn(production).sort(), [
      "Cluster shop--<stack>",
      "Key shop--<stack>-encryption",
      "LoadBalancer shop-<stack>",
      "LogGroup shop--<stack>-exec",
      "Vpc shop--<stack>",
      "gantry:index:Protection shop--<stack>",
    ]);
  });

  it("are alike to any further stack of the same kind", async () => {
    const services = { web: { build: "app", port: 3000 } };
    const demo = await described("demo", services, { kind: "staging" });
    assert.deepEqual([...demo.keys()].sort(), [...staging.keys()].sort());
    assert.deepEqual(differences(staging, demo), []);
  });
});
