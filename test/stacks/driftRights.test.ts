import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { takesNoResource } from "../../stacks/config/aws/actionsWithoutResources";
import { isAllowed, type PolicyDocument } from "../support/policies";
import { parsed, type Recording } from "../support/record";
import type { Values } from "./config/support";
import { readsOf, requestsOf, shortType } from "./driftReads";
import { everything } from "./everything";
import { environment } from "./support";

/** What a stack may have beside everything: between them, whatever Gantry makes. */
const more: Values = {
  drift: true,
  logs: { export: true },
  audit: { trail: "always" },
  alarms: { budget: { monthlyUsd: 500, emails: ["ops@example.com"] } },
  loadBalancer: { ...everything.loadBalancer, waf: "managed" },
};

const own = { pipeline: { ...everything.pipeline, promoteTo: { stack: "production" } } };

/** Of 18 characters, the most beside `production`. */
const longName = "warehouse-of-goods";

const stacks: Readonly<Record<string, readonly [stack: string, config: Values, name?: string]>> = {
  "everything in staging": ["staging", { ...everything, ...more, ...own }],
  "everything in production": ["production", { ...everything, ...more, pipeline: {} }],
  "instances in a network that is there": [
    "staging",
    {
      services: { web: {}, api: { kind: "private" } },
      cluster: { capacity: "ec2" },
      drift: true,
      pipeline: everything.pipeline,
      encryptionKeyArn: "aws",
    },
  ],
  "names that are cut": [
    "production",
    { ...everything, ...more, name: longName, pipeline: {} },
    longName,
  ],
};

function roleOf({ all }: Recording<unknown>): PolicyDocument[] {
  return [...all("aws:iam/rolePolicy:RolePolicy"), ...all("aws:iam/policy:Policy")]
    .filter(({ name }) => /-drift-policy\d*$/.test(name))
    .map((policy) => parsed<PolicyDocument>(policy, "policy"));
}

describe("the role of the check for drift", () => {
  for (const [what, [stack, config, name = "shop"]] of Object.entries(stacks)) {
    it(`may read back ${what}`, async () => {
      const recording = await environment(config, { stack });
      const identity = roleOf(recording);
      assert.ok(identity.length > 0);
      const prefix = `${name}--${stack}`;
      const made = recording.resources.filter(({ type }) => !type.startsWith("gantry:"));
      assert.ok(made.length > 50, String(made.length));
      const denied = made.flatMap((resource) =>
        requestsOf(resource, prefix)
          .filter((request) => !isAllowed(request, { identity }))
          .map((request) => `${shortType(resource.type)} ${request.action} ${request.resource}`),
      );
      assert.deepEqual([...new Set(denied)], []);
    });
  }

  it("is known of each type that Gantry makes", () => {
    const sources = ["components", "stacks"].flatMap((folder) =>
      readdirSync(join(__dirname, "../..", folder), { recursive: true, encoding: "utf8" })
        .filter((file) => file.endsWith(".ts"))
        .map((file) => readFileSync(join(__dirname, "../..", folder, file), "utf8")),
    );
    const types = sources.flatMap((source) =>
      [...source.matchAll(/\bnew aws\.(\w+)\.(\w+)\(/g)].map(
        ([, module, kind]) => `${module}:${kind}`,
      ),
    );
    assert.ok(types.length > 100, String(types.length));
    const made = [...new Set(types)].sort();
    assert.deepEqual(
      made.filter((type) => !(type in readsOf)),
      [],
    );
    const nobodys = Object.keys(readsOf).filter((type) => !made.includes(type));
    assert.deepEqual(nobodys, ["awsx:ec2:Vpc"]);
  });

  it("is asked on everything for what AWS has no resource for", () => {
    const lines = Object.values(readsOf).flat();
    const wide = lines
      .filter((line) => line.endsWith(" *"))
      .flatMap((line) => line.split(" ").slice(0, -1));
    assert.deepEqual(
      [...new Set(wide)].filter((action) => !takesNoResource(action)),
      ["cloudwatch:DescribeAlarms"],
    );
  });
});
