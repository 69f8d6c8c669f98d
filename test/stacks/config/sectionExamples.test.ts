import assert from "node:assert/strict";
import { parse as parseYaml } from "yaml";
import { oneWordKeys, sectionExamples } from "../../../stacks/config/sectionExamples";
import { faultsOf, parse, section, services, web, type Values } from "./support";

/** Sections of an environment; the others are a service's. */
const ofEnvironment = ["cluster", "loadBalancer", "network", "services"];

const ofLoadBalancer = ["accessLogs", "domain"];

describe("a section that was written as a single value", () => {
  for (const [key, example] of Object.entries(sectionExamples)) {
    const asConfig = (value: unknown): Values => {
      if (key === "services") return { services: value };
      if (ofLoadBalancer.includes(key)) return section("loadBalancer")({ [key]: value });
      if (key === "windows")
        return section("pipeline")({ promoteFrom: { stack: "dev" }, windows: value });
      if (ofEnvironment.includes(key)) return { services, [key]: value };
      return web({ [key]: value });
    };

    it(`${key} is answered with how it is written`, () => {
      const [{ fix }, ...others] = faultsOf(asConfig(17));
      assert.ok(fix.endsWith(`${key}: ${example}`), fix);
      assert.deepEqual(others, []);
    });

    it(`${key} is accepted as it is then written`, () => {
      parse(asConfig(parseYaml(example)));
    });
  }

  const faultOf = (value: Values) => {
    const [fault, ...others] = faultsOf(web(value));
    assert.deepEqual(others, []);
    return fault;
  };

  it("is answered with the word that was written, where it has one for it", () => {
    for (const key of oneWordKeys) assert.match(sectionExamples[key], /^\{ \w+: \S+ \}$/);
    const { fix } = faultOf({ deployment: "canary" });
    assert.equal(fix, "write it as deployment: { strategy: canary }");
    assert.equal(faultOf({ healthCheck: "/up" }).fix, "write it as healthCheck: { path: /up }");
    const { fix: ofNone } = faultOf({ deployment: "yes" });
    assert.equal(ofNone, "write it as deployment: { strategy: blueGreen }");
  });

  it("is not answered with keys that it has not", () => {
    const sidecars = { proxy: { image: "nginx:1.29", healthCheck: "/up" } };
    assert.match(faultOf({ sidecars }).fix, /^write an object with the keys command, /);
  });
});
