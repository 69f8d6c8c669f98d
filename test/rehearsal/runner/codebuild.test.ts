import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { CloudWatchLogsClient, CreateLogGroupCommand } from "@aws-sdk/client-cloudwatch-logs";
import { CreateSecretCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { LogTail } from "../../../delivery/explain/follow";
import { bashHost } from "../../../rehearsal/runner/buildHost/bash";
import { rehearse } from "../../../rehearsal/runner/rehearse";
import { commit, type SourceRepository } from "../../../rehearsal/runner/repository";
import {
  Account,
  actionOf,
  buildAction,
  command,
  rehearsalOptions,
  repositoryWith,
  sourceStage,
} from "./support";

describe("builds of a pipeline", function () {
  this.timeout(120_000);
  let account: Account;
  let source: SourceRepository;

  before(async () => {
    account = await Account.start();
    source = await repositoryWith(account.folders, { name: "first" });
  });

  after(() => account.stop());

  const options = () => rehearsalOptions(account, source);

  /** Sets variables of this process while the work is done. */
  async function withEnvironment<T>(
    values: Readonly<Record<string, string>>,
    work: () => Promise<T>,
  ): Promise<T> {
    const before = Object.keys(values).map((name) => [name, process.env[name]] as const);
    Object.assign(process.env, values);
    try {
      return await work();
    } finally {
      for (const [name, value] of before) {
        if (value === undefined) delete process.env[name];
        else process.env[name] = value;
      }
    }
  }

  it("run under the keys of their own roles, with nothing of who rehearses", async () => {
    const print = command("env | sort; ls -A ~; pwd");
    await account.project("own-a", print);
    await account.project("own-b", print);
    const actions = [buildAction("A", "own-a"), buildAction("B", "own-b")];
    await account.pipeline([sourceStage, { name: "Build", actions }], "shop-own");
    const mine = {
      AWS_PROFILE: "acme",
      AWS_ACCESS_KEY_ID: "AKIAMINE",
      AWS_SESSION_TOKEN: "mine",
      AWS_ENDPOINT_URL: "https://example.com",
      PULUMI_ACCESS_TOKEN: "pul-mine",
      GANTRY_STACK: "mine",
    };
    const run = await withEnvironment(mine, () => rehearse(options(), "shop-own"));
    assert.equal(run.status, "Succeeded", JSON.stringify(run.stages));
    const keys = ["A", "B"].map((name) => {
      const { logFile = "", role } = actionOf(run, name);
      const text = readFileSync(logFile, "utf8");
      assert.match(role, new RegExp(`:role/own-${name.toLowerCase()}$`));
      const value = (variable: string) =>
        new RegExp(`^${variable}=(.*)$`, "m").exec(text)?.[1] ?? "";
      assert.equal(value("AWS_ENDPOINT_URL"), account.emulator.url);
      assert.match(value("AWS_SESSION_TOKEN"), /^(?!mine).+/);
      assert.notEqual(value("HOME"), process.env.HOME);
      assert.doesNotMatch(text, /AWS_PROFILE|PULUMI_ACCESS_TOKEN|GANTRY_STACK|mine/);
      return value("AWS_ACCESS_KEY_ID");
    });
    assert.equal(new Set([...keys, "AKIAMINE", "test"]).size, 4, "four different keys");
  });

  it("are refused a variable that they have not on AWS and that no difference names", async () => {
    await account.project("more", command("true"));
    const build = { name: "Build", actions: [buildAction("Build", "more")] };
    await account.pipeline([sourceStage, build], "shop-more");
    const host = { ...bashHost(), gives: ["HOME", "ONLY_HERE"] };
    const run = await rehearse({ ...options(), host }, "shop-more");
    assert.equal(run.status, "Failed");
    const { error = "" } = actionOf(run, "Build");
    assert.match(error, /variables that it has not on AWS.*differences\.ts.*: ONLY_HERE$/);
  });

  it("have secrets that their role may read, and fail when it may not", async () => {
    const variables = [{ name: "TOKEN", value: "shop/none", type: "SECRETS_MANAGER" } as const];
    await account.project("secret", command("true"), { variables });
    const build = { name: "Build", actions: [buildAction("Build", "secret")] };
    await account.pipeline([sourceStage, build], "shop-secret");
    const run = await rehearse(options(), "shop-secret");
    assert.match(
      actionOf(run, "Build").error ?? "",
      /^TOKEN: the secret shop\/none cannot be read: AccessDenied/,
    );
  });

  it("log where their project says, under its role, with three stars for secrets", async () => {
    const groupName = "/aws/codebuild/logs";
    const logs = new CloudWatchLogsClient(account.connection.root);
    await logs.send(new CreateLogGroupCommand({ logGroupName: groupName }));
    await new SecretsManagerClient(account.connection.root).send(
      new CreateSecretCommand({ Name: "shop/token", SecretString: "a value" }),
    );
    const variables = [{ name: "TOKEN", value: "shop/token", type: "SECRETS_MANAGER" } as const];
    const actions = ["s3:*", "secretsmanager:*", "logs:CreateLogStream", "logs:PutLogEvents"];
    const print = command('printf "it has $TOKEN\\n\\nends ä"');
    await account.project("logs", print, { variables, actions, groupName });
    await account.project("silent", print, { groupName });
    const [logging, silent] = [buildAction("A", "logs"), buildAction("B", "silent")];
    const stage = { name: "Build", actions: [logging, silent] };
    await account.pipeline([sourceStage, stage], "shop-logs");
    const run = await rehearse(options(), "shop-logs");
    const { buildId = "", apiCallsByAction } = actionOf(run, "A");
    const logStreamName = buildId.replace("logs:", "");
    const said = await new LogTail(logs, { logGroupName: groupName, logStreamName }).next();
    assert.deepEqual(said.slice(-3), ["it has ***", "", "ends ä"]);
    assert.deepEqual(Object.keys(apiCallsByAction).sort(), [
      "s3:GetObject",
      "secretsmanager:GetSecretValue",
    ]);
    assert.match(
      actionOf(run, "B").error ?? "",
      /role\/silent does not allow CodeBuild to create the log stream of silent:.*not authorized to perform: logs:CreateLogStream/,
    );
  });

  it("leave several artifacts, each by its name", async () => {
    await account.project(
      "several",
      `version: 0.2
phases: { build: { commands: ['echo a > a.txt', 'mkdir out', 'echo b > out/b.txt'] } }
artifacts:
  files: [none]
  secondary-artifacts:
    One: { files: [a.txt] }
    Two: { files: ['**/*'], base-directory: out }
`,
    );
    await account.project(
      "reads",
      command('cat "$CODEBUILD_SRC_DIR_One/a.txt" "$CODEBUILD_SRC_DIR_Two/b.txt"'),
    );
    const several = {
      ...buildAction("Build", "several"),
      outputArtifacts: [{ name: "One" }, { name: "Two" }],
    };
    const reads = buildAction("Read", "reads", { runOrder: 2, inputs: ["One", "Two"] });
    await account.pipeline([sourceStage, { name: "Build", actions: [several, reads] }], "shop-two");
    const run = await rehearse(options(), "shop-two");
    assert.deepEqual(actionOf(run, "Read").tail.slice(-2), ["a", "b"], JSON.stringify(run.stages));
    assert.deepEqual(
      actionOf(run, "Build").artifacts.map(({ name }) => name),
      ["One", "Two"],
    );
  });

  const faults: [string, string, object, RegExp][] = [
    ["has no such buildspec", "none.yml", {}, /the source has no buildspec none\.yml, which/],
    [
      "leaves none of its artifact's files",
      `${command("true")}artifacts: { files: ['*.json'] }\n`,
      { output: "Release" },
      /the build left no files for the artifact Release: nothing in \. matches \*\.json/,
    ],
    [
      "has no artifacts at all",
      command("true"),
      { output: "Release" },
      /the buildspec has no artifacts for Release/,
    ],
    [
      "reads an artifact that nothing made",
      command("true"),
      { inputs: ["Plan"] },
      /no action has made the artifact Plan/,
    ],
  ];
  for (const [index, [what, buildspec, action, wanted]] of faults.entries()) {
    it(`fails when one ${what}`, async () => {
      const name = `shop-fault-${index}`;
      await account.project(name, buildspec);
      const build = { name: "Build", actions: [buildAction("Build", name, action)] };
      await account.pipeline([sourceStage, build], name);
      assert.match(actionOf(await rehearse(options(), name), "Build").error ?? "", wanted);
    });
  }

  it("fails when a variable makes no JSON of what an action hands on", async () => {
    const { id } = await commit(source, 'feat: say "hello"', {});
    const variables = [{ name: "SUBJECT", value: "#{Source.CommitMessage}" }];
    await account.project("quotes", command("true"));
    const action = buildAction("Build", "quotes", { variables });
    await account.pipeline([sourceStage, { name: "Build", actions: [action] }], "shop-quotes");
    const run = await rehearse(options(), "shop-quotes", { revisions: { Source: id } });
    assert.match(
      actionOf(run, "Build").error ?? "",
      /EnvironmentVariables is no JSON once .*say "hello"/,
    );
  });

  it("fails when an action is one that cannot be rehearsed", async () => {
    const invoke = {
      ...buildAction("Build", "none"),
      actionTypeId: {
        category: "Invoke",
        owner: "AWS",
        provider: "Lambda",
        version: "1",
      } as const,
    };
    await account.pipeline([sourceStage, { name: "Build", actions: [invoke] }], "shop-lambda");
    const run = await rehearse(options(), "shop-lambda");
    assert.match(
      actionOf(run, "Build").error ?? "",
      /an action of Invoke by Lambda cannot be rehearsed/,
    );
  });
});
