import assert from "node:assert/strict";
import { maskedValue, settingsOf } from "../../../operations/config/settings";
import { shortPath, type Path } from "../../../stacks/config/path";

describe("settings of a config", () => {
  it("are its leaves: a list is one, and what is empty", () => {
    const found = settingsOf({ a: { b: [1, { c: 2 }], "d.e": {} }, f: undefined, g: false });
    assert.deepEqual(
      found.map(({ path, value }) => [shortPath(path), value]),
      [
        ["a.b", [1, { c: 2 }]],
        ['a["d.e"]', {}],
        ["g", false],
      ],
    );
  });

  const password = "hunter2".repeat(3);
  const environment = ["services", "web", "environment"];
  const cases: readonly (readonly [what: string, path: Path, value: unknown, shown: unknown])[] = [
    ["a plain text", [...environment, "MODE"], "production", "production"],
    ["what its name says", [...environment, "DB_PASSWORD"], password, "***"],
    ["a number that its name says", [...environment, "API_KEY"], 12_345_678, "***"],
    ["what it looks like", [...environment, "URL"], `postgres://app:${password}@db/app`, "***"],
    ["a command", ["services", "web", "test"], `TOKEN=${password} npm test`, "TOKEN=*** npm test"],
    [
      "a word",
      ["services", "web", "command"],
      ["run", "--api-key", password],
      ["run", "--api-key", "***"],
    ],
    ["what is encrypted", ["shop:key"], { secure: "v1:abc" }, "***"],
    [
      "what is encrypted deeper",
      ["shop:keys"],
      { one: { secure: "v1:abc" }, b: 2 },
      { one: "***", b: 2 },
    ],
    [
      "where a secret is",
      ["services", "web", "secrets"],
      { DB_PASSWORD: "shop/database:url" },
      { DB_PASSWORD: "shop/database:url" },
    ],
    [
      "where a sidecar's is",
      ["services", "web", "sidecars", "agent", "secrets", "API_KEY"],
      "shop/agent",
      "shop/agent",
    ],
    [
      "where a build's is",
      ["services", "web", "build", "secrets", "API_KEY"],
      "shop/npm",
      "shop/npm",
    ],
    [
      "where the state's is",
      ["pipeline", "state", "passphraseSecret"],
      "shop/pulumi",
      "shop/pulumi",
    ],
    [
      "a secret in place of a name",
      ["services", "web", "secrets", "KEY"],
      `AKIA${"A".repeat(16)}`,
      "***",
    ],
    ["figures", ["services", "web", "cpu"], 256, 256],
  ];
  for (const [what, path, value, shown] of cases) {
    it(`are shown without secrets: ${what}`, () => {
      assert.deepEqual(maskedValue(value, path), shown);
    });
  }
});
