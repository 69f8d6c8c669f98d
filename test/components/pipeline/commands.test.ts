import assert from "node:assert/strict";
import type { PipelineArgs } from "../../../components/pipeline/args";
import type { PipelineActions } from "../../../components/pipeline/commands";
import { listed, statementsOf } from "../../support/policies";
import type { RecordedResource } from "../../support/record";
import {
  actionOf,
  actionsOf,
  pipeline,
  productionArgs,
  roleOf,
  stagingArgs,
  toldBy,
  types,
  variablesOf,
  topicOf,
} from "./support";

/** A buildspec without a file. */
const inline = (...commands: readonly string[]) =>
  [
    "version: 0.2",
    "phases:",
    "  build:",
    "    commands:",
    ...commands.map((c) => `      - ${c}`),
    "",
  ].join("\n");

const own: PipelineActions = {
  build: (service) => ({
    buildspec: inline(`make -C ${service} image push`),
    variables: { COMPONENT: service, CACHE: "off" },
    executionVariables: { COMMIT: "#{Source.CommitId}" },
  }),
  release: { buildspec: inline("make manifest"), variables: { FORMAT: "v2" } },
  deploy: { buildspec: inline("make deploy") },
  verify: { buildspec: "ci/smoke.yml", executionVariables: { RELEASE: "#{Release.VERSION}" } },
  conclude: { buildspec: "ci/conclude.yml" },
};

/** A pipeline that is given nothing but its own commands: no state of Pulumi's, nowhere to promote to. */
const args = (): PipelineArgs =>
  stagingArgs({ actions: own, state: undefined, promoteTo: undefined });

describe("a Pipeline with somebody else's commands", () => {
  const sourceOf = ({ inputs }: RecordedResource) => inputs.source;

  it("runs them, from a file or inline", async () => {
    const { one } = await pipeline(args());
    const of = (action: string) => sourceOf(one(types.project, `shop-staging-${action}`));
    assert.deepEqual(of("build-jobs"), {
      type: "CODEPIPELINE",
      buildspec:
        "version: 0.2\nphases:\n  build:\n    commands:\n      - make -C jobs image push\n",
    });
    assert.deepEqual(of("verify"), { type: "CODEPIPELINE", buildspec: "ci/smoke.yml" });
  });

  it("tells them what they are given, and nothing else", async () => {
    const recording = await pipeline(args());
    const told = (action: string) => toldBy(recording, action);
    assert.deepEqual(told("build-web"), { COMPONENT: "web", CACHE: "off" });
    assert.deepEqual(told("release"), { FORMAT: "v2" });
    assert.deepEqual(told("verify"), {});
    for (const action of ["deploy", "conclude"]) {
      assert.deepEqual(told(action), { TOPIC: topicOf("staging") });
    }

    const ofExecution = (action: string) => variablesOf(actionOf(recording, action));
    assert.deepEqual(ofExecution("Build-web"), { COMMIT: "#{Source.CommitId}" });
    assert.deepEqual(ofExecution("Verify"), { RELEASE: "#{Release.VERSION}" });
    assert.deepEqual(actionOf(recording, "Conclude").configuration, {
      ProjectName: "shop-staging-conclude",
      PrimarySource: "Source",
    });
  });

  it("is told nothing of Gantry's in either environment", async () => {
    const production = productionArgs({
      actions: { ...own, plan: { buildspec: inline("make plan") } },
      approval: { text: "#{Plan.SUMMARY}" },
    });
    for (const given of [args(), production]) {
      for (const { inputs } of (await pipeline(given)).resources) {
        assert.doesNotMatch(JSON.stringify(inputs), /GANTRY_|buildspecs\//);
      }
    }
  });

  it("has each project and each right of its stages, whatever they run", async () => {
    const ours = await pipeline(stagingArgs({ promoteTo: undefined }));
    const theirs = await pipeline(args());
    const names = (recording: typeof ours) => actionsOf(recording).map(({ name }) => name);
    assert.deepEqual(names(theirs), names(ours));
    for (const action of ["build-web", "release", "verify"]) {
      assert.deepEqual(roleOf(theirs, action), roleOf(ours, action), action);
    }
  });

  it("may read no secret of a state that it has not", async () => {
    for (const action of ["deploy", "conclude"]) {
      const actions = (recording: Awaited<ReturnType<typeof pipeline>>) =>
        statementsOf(roleOf(recording, action).policy).flatMap(({ Action }) => listed(Action));
      const secret = "secretsmanager:GetSecretValue";
      assert.ok(!actions(await pipeline(args())).includes(secret));
      assert.ok(actions(await pipeline(stagingArgs())).includes(secret));
    }
  });
});
