import assert from "node:assert/strict";
import type { PipelineArgs } from "../../../components/pipeline/args";
import { github, pipeline, productionArgs, stagingArgs } from "./support";

describe("faults of a Pipeline's arguments", () => {
  const cases: [string, PipelineArgs, RegExp][] = [
    ["there are no services", stagingArgs({ services: {} }), /services: .*at least one service/],
    [
      "nothing brings commits",
      stagingArgs({ source: undefined }),
      /source: .*either source or releases/,
    ],
    [
      "commits and releases both arrive",
      stagingArgs({ releases: productionArgs().releases }),
      /source: given "github"; allowed: either source or releases/,
    ],
    [
      "it promotes to itself",
      stagingArgs({
        promoteTo: { stack: "staging", receiveRoleName: "r", releaseBucketName: () => "b" },
      }),
      /promoteTo.stack: given "staging"; allowed: another stack/,
    ],
    [
      "somebody approves commits",
      stagingArgs({ approval: {} }),
      /approval: .*where releases arrive/,
    ],
    [
      "an approval waits longer than CodePipeline does",
      productionArgs({ approval: { timeoutHours: 169 } }),
      /approval.timeoutHours: given 169; allowed: 1 to 168/,
    ],
    [
      "the builder's tag moves",
      stagingArgs({ builder: { repositoryName: "shop-builder", tag: "latest" } }),
      /builder.tag: given "latest"; allowed: a tag that never moves/,
    ],
    [
      "the builder's tag is none",
      stagingArgs({ builder: { repositoryName: "shop-builder", tag: "" } }),
      /builder.tag: given ""/,
    ],
    [
      "there are too many patterns of files",
      stagingArgs({ source: { ...github, filePaths: Array.from("123456789") } }),
      /source.filePaths: given 9; allowed: up to 8/,
    ],
    [
      "the patterns of files match nothing",
      stagingArgs({ source: { ...github, filePaths: [] } }),
      /source.filePaths: .*leave it out/,
    ],
    [
      "the state is on a disk",
      stagingArgs({ state: { backendUrl: "file:///state", project: "gantry" } }),
      /state.backendUrl: given "file:\/\/\/state"/,
    ],
    [
      "there is no token for the Pulumi service",
      stagingArgs({ state: { backendUrl: "https://api.pulumi.com", project: "gantry" } }),
      /state.accessTokenSecret: given nothing/,
    ],
    [
      "an action may take no time",
      stagingArgs({ timeoutMinutes: { deploy: 0 } }),
      /timeoutMinutes.deploy: given 0; allowed: 5 to 480/,
    ],
  ];
  for (const [fault, args, message] of cases) {
    it(`fails when ${fault}`, async () => {
      await assert.rejects(pipeline(args), message);
    });
  }

  it("names all faults at once", async () => {
    const args = stagingArgs({ services: {}, approval: { timeoutHours: 0 } });
    await assert.rejects(pipeline(args), /services: .*approval: .*approval.timeoutHours: /s);
  });
});
