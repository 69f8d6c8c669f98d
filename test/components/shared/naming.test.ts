import assert from "node:assert/strict";
import fc from "fast-check";
import {
  autoNameSuffixLength,
  boundedBeginning,
  boundedName,
} from "../../../components/shared/naming";

const name = fc.stringMatching(/^[a-z][a-z0-9-]{0,80}$/);

describe("boundedName", () => {
  it("keeps a name that fits", () => {
    assert.equal(boundedName("gantry-production-web", 32), "gantry-production-web");
  });

  it("cuts a longer one and keeps it unique by a hash", () => {
    const a = boundedName("a-rather-long-product-production-web", 32);
    const b = boundedName("a-rather-long-product-production-api", 32);
    assert.match(a, /^a-rather-long-pro-[0-9a-f]{6}$/);
    assert.notEqual(a, b);
  });

  it("leaves room for what Pulumi appends", () => {
    fc.assert(
      fc.property(name, fc.constantFrom(32, 64), (given, limit) => {
        assert.ok(boundedName(given, limit).length + autoNameSuffixLength <= limit);
      }),
    );
  });

  it("never has two hyphens in a row, which load balancers and target groups do not take", () => {
    assert.equal(boundedName("shop--staging--web", 32), "shop-staging-web");
    fc.assert(fc.property(name, (given) => !boundedName(`${given}x`, 32).includes("--")));
  });
});

describe("boundedBeginning", () => {
  it("begins every bounded name of what a prefix begins, from its limit on", () => {
    const prefix = fc.stringMatching(/^[a-z]([a-z0-9-]{0,40}[a-z0-9])?$/);
    fc.assert(
      fc.property(prefix, name, fc.constantFrom(44, 48, 64), (given, rest, limit) => {
        const whole = boundedName(`${given}--${rest}`, limit);
        assert.ok(whole.startsWith(boundedBeginning(given, 44)), whole);
      }),
    );
    assert.equal(boundedBeginning("shop--production", 44), "shop-production");
  });
});
