import assert from "node:assert/strict";
import { parse as parseYaml } from "yaml";
import { sectionExamples } from "../../../stacks/config/sectionExamples";
import { faultsOf, parse, section, services, web, type Values } from "./support";

/** Sections of an environment; the others are a service's. */
const ofEnvironment = ["cluster", "loadBalancer", "network", "services"];

const ofLoadBalancer = ["accessLogs", "domain"];

describe("a section that was written as a single value", () => {
  for (const [key, example] of Object.entries(sectionExamples)) {
    const asConfig = (value: unknown): Values => {
      if (key === "services") return { services: value };
      if (ofLoadBalancer.includes(key)) return section("loadBalancer")({ [key]: value });
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
});
