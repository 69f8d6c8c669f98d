import assert from "node:assert/strict";
import type { PipelineArgs } from "../../../components/pipeline/args";
import { actions, github, pipeline, pipelineService, productionArgs, stagingArgs } from "./support";

function services(count: number): PipelineArgs["services"] {
  return Object.fromEntries(
    Array.from({ length: count }, (_, i) => [`s${i}`, pipelineService("staging", `s${i}`)]),
  );
}

describe("faults of a Pipeline's arguments", () => {
  const cases: [string, PipelineArgs, RegExp][] = [
    ["there are no services", stagingArgs({ services: {} }), /services: .*at least one service/],
    [
      "more services are built than a stage has actions",
      stagingArgs({ services: services(51) }),
      /services: given 51; allowed: up to 50: a stage of CodePipeline.*divide the product/,
    ],
    [
      "more services are deployed by ECS actions than a stage has",
      stagingArgs({ services: services(47), deploy: "ecs" }),
      /services: given 47; allowed: up to 46: .*leave deploy: ecs out/,
    ],
    [
      "tasks are asked of what it does not deploy",
      stagingArgs({
        verifyNetwork: {
          ...{ vpcId: "vpc-1", subnetIds: ["subnet-1"] },
          services: { api: { securityGroupId: "sg-1", port: 8080 } },
        },
      }),
      /verifyNetwork.services.api: .*services that the pipeline deploys/,
    ],
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
      "somebody approves after the verification what is over by then",
      productionArgs({ approval: { after: "verification" }, deploy: "ecs" }),
      /approval.after: given "verification"; allowed: nothing with deploy: ecs/,
    ],
    [
      "nothing says what asks after the verification",
      productionArgs({
        approval: { after: "verification" },
        actions: { ...productionArgs().actions, confirm: undefined },
      }),
      /actions.confirm: .*a buildspec for each action/,
    ],
    [
      "what asks is longer than an action's configuration",
      productionArgs({
        approval: { after: "verification" },
        actions: { ...productionArgs().actions, confirm: { buildspec: "#".repeat(1001) } },
      }),
      /actions.confirm.buildspec: given "1001 characters"; allowed: up to 1000/,
    ],
    [
      "the builder's image would be for two architectures",
      stagingArgs({
        services: {
          web: pipelineService("staging", "web"),
          jobs: pipelineService("staging", "jobs", { architecture: "ARM64" }),
        },
        builder: { repositoryName: "shop-builder", tag: "2026-11" },
      }),
      /builder: given "X86_64 and ARM64"; allowed: services of one architecture/,
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
      "the state in a bucket has neither passphrase nor key",
      stagingArgs({ state: { backendUrl: "s3://acme-pulumi-state", project: "gantry" } }),
      /state.passphraseSecret: given nothing/,
    ],
    [
      "the token itself was pasted",
      stagingArgs({
        state: {
          backendUrl: "https://api.pulumi.com",
          project: "gantry",
          accessTokenSecret: "pul-0123456789abcdef",
        },
      }),
      /^(?!.*pul-0123).*state.accessTokenSecret: .*name or ARN of a secret/s,
    ],
    [
      "an action has nothing to run",
      stagingArgs({ actions: { ...actions, release: undefined } }),
      /actions.release: given nothing; allowed: a buildspec.*say what release runs/,
    ],
    [
      "an action is told more than CodePipeline hands on",
      stagingArgs({
        actions: {
          ...actions,
          build: (service) => ({
            buildspec: "ci/build.yml",
            executionVariables: { LIST: "x".repeat(service === "jobs" ? 973 : 1) },
          }),
        },
      }),
      /actions.build.executionVariables: given "1001 characters.*"; allowed: up to 1000.*artifacts/,
    ],
    [
      "an action may take no time",
      stagingArgs({ timeoutMinutes: { deploy: 0 } }),
      /timeoutMinutes.deploy: given 0; allowed: 5 to 480/,
    ],
    [
      "an action waits for a host without end",
      stagingArgs({ queueMinutes: 481 }),
      /queueMinutes: given 481; allowed: 5 to 480/,
    ],
    [
      "no image may be built",
      stagingArgs({ buildsAtOnce: 0 }),
      /buildsAtOnce: given 0; allowed: a whole number, at least 1/,
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
