import assert from "node:assert/strict";
import { isAllowed } from "../../support/policies";
import { environment, production, staging } from "./permissions";
import { pipeline, productionArgs, roleOf, stagingArgs } from "./support";

const stop = "codepipeline:StopPipelineExecution";
const look = "codepipeline:GetPipelineState";
const own = "codepipeline:GetPipelineExecution";

describe("stopping executions that a newer one supersedes", () => {
  const mayIn = async (args: ReturnType<typeof stagingArgs>) => {
    const made = await pipeline(args);
    return (role: string, action: string, resource: string) =>
      isAllowed({ action, resource }, { identity: [roleOf(made, role).policy] });
  };

  it("is the plan's alone, in its own pipeline alone", async () => {
    const may = await mayIn(productionArgs());
    assert.ok(may("plan", stop, production.pipeline));
    assert.ok(may("plan", look, production.pipeline));
    for (const other of [staging, environment("production-2"), environment("prod")]) {
      assert.equal(may("plan", stop, other.pipeline), false, other.pipeline);
    }
    for (const role of ["deploy", "verify", "conclude", "pipeline", "source", "receive", "start"]) {
      assert.equal(may(role, stop, production.pipeline), false, role);
    }
  });

  it("shows to the deployment that was stopped", async () => {
    const may = await mayIn(productionArgs());
    assert.ok(may("deploy", own, production.pipeline));
    assert.equal(may("deploy", own, staging.pipeline), false);
  });

  it("is nothing that a pipeline does where commits come from: nobody is asked there", async () => {
    const may = await mayIn(stagingArgs());
    for (const role of ["build-web", "release", "deploy", "verify", "conclude", "promote"]) {
      assert.equal(may(role, stop, staging.pipeline), false, role);
      assert.equal(may(role, look, staging.pipeline), false, role);
    }
  });

  it("is the deployment's too where people are asked after the verification, which looks at their answers and gives none", async () => {
    const may = await mayIn(productionArgs({ approval: { after: "verification" } }));
    for (const action of [stop, "codepipeline:ListActionExecutions"]) {
      assert.ok(may("deploy", action, production.pipeline), action);
      assert.equal(may("deploy", action, staging.pipeline), false, action);
    }
    for (const action of ["PutApprovalResult", "RetryStageExecution", "StartPipelineExecution"]) {
      assert.equal(may("deploy", `codepipeline:${action}`, production.pipeline), false, action);
    }
  });

  it("leaves to Conclude whether people approved, where they are asked after the verification, in its own pipeline", async () => {
    const list = "codepipeline:ListActionExecutions";
    const may = await mayIn(productionArgs({ approval: { after: "verification" } }));
    assert.ok(may("conclude", list, production.pipeline));
    assert.equal(may("conclude", list, staging.pipeline), false);
    for (const role of ["plan", "verify"]) {
      assert.equal(may(role, list, production.pipeline), false, role);
    }
    for (const action of ["PutApprovalResult", "RetryStageExecution", "StopPipelineExecution"]) {
      assert.equal(may("conclude", `codepipeline:${action}`, production.pipeline), false, action);
    }
    const before = await mayIn(productionArgs());
    assert.equal(before("conclude", list, production.pipeline), false);
  });

  it("approves and starts nothing", async () => {
    const may = await mayIn(productionArgs());
    for (const action of ["PutApprovalResult", "StartPipelineExecution", "RetryStageExecution"]) {
      assert.equal(may("plan", `codepipeline:${action}`, production.pipeline), false, action);
    }
  });
});
