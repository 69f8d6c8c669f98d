import assert from "node:assert/strict";
import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { rehearse } from "../../../rehearsal/runner/rehearse";
import {
  Account,
  actionOf,
  buildAction,
  command,
  pipelineName,
  rehearsalOptions,
  repositoryWith,
  sourceStage,
} from "./support";

describe("a pipeline whose KMS key is disabled (row 32)", function () {
  this.timeout(60_000);
  let account: Account;
  let keyId: string;
  let folder: string;
  const key = <T>(operation: string, body = {}) =>
    account.call<T>("kms", `TrentService.${operation}`, body);
  const flag = (name: string) => join(folder, name);

  before(async () => {
    account = await Account.start();
    folder = account.folders.make();
    keyId = (await key<{ KeyMetadata: { Arn: string } }>("CreateKey")).KeyMetadata.Arn;
    const actions = ["s3:*", "kms:*"];
    const wait = `touch ${flag("reached")}; until [ -e ${flag("go")} ]; do sleep 0.1; done`;
    await account.project("build", command(wait), { actions });
    await account.project("deploy", command(`touch ${flag("deployed")}`), { actions });
    const stages = [
      sourceStage,
      { name: "Build", actions: [buildAction("Build", "build")] },
      { name: "Deploy", actions: [buildAction("Deploy", "deploy")] },
    ];
    await account.pipeline(stages, pipelineName, keyId);
  });

  after(() => account.stop());

  const run = async () =>
    rehearse(
      rehearsalOptions(account, await repositoryWith(account.folders, { COMMIT: "" })),
      pipelineName,
    );

  it("fails before the deployment, where it is disabled while an action runs", async () => {
    const running = run();
    while (!existsSync(flag("reached"))) await new Promise((done) => setTimeout(done, 50));
    await key("DisableKey", { KeyId: keyId });
    writeFileSync(flag("go"), "");
    const { status, ...others } = await running;
    assert.equal(status, "Failed");
    const { error } = actionOf({ status, ...others }, "Deploy");
    assert.match(error ?? "", /the artifact Source cannot be read .*KMS\.DisabledException/);
    assert.ok(error?.includes(`${keyId} is disabled`));
    assert.equal(existsSync(flag("deployed")), false);
  });

  it("does not begin, where it is disabled before", async () => {
    const made = await run();
    assert.match(actionOf(made, "Source").error ?? "", /cannot be written .*is disabled/);
    assert.deepEqual(
      made.stages.map(({ name, status }) => `${name} ${status}`),
      ["Source Failed", "Build Skipped", "Deploy Skipped"],
    );
  });

  it("goes on when it is enabled again", async () => {
    await key("EnableKey", { KeyId: keyId });
    assert.equal((await run()).status, "Succeeded");
    assert.ok(existsSync(flag("deployed")));
  });
});
