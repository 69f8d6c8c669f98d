import assert from "node:assert/strict";
import {
  resolveConfiguration,
  resolveVariables,
  type Namespaces,
} from "../../../rehearsal/runner/variables";

describe("variables of a pipeline", () => {
  const namespaces: Namespaces = new Map<string, Record<string, string>>([
    ["codepipeline", { PipelineExecutionId: "e-1" }],
    ["Build-web", { GANTRY_IMAGE: "1a2b@sha256:0" }],
    ["Source", { CommitId: "1a2b", CommitMessage: "feat: #{Source.CommitId}" }],
    ["Empty", {}],
  ]);

  const resolved: [string, string][] = [
    ["plain", "plain"],
    ["#{codepipeline.PipelineExecutionId}", "e-1"],
    ["web=#{Build-web.GANTRY_IMAGE},at=#{Source.CommitId}", "web=1a2b@sha256:0,at=1a2b"],
    ["a # {x} $#x", "a # {x} $#x"],
    ["#{Source.CommitMessage}", "feat: #{Source.CommitId}"],
  ];
  for (const [value, wanted] of resolved) {
    it(`fills in ${value}`, () => assert.equal(resolveVariables(value, namespaces), wanted));
  }

  const refused: [string, RegExp][] = [
    ["#{Plan.SUMMARY}", /#\{Plan\.SUMMARY\} is unknown: no action before .* namespace Plan/],
    ["#{Source.Commit}", /#\{Source\.Commit\} is unknown: .* Source has CommitId, CommitMessage/],
    ["#{Empty.X}", /the namespace Empty has none/],
    ["#{Source.constructor}", /#\{Source\.constructor\} is unknown/],
    ["#{CommitId}", /#\{CommitId\} is no variable/],
  ];
  for (const [value, wanted] of refused) {
    it(`fails when it shall fill in ${value}`, () =>
      assert.throws(() => resolveVariables(value, namespaces), wanted));
  }

  it("names the part of a configuration that fails", () => {
    const configuration = { ProjectName: "web", CustomData: "#{Plan.SUMMARY}" };
    assert.throws(() => resolveConfiguration(configuration, namespaces), /^Error: CustomData: #/);
  });
});
