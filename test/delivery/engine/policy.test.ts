import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { EngineEvent } from "@pulumi/pulumi/automation";
import { engineErrors } from "../../../delivery/engine/failure";
import {
  policyLines,
  policyPackOf,
  policyViolation,
  type PolicyOptions,
} from "../../../delivery/engine/policy";

const event = (name: string, level: "warning" | "mandatory", message: string): EngineEvent => ({
  ...{ sequence: 1, timestamp: 1 },
  policyEvent: {
    resourceUrn: `urn:pulumi:production::shop::aws:sqs/queue:Queue::${name}`,
    ...{ message, color: "never", enforcementLevel: level, policyName: "sqs-dead-letters" },
    ...{ policyPackName: "gantry-policy", policyPackVersion: "1", policyPackVersionTag: "1" },
  },
});

describe("what a policy pack says", () => {
  const text =
    "Messages are lost.\n<{%reset%}>no dead letters<{%reset%}>. Fix: set redrivePolicy\n";

  it("is a line for each thing that is wrong, with the resources", () => {
    const names = ["a", "b", "c", "d", "e", "f", "g"];
    const violations = names.map((name) => policyViolation(event(name, "warning", text))!);
    assert.deepEqual(policyLines(violations), [
      "policy sqs-dead-letters (a, b, c, d, e and 2 more): Messages are lost. no dead letters. Fix: set redrivePolicy",
    ]);
    assert.equal(policyLines([...violations, { ...violations[0], text: "other" }]).length, 2);
  });

  it("is an error where it is mandatory, and none otherwise", () => {
    assert.deepEqual(engineErrors(event("orders", "mandatory", text)), [
      "policy sqs-dead-letters (orders): Messages are lost. no dead letters. Fix: set redrivePolicy",
    ]);
    assert.deepEqual(engineErrors(event("orders", "warning", text)), []);
  });
});

describe("the policy pack of a program", () => {
  let folder: string;
  const of = (more: Partial<PolicyOptions> = {}) =>
    policyPackOf({ folder, stack: "production", ...more });
  const names = (where: object) =>
    writeFileSync(join(folder, "package.json"), JSON.stringify({ name: "shop", ...where }));

  function install(): string {
    const place = join(folder, "node_modules/gantry-policy");
    mkdirSync(place, { recursive: true });
    writeFileSync(join(place, "package.json"), '{ "name": "gantry-policy" }');
    writeFileSync(join(place, "PulumiPolicy.yaml"), "runtime: nodejs\n");
    return place;
  }

  beforeEach(() => {
    folder = realpathSync(mkdtempSync(join(tmpdir(), "gantry-policy-")));
  });

  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  for (const kind of ["dependencies", "devDependencies"]) {
    it(`is that which its package.json names under ${kind}`, () => {
      const place = install();
      names({ [kind]: { "gantry-policy": "^0.1.0" } });
      assert.deepEqual(of(), { folder: place });
    });
  }

  it("has the settings of its stack, else those of all", () => {
    const place = install();
    names({ dependencies: { "gantry-policy": "^0.1.0" } });
    writeFileSync(join(folder, "policy.json"), "{}");
    assert.deepEqual(of(), { folder: place, settings: join(folder, "policy.json") });
    writeFileSync(join(folder, "policy.production.json"), "{}");
    assert.deepEqual(of(), { folder: place, settings: join(folder, "policy.production.json") });
    assert.deepEqual(of({ stack: "staging" }), {
      ...{ folder: place, settings: join(folder, "policy.json") },
    });
  });

  it("is none where nothing names it, though another package has brought it, and where none is wanted", () => {
    install();
    assert.equal(of(), undefined);
    names({ dependencies: {} });
    assert.equal(of(), undefined);
    names({ dependencies: { "gantry-policy": "^0.1.0" } });
    assert.equal(of({ given: false }), undefined);
  });

  it("is told as missing where it is named and not installed, as by a pipeline", () => {
    names({ devDependencies: { "gantry-policy": "^0.1.0" } });
    const why = of();
    assert.ok(typeof why === "string");
    assert.match(why, /not installed, so nothing is held to it: .* under dependencies$/);
  });

  it("may be another one, which must be one", () => {
    const place = install();
    assert.deepEqual(of({ given: place }), { folder: place });
    assert.throws(() => of({ given: folder }), {
      name: "DeliveryError",
      message: /has no PulumiPolicy\.yaml, .* --policy <folder>; or none: --no-policy$/,
    });
  });
});
