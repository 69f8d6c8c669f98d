import assert from "node:assert/strict";
import type { PipelineTriggerDeclaration } from "@aws-sdk/client-codepipeline";
import { matchesAny } from "../../../rehearsal/runner/glob";
import type { Action, Pipeline } from "../../../rehearsal/runner/pipelines";
import { startedByPush } from "../../../rehearsal/runner/triggers";

describe("patterns of files and branches", () => {
  const cases: [string, string, boolean][] = [
    ["main", "main", true],
    ["main", "mainline", false],
    ["release/*", "release/1", true],
    ["release/*", "release/1/a", false],
    ["release/**", "release/1/a", true],
    ["app/**", "app/src/main.ts", true],
    ["app/**", "application/main.ts", false],
    ["**/*.md", "README.md", true],
    ["**/*.md", "docs/a/b.md", true],
    ["*.md", "docs/b.md", false],
    ["{app,web}/*.ts", "web/a.ts", true],
    ["{app,web}/*.ts", "lib/a.ts", false],
    ["v?.0", "v1.0", true],
    ["a.b", "axb", false],
    ["a+(b)", "a+(b)", true],
  ];
  for (const [pattern, name, wanted] of cases) {
    it(`${pattern} ${wanted ? "matches" : "does not match"} ${name}`, () =>
      assert.equal(matchesAny(name, [pattern]), wanted));
  }
});

describe("what a push starts", () => {
  type Push = NonNullable<
    NonNullable<PipelineTriggerDeclaration["gitConfiguration"]>["push"]
  >[number];

  const pipeline = (pushes: Push[] | undefined, configuration: Record<string, string> = {}) => {
    const action = {
      name: "Source",
      provider: "CodeStarSourceConnection",
      configuration: { BranchName: "main", ...configuration },
    } as unknown as Action;
    const trigger: PipelineTriggerDeclaration = {
      providerType: "CodeStarSourceConnection",
      gitConfiguration: { sourceActionName: "Source", push: pushes },
    };
    return {
      stages: [{ name: "Source", actions: [action] }],
      triggers: pushes ? [trigger] : [],
    } satisfies Pick<Pipeline, "stages" | "triggers">;
  };

  const files = ["app/src/main.ts", "docs/a.md"];
  const main = { branches: { includes: ["main"] } };
  const cases: [string, Push[], { branch?: string; files?: string[] }, boolean][] = [
    ["a branch that is included", [main], {}, true],
    ["another branch", [main], { branch: "work" }, false],
    [
      "a branch that is excluded",
      [{ branches: { excludes: ["work/*"] } }],
      { branch: "work/1" },
      false,
    ],
    ["a file under a pattern", [{ ...main, filePaths: { includes: ["app/**"] } }], {}, true],
    ["no file under a pattern", [{ ...main, filePaths: { includes: ["lib/**"] } }], {}, false],
    [
      "excluded files alone",
      [{ ...main, filePaths: { excludes: ["docs/**"] } }],
      { files: ["docs/a.md"] },
      false,
    ],
    ["excluded files and others", [{ ...main, filePaths: { excludes: ["docs/**"] } }], {}, true],
    ["nothing for tags", [{ tags: { includes: ["v*"] } }], {}, false],
    ["the second filter", [{ branches: { includes: ["x"] } }, main], {}, true],
  ];
  for (const [what, pushes, push, wanted] of cases) {
    it(`${wanted ? "starts" : "does not start"} with ${what}`, () => {
      const trigger = startedByPush(pipeline(pushes), { branch: "main", files, ...push });
      assert.equal(trigger !== undefined, wanted);
    });
  }

  it("is by CodePipeline's own detection where there are no triggers, unless that is off", () => {
    const push = { branch: "main", files };
    assert.equal(startedByPush(pipeline(undefined), push), "Push to main");
    assert.equal(startedByPush(pipeline(undefined, { BranchName: "x" }), push), undefined);
    assert.equal(startedByPush(pipeline(undefined, { DetectChanges: "false" }), push), undefined);
  });
});
