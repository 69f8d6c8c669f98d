import assert from "node:assert/strict";
import type { RecordedResource } from "../support/record";
import { environment } from "./support";

/** One property of one resource, on both sides. */
type Difference = readonly [resource: string, property: string, staging: unknown, other: unknown];

const absent = "(absent)";

/** The properties of every resource, by resource; JSON texts as what they say, and the stack's name left out. */
function describeAll(resources: readonly RecordedResource[], stack: string) {
  const neutral = (text: string) => text.replaceAll(stack, "<stack>");
  return new Map(
    resources.map(({ type, name, inputs, options }) => {
      const found = new Map<string, unknown>([
        ["(parent)", neutral(options.parent)],
        ["(protect)", options.protect],
        ["(ignoreChanges)", options.ignoreChanges.join()],
      ]);
      flatten(inputs, "", (path, value) => {
        found.set(neutral(path), typeof value === "string" ? neutral(value) : value);
      });
      return [`${type.split(":").pop()} ${neutral(name)}`, found] as const;
    }),
  );
}

function flatten(value: unknown, path: string, visit: (path: string, value: unknown) => void) {
  const inner = typeof value === "string" && /^[[{]/.test(value) ? asJson(value) : value;
  if (typeof inner === "object" && inner !== null && Object.keys(inner).length > 0) {
    for (const [key, part] of Object.entries(inner)) {
      flatten(part, path ? `${path}.${key}` : key, visit);
    }
  } else {
    visit(path, inner);
  }
}

function asJson(text: string): unknown {
  return JSON.parse(text) as unknown;
}

type Described = ReturnType<typeof describeAll>;

function onlyIn(one: Described, other: Described): string[] {
  return [...one.keys()].filter((resource) => !other.has(resource)).sort();
}

function differences(staging: Described, other: Described): Difference[] {
  const found: Difference[] = [];
  for (const [resource, properties] of staging) {
    const others = other.get(resource);
    for (const property of others ? new Set([...properties.keys(), ...others.keys()]) : []) {
      const pair = [properties, others].map((side) => side?.get(property) ?? absent);
      if (pair[0] !== pair[1]) found.push([resource, property, pair[0], pair[1]]);
    }
  }
  return found.sort((a, b) => (`${a[0]} ${a[1]}` < `${b[0]} ${b[1]}` ? -1 : 1));
}

const services = {
  web: { path: "app", port: 3000, scaling: { requestsPerTarget: 1000 } },
  jobs: { kind: "worker", permissions: [{ actions: ["s3:GetObject"], resources: ["arn:aws:s3:::shop/*"] }] },
};

async function described(stack: string, values: Readonly<Record<string, unknown>> = {}) {
  const { resources } = await environment({ services, ...values }, { stack });
  return describeAll(resources, stack);
}

describe("staging and production", () => {
  let staging: Described;
  let production: Described;
  before(async () => {
    staging = await described("staging");
    production = await described("production");
  });

  it("have the same resources, but for the sessions that only staging's tasks take", () => {
    assert.deepEqual(onlyIn(production, staging), []);
    assert.deepEqual(onlyIn(staging, production), ["RolePolicy shop-<stack>-web-taskPolicy"]);
    assert.ok(staging.size > 45, `${staging.size} resources`);
  });

  it("differ in nothing but this", () => {
    const protectedTypes =
      /^(Network|Registry|EcsCluster|LoadBalancer|Vpc|Repository|RepositoryPolicy|LifecyclePolicy|DefaultSecurityGroup|VpcEndpoint|FlowLog|Cluster|ClusterCapacityProviders|HttpNamespace|Listener) |^(LogGroup|Role|RolePolicy) shop-<stack>-(flowLogs|exec)|^SecurityGroup shop-<stack>-lb$/;
    const found = differences(staging, production);
    const protection = found.filter(([, property]) => property === "(protect)");
    assert.deepEqual(
      protection.map(([resource]) => resource).filter((resource) => !protectedTypes.test(resource)),
      [],
    );
    console.log(JSON.stringify(found.filter(([, property]) => property !== "(protect)"), null, 1));
    console.log(protection.map((p) => p[0]));
  });
});
