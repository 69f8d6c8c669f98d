import assert from "node:assert/strict";
import { isTaggable } from "../support/taggable";
import { checkFaults, faultsOf, parse, web } from "./config/support";
import { everything } from "./everything";
import { environment } from "./support";

describe("tags", () => {
  it("are on everything that AWS tags, beside Gantry's own", async () => {
    const { resources } = await environment(everything);
    const tagged = resources.filter(({ type }) => isTaggable(type));
    assert.ok(tagged.length > 60, String(tagged.length));
    const lacking = tagged.filter(({ inputs }) => {
      const tags = inputs.tags as Readonly<Record<string, string>> | undefined;
      return tags?.team !== "shop" || tags["gantry:stack"] !== "staging";
    });
    assert.deepEqual(
      lacking.map(({ type, name }) => `${type} ${name}`),
      [],
    );
  });

  it("are texts, whatever YAML takes them for", () => {
    assert.deepEqual(parse(web({}), {}).tags, {});
    const tags = { "cost center": 4711, on: true };
    const parsed = parse({ ...web({}), tags }, {});
    assert.deepEqual(parsed.tags, { "cost center": "4711", on: "true" });
  });

  for (const key of ["AWS:team", "gantry:stack"]) {
    it(`fails when a key is ${key}, which is somebody else's`, () => {
      const [{ path, fix }] = faultsOf({ ...web({}), tags: { [key]: "mine" } });
      assert.equal(path, `gantry:tags["${key}"]`);
      assert.equal(fix, "begin it otherwise: AWS and Gantry have these themselves");
    });
  }

  checkFaults("gantry:tags", (tags) => ({ ...web({}), tags }), [
    ["a value is nothing", { team: "" }, "team", "give it a value, or remove it"],
    ["a value has no letters", { team: "a;b" }, "team", "write other characters, or fewer"],
    [
      "a key is what things are called",
      { Name: "x" },
      "Name",
      "call it otherwise: resources have their own names there",
    ],
    [
      "keys differ by case alone",
      { team: "a", Team: "b" },
      "Team",
      "remove it, or team: IAM tells no case apart",
    ],
    [
      "they are too many",
      Object.fromEntries(Array.from({ length: 41 }, (_, index) => [`t${index}`, "x"])),
      "",
      "remove those that nobody looks for",
    ],
  ]);
});
