import assert from "node:assert/strict";
import { join, resolve } from "node:path";
import { CreateRoleCommand, IAMClient, PutRolePolicyCommand } from "@aws-sdk/client-iam";
import {
  CreateStateMachineCommand,
  ListExecutionsCommand,
  SFNClient,
  StartExecutionCommand,
} from "@aws-sdk/client-sfn";
import { rehearse } from "../../../rehearsal/runner/rehearse";
import type { SourceRepository } from "../../../rehearsal/runner/repository";
import type { PipelineRun } from "../../../rehearsal/runner/run";
import type { PolicyDocument } from "../../support/policies";
import { pipeline, productionArgs, roleOf } from "../../components/pipeline/support";
import {
  Account,
  account as accountId,
  actionOf,
  buildAction,
  command,
  region,
  rehearsalOptions,
  repositoryWith,
  sourceStage,
} from "./support";

const name = "shop-production";
const deployRetryName = `${name}-retry`;
const stateMachineArn = `arn:aws:states:${region}:${accountId}:stateMachine:${deployRetryName}`;
const program = resolve(__dirname, "../../..");

/** Deploy, as far as gates go: it comes before its time, `seconds` of it, and has itself tried again. */
const refused = (seconds: number) => `
process.env.TS_NODE_PROJECT = ${JSON.stringify(join(program, "tsconfig.json"))};
require(${JSON.stringify(join(program, "node_modules/ts-node/register/transpile-only"))});
const { makeClients } = require(${JSON.stringify(join(program, "delivery/clients"))});
const { deployRetry } = require(${JSON.stringify(join(program, "delivery/gates/retry"))});
const { existsSync, writeFileSync } = require("node:fs");
const marker = process.env.MARKER;
const options = {
  clients: makeClients(${JSON.stringify(region)}),
  target: { region: ${JSON.stringify(region)}, names: { deployRetry: ${JSON.stringify(deployRetryName)} } },
  clock: { now: () => new Date() },
  own: () => Promise.resolve({ partition: "aws", accountId: ${JSON.stringify(accountId)} }),
  execution: { id: process.env.EXECUTION },
  build: process.env.CODEBUILD_BUILD_ID,
};
const retry = deployRetry(options);
const main = async () => {
  if (existsSync(marker)) return;
  writeFileSync(marker, "");
  const first = new Date(Date.now() + 60 * 60_000);
  await retry.at(first);
  await retry.at(new Date(Date.now() + ${seconds} * 1000));
  throw new Error("it is outside of the deployment windows");
};
main().catch((error) => { console.error(error.message); process.exitCode = 1; });
`;

describe("a stage that is tried again by itself", function () {
  this.timeout(120_000);
  let account: Account;
  let source: SourceRepository;
  const said: string[] = [];

  const iam = () => new IAMClient(account.connection.root);
  const put = (RoleName: string, policy: PolicyDocument) =>
    iam().send(
      new PutRolePolicyCommand({
        ...{ RoleName, PolicyName: "component" },
        PolicyDocument: JSON.stringify(policy),
      }),
    );
  const sfn = () => new SFNClient(account.connection.root);

  before(async () => {
    account = await Account.start();
    source = await repositoryWith(account.folders, {
      "soon.js": refused(2),
      "later.js": refused(3600),
    });
    const made = await pipeline(productionArgs({ deployRetryName }));
    const { trust, policy } = roleOf(made, "deployRetry");
    const { Role } = await iam().send(
      new CreateRoleCommand({
        RoleName: deployRetryName,
        AssumeRolePolicyDocument: JSON.stringify(trust),
      }),
    );
    await put(deployRetryName, policy);
    const { definition } = made.one("aws:sfn/stateMachine:StateMachine").inputs;
    await sfn().send(
      new CreateStateMachineCommand({
        ...{ name: deployRetryName, roleArn: Role?.Arn },
        definition: String(definition),
      }),
    );
    for (const kind of ["soon", "later"]) {
      await account.project(kind, command(`node ${kind}.js`));
      await put(kind, roleOf(made, "deploy").policy);
    }
    await account.project("promote", command("true"));
  });

  after(() => account.stop());

  beforeEach(() => said.splice(0));

  async function delivered(kind: "soon" | "later", pipelineName: string): Promise<PipelineRun> {
    const variables = [
      { name: "EXECUTION", value: "#{codepipeline.PipelineExecutionId}" },
      { name: "MARKER", value: join(account.folders.make(), "marker") },
    ];
    await account.pipeline(
      [
        sourceStage,
        { name: "Deploy", actions: [buildAction("Deploy", kind, { variables })] },
        { name: "Promote", actions: [buildAction("Promote", "promote")] },
      ],
      pipelineName,
    );
    const log = (line: string) => said.push(line);
    return rehearse({ ...rehearsalOptions(account, source), log }, pipelineName);
  }

  const waiting = async () => {
    const { executions = [] } = await sfn().send(
      new ListExecutionsCommand({ stateMachineArn, statusFilter: "RUNNING" }),
    );
    return executions.length;
  };

  it("is so at its time, under the rights of Deploy and of its state machine, and goes on from there", async () => {
    // Of an execution that somebody else has overtaken.
    const input = JSON.stringify({ at: "2030-01-01T00:00:00Z", execution: "another" });
    await sfn().send(new StartExecutionCommand({ stateMachineArn, input }));
    const run = await delivered("soon", name);
    assert.equal(run.status, "Succeeded", [...said, ...actionOf(run, "Deploy").tail].join("\n"));
    const deploy = actionOf(run, "Deploy");
    assert.match(deploy.retriedAfter ?? "", /./);
    assert.equal(actionOf(run, "Promote").status, "Succeeded");
    assert.equal(said.filter((line) => /Source\/Source: succeeded/.test(line)).length, 1);
    const { denials } = await account.emulator.control<{ denials: unknown[] }>("denials");
    assert.deepEqual(denials, []);
    // That of the other one, which will find a later build.
    assert.equal(await waiting(), 1);
  });

  it("is left to people where a rehearsal would wait too long", async () => {
    const run = await delivered("later", `${name}-later`);
    assert.equal(run.status, "Failed");
    assert.ok(said.some((line) => /tried again at .*does not wait/.test(line)));
    assert.equal(await waiting(), 1 + 2);
  });
});
