import assert from "node:assert/strict";
import { rules } from "../../policy/rules";
import { record, type RecordedResource } from "../support/record";
import { faults } from "./faults";
import { findings, told } from "./support";

/** Where a fault's resources lie: `fault-7-wrong`, and what begins so. */
const place = (index: number, which: "wrong" | "right") => `fault-${index}-${which}`;

describe("each rule of the policy pack", () => {
  let recorded: readonly RecordedResource[];

  before(async () => {
    // Every one is a resource of @pulumi/aws, so that the compiler knows the names of its properties.
    ({ resources: recorded } = await record(
      () => {
        faults.forEach(({ wrong, right }, index) => {
          wrong(place(index, "wrong"));
          right(place(index, "right"));
        });
      },
      { stack: "production" },
    ));
  });

  function foundIn(name: string, rule: string) {
    const own = recorded.filter((one) => one.name === name || one.name.startsWith(`${name}-`));
    assert.ok(own.length > 0, `nothing is called ${name}`);
    return findings(own).filter((finding) => finding.rule === rule);
  }

  faults.forEach(({ rule, says }, index) => {
    it(`${rule} names what is wrong: ${says.source}`, () => {
      const found = foundIn(place(index, "wrong"), rule);
      assert.equal(found.length, 1, found.map(told).join("\n"));
      assert.equal(found[0].urn.split("::").at(-1), place(index, "wrong"));
      assert.match(found[0].text, says);
      assert.match(found[0].text, /\. Fix: ./);
    });

    it(`${rule} finds nothing where it is right: ${says.source}`, () => {
      assert.deepEqual(foundIn(place(index, "right"), rule).map(told), []);
    });
  });

  it("has a fault", () => {
    const seeded = new Set(faults.map(({ rule }) => rule));
    assert.deepEqual(
      rules.map(({ name }) => name).filter((name) => !seeded.has(name)),
      [],
    );
  });

  it("has a name of its own", () => {
    assert.equal(new Set(rules.map(({ name }) => name)).size, rules.length);
  });
});
