import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { CodePipelineClient } from "@aws-sdk/client-codepipeline";
import { refusalOf } from "../../../delivery/pipelineExecution";
import { rehearse } from "../../../rehearsal/runner/rehearse";
import {
  Account,
  approvalAction,
  buildAction,
  command,
  rehearsalOptions,
  repositoryWith,
  sourceStage,
} from "./support";

describe("an approval after the verification", function () {
  this.timeout(120_000);
  let account: Account;

  before(async () => {
    account = await Account.start();
    await account.project("after", command("true"));
  });

  after(() => account.stop());

  it("that is refused begins its stage once more, whose first action then sees it", async () => {
    const counter = join(account.folders.make(), "counter");
    await account.project(
      "confirm",
      command(`echo asked >> "${counter}"; echo "asked $(wc -l < "${counter}")"`),
    );
    const name = "shop-confirm";
    const onFailure = {
      result: "RETRY",
      retryConfiguration: { retryMode: "ALL_ACTIONS" },
    } as const;
    const approve = { ...approvalAction({ CustomData: "Please" }), runOrder: 2 };
    await account.pipeline(
      [
        sourceStage,
        { name: "Confirm", onFailure, actions: [buildAction("Confirm", "confirm"), approve] },
        { name: "Conclude", actions: [buildAction("Conclude", "after")] },
      ],
      name,
    );
    const source = await repositoryWith(account.folders, {});
    const run = (approvals: "grant" | "reject") =>
      rehearse({ ...rehearsalOptions(account, source), approvals }, name);
    const codepipeline = new CodePipelineClient(account.connection.root);
    const refusal = (id: string) => refusalOf({ codepipeline, pipeline: name, id });
    const asked = () => readFileSync(counter, "utf8").trimEnd().split("\n").length;

    const granted = await run("grant");
    assert.deepEqual([granted.status, asked()], ["Succeeded", 1]);
    assert.equal(await refusal(granted.executionId), undefined);

    const refused = await run("reject");
    assert.deepEqual([refused.status, asked()], ["Failed", 3]);
    const asksAndIsRefused = ["Confirm Succeeded", "Approve Failed"];
    assert.deepEqual(
      refused.stages
        .slice(1)
        .map(({ name: stage, status, actions }) => [
          `${stage} ${status}`,
          ...actions.map((action) => `${action.name} ${action.status}`),
        ]),
      [
        ["Confirm Failed", ...asksAndIsRefused, ...asksAndIsRefused],
        ["Conclude Skipped", "Conclude Skipped"],
      ],
    );
    assert.equal(await refusal(refused.executionId), "the approval was rejected");

    const logs = refused.stages
      .flatMap(({ actions }) => actions)
      .filter((action) => action.name === "Confirm")
      .map(({ logFile = "" }) => logFile);
    assert.deepEqual(
      logs.map((file) => basename(file)),
      ["Confirm-Confirm.log", "Confirm-Confirm.2.log"],
    );
    assert.match(readFileSync(logs[0], "utf8"), /asked 2/, "the first is not written over");
    assert.match(readFileSync(logs[1], "utf8"), /asked 3/);
  });
});
