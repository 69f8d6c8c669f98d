import assert from "node:assert/strict";
import type { PlannedChange } from "../../../delivery/engine";
import { unknownValue } from "../../../delivery/engine/changes";
import { propertyChanges } from "../../../delivery/preview/properties";
import { aChange, aTask, taskType } from "./support";

describe("the properties that a preview tells", () => {
  const rows: readonly [string, PlannedChange, readonly string[]][] = [
    [
      "old and new",
      aChange("update", taskType, "web", { memory: "512" }, { memory: "1024" }),
      ["memory: 512 -> 1024"],
    ],
    [
      "those within, by their paths",
      aChange(
        "update",
        "aws:lb/targetGroup:TargetGroup",
        "web",
        { healthCheck: { path: "/", interval: 10, __defaults: [] } },
        {
          healthCheck: { path: "/health", interval: 10, __defaults: ["interval"] },
          __defaults: ["a"],
        },
      ),
      ["healthCheck.path: / -> /health"],
    ],
    [
      "what comes",
      aChange("update", "t", "n", {}, { tags: { team: "shop" } }),
      ["tags.team: undefined -> shop"],
    ],
    ["what goes", aChange("update", "t", "n", { user: "root" }, {}), ["user: root -> undefined"]],
    [
      "what only the update says",
      aChange("update", "t", "n", { arn: "a" }, { arn: unknownValue }),
      ["arn: a -> known after the update"],
    ],
    [
      "no variable's value",
      aChange(
        "replace",
        taskType,
        "web",
        aTask({ name: "app", environment: [{ name: "LEVEL", value: "info" }] }),
        aTask({ name: "app", environment: [{ name: "LEVEL", value: "debug" }] }),
      ),
      ["app.environment.LEVEL: set -> another value"],
    ],
    [
      "no secret's value, which the engine hides",
      aChange(
        "update",
        "t",
        "n",
        { text: "[secret]" },
        { text: "[secret]" },
        { properties: ["text"] },
      ),
      ["text: set -> another value"],
    ],
    [
      "nothing of a secret that stays",
      aChange(
        "update",
        "t",
        "n",
        { text: "[secret]", size: 1 },
        { text: "[secret]", size: 2 },
        { properties: ["size"] },
      ),
      ["size: 1 -> 2"],
    ],
    [
      "nothing that looks like a key of AWS",
      aChange("update", "t", "n", { note: "a" }, { note: "AKIAIOSFODNN7EXAMPLE" }),
      ["note: a -> set"],
    ],
    [
      "a long value, cut",
      aChange("update", "t", "n", { text: "" }, { text: "x".repeat(1000) }),
      [`text:  -> ${"x".repeat(117)}...`],
    ],
    [
      "containers that are not known yet as a whole",
      aChange(
        "replace",
        taskType,
        "web",
        { ...aTask({ name: "app", environment: [{ name: "KEY", value: "hidden" }] }), cpu: "256" },
        { containerDefinitions: unknownValue, cpu: "512" },
      ),
      ["containerDefinitions: set -> known after the update", "cpu: 256 -> 512"],
    ],
  ];
  for (const [title, change, wanted] of rows) {
    it(`are told: ${title}`, () => {
      const told = propertyChanges(change).map(
        ({ property, from, to }) => `${property}: ${from} -> ${to}`,
      );
      assert.deepEqual(told, wanted);
    });
  }
});
