import assert from "node:assert/strict";
import fc from "fast-check";
import { ConfigError } from "../../stacks/config";
import { limitsPassed } from "../support/limits";
import type { RecordedResource } from "../support/record";
import type { Values } from "./config/support";
import { aRelease, environment } from "./support";

/** Twenty characters, the most that a service's name has. */
const longest = (index: number) => `order-processing-${String(index).padStart(3, "0")}`;

const aService = fc
  .record({
    kind: fc.constantFrom("web", "worker"),
    secrets: fc.integer({ min: 0, max: 4 }),
    objects: fc.integer({ min: 0, max: 20 }),
    exec: fc.boolean(),
  })
  .map(({ kind, secrets, objects, exec }) => (index: number): Values => ({
    kind,
    exec,
    build: "app",
    ...(kind === "web" ? { route: { paths: [`/${longest(index)}/*`], priority: index + 1 } } : {}),
    secrets: Object.fromEntries(
      Array.from({ length: secrets }, (_, n) => [
        `SECRET_${n}`,
        `shop/${longest(index)}/s${n}:key`,
      ]),
    ),
    permissions: [
      {
        actions: ["s3:GetObject"],
        resources: ["*", ...Array(objects).keys()].map(
          (n) => `arn:aws:s3:::acme/${longest(index)}/${n}`,
        ),
      },
    ],
  }));

const config = fc.record({
  // As long as the release bucket's name allows beside either stack.
  name: fc.constant("a-product-1234"),
  services: fc
    .array(aService, { minLength: 1, maxLength: 50, size: "max" })
    .map((made) =>
      Object.fromEntries(made.map((service, index) => [longest(index), service(index)])),
    ),
  stack: fc.constantFrom("staging", "production"),
  deploy: fc.constantFrom("pulumi", "ecs"),
});

describe("limitsPassed", () => {
  const resource = (type: string, name: string, inputs: Values): RecordedResource => ({
    ...{ type, name, inputs, urn: name },
    options: {
      ...{ parent: "", protect: false, deleteBeforeReplace: false, retainOnDelete: false },
      ...{ ignoreChanges: [], dependencies: [], propertyDependencies: {}, aliases: [], hooks: [] },
    },
  });
  const passedBy = (...resources: RecordedResource[]) =>
    limitsPassed({ resources, all: (type) => resources.filter((each) => each.type === type) });

  it("finds what is too long or too much, and nothing else", () => {
    const rule = (values: string[]) =>
      resource("aws:lb/listenerRule:ListenerRule", "rule", {
        conditions: [{ pathPattern: { values } }],
      });
    assert.deepEqual(passedBy(rule(["/a/*", "/b/*", "/c", "/d", "/e"])), []);
    assert.deepEqual(passedBy(rule(["/*/*/*/*/*/*/*", "1", "2", "3", "4", "5"])), [
      "values of rule: 6 of 5",
      "wildcards of rule: 7 of 6",
    ]);
    const role = (name: string) => resource("aws:iam/role:Role", name, {});
    assert.deepEqual(passedBy(role("r".repeat(56))), []);
    assert.deepEqual(passedBy(role("r".repeat(57))), [`name of ${"r".repeat(57)}: 65 of 64`]);
    const policy = (characters: number) =>
      resource("aws:iam/rolePolicy:RolePolicy", "policy", {
        role: "web",
        policy: "x".repeat(characters),
      });
    assert.deepEqual(passedBy(policy(5000), policy(5240)), []);
    assert.deepEqual(passedBy(policy(5000), policy(5241)), ["policies of web: 10241 of 10240"]);
  });
});

describe("a stack of 1 to 50 services with the longest names", function () {
  this.timeout(300_000);

  it("passes no limit of AWS, or its config is refused", async () => {
    await fc.assert(
      fc.asyncProperty(config, async ({ name, services, stack, deploy }) => {
        const source = { type: "codecommit", repository: "shop" };
        const pipeline =
          stack === "staging" ? { source, deploy, promoteTo: { stack: "production" } } : { deploy };
        const release = aRelease(Object.keys(services));
        const make = async () => environment({ name, services, pipeline }, { stack, release });
        const recording = await make().catch((error: unknown) => {
          if (error instanceof ConfigError) return undefined;
          throw error;
        });
        if (recording) assert.deepEqual(limitsPassed(recording), []);
      }),
      { numRuns: 6 },
    );
  });
});
