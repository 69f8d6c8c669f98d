import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { BatchWriteItemCommand, ScanCommand } from "@aws-sdk/client-dynamodb";
import {
  DeleteServiceCommand,
  DescribeTaskDefinitionCommand,
  RegisterTaskDefinitionCommand,
  UpdateServiceCommand,
} from "@aws-sdk/client-ecs";
import { readPointer } from "../../../delivery/pointer";
import { emptyPreview } from "../../../rehearsal/update";
import type { Release } from "../../../contract/manifest";
import { buildOnEachOther, log } from "../support";
import { StackBench, type Finished } from "./stackBench";

const web = { build: "app", port: 3000, healthCheck: { path: "/health" } };

describe("what people do beside the pipeline, on the emulator with the real engine", function () {
  buildOnEachOther();
  let bench: StackBench;
  let first: Release;
  let second: Release;
  let oldState: unknown;

  before(async () => {
    bench = await StackBench.start({ web });
    first = await bench.release(1);
    second = await bench.release(2);
    ended(await bench.deploy(first, { owner: "execution-1" }), 0);
    oldState = await bench.state.read();
    ended(await bench.deploy(second, { owner: "execution-2" }), 0);
  });

  after(() => bench?.stop());

  function ended(finished: Finished, code: number): Finished {
    assert.equal(finished.code, code, finished.stderr);
    return finished;
  }
  const service = () => ({
    cluster: bench.names.cluster,
    service: bench.names.service("web"),
  });
  const status = async () => ended(await bench.gantry(["status"]), 0).stdout;
  const drift = () => bench.gantry(["drift", "--exit-code"]);
  const digestOf = (release: Release) => release.images.web.digest;
  const newest = async () => (await bench.ledger.recent()).records[0];

  /** Runs a command that a message told, as a person does who says yes. */
  async function runAdvice(told: string): Promise<void> {
    const [command] = /pulumi [a-z]+ --stack[^\n.;,)]*/.exec(told) ?? [];
    assert.ok(command, `no command is told:\n${told}`);
    log(command);
    const yes = "--yes --skip-preview --non-interactive";
    const agreed = /pulumi cancel/.test(command) ? "--yes" : yes;
    const script = command
      .split("&&")
      .map((one) => `${one.trim()} ${agreed}`)
      .join(" && ");
    const code = await new Promise((resolve) =>
      spawn("sh", ["-c", script], {
        cwd: bench.target.folder,
        env: { ...process.env, ...bench.env },
        stdio: ["ignore", "ignore", "inherit"],
      }).once("close", resolve),
    );
    assert.equal(code, 0, command);
  }

  /** As the console does it: a new revision with another image, and the service on it. */
  async function changeImage(image: string): Promise<void> {
    const { ecs } = bench.clients;
    const { taskDefinition: current } = await bench.service();
    const { taskDefinition } = await ecs.send(
      new DescribeTaskDefinitionCommand({ taskDefinition: current }),
    );
    const { family, containerDefinitions = [], ...rest } = taskDefinition ?? {};
    const registered = await ecs.send(
      new RegisterTaskDefinitionCommand({
        family,
        containerDefinitions: containerDefinitions.map((container) => ({ ...container, image })),
        ...{ cpu: rest.cpu, memory: rest.memory, networkMode: rest.networkMode },
        ...{ executionRoleArn: rest.executionRoleArn, taskRoleArn: rest.taskRoleArn },
        requiresCompatibilities: rest.requiresCompatibilities,
      }),
    );
    const arn = registered.taskDefinition?.taskDefinitionArn;
    await ecs.send(new UpdateServiceCommand({ ...service(), taskDefinition: arn }));
  }

  it("gantry status says what should run, and that it does", async () => {
    const told = await status();
    assert.match(told, new RegExp(`^staging runs ${second.id} `));
    assert.match(
      told,
      new RegExp(`^web +1/1 .*${digestOf(second).slice(0, 19)} \\(1\\) +yes$`, "m"),
    );
  });

  it("an image changed in the console is told as drift, and gantry restore puts it right (row F1)", async () => {
    const other = await bench.release(9);
    await changeImage(`${other.images.web.uri}@${digestOf(other)}`);
    assert.equal((await bench.running()).digest, digestOf(other));
    assert.match(ended(await drift(), 3).stdout, /web-service[^]*?taskDefinition: .* → /);
    const told = await status();
    assert.match(told, new RegExp(`SHOULD RUN ${second.id}`));
    assert.match(told, /^web .* DRIFT$/m);
    assert.match(told, /gantry restore --stack staging/);

    const again = ended(await bench.deploy(second, { owner: "execution-3" }), 1);
    assert.match(again.stderr, /deployed to staging already.*gantry restore --stack staging/);

    ended(await bench.gantry(["restore", "--yes"], { owner: "ada" }), 0);
    assert.equal((await bench.running()).digest, digestOf(second));
    assert.doesNotMatch(await status(), /DRIFT|SHOULD RUN/);
    const { kind, status: end } = await newest();
    assert.deepEqual([kind, end], ["restore", "deployed"]);
    await emptyPreview(await bench.stack(), log);
    // Nor is there anything that gantry drift would tell.
    assert.match(ended(await drift(), 0).stdout, /^staging is as it was applied/);
  });

  it("a deleted service is told, and the command that is told makes it again (row F2)", async () => {
    await bench.clients.ecs.send(new DeleteServiceCommand({ ...service(), force: true }));
    assert.match(await status(), /^web +no service .* MISSING$/m);
    const third = await bench.release(3);
    const refused = ended(await bench.deploy(third, { owner: "execution-4" }), 1);
    assert.match(refused.stderr, /has no active service shop-(-)?staging-web|no active service/);
    await runAdvice(refused.stderr);
    assert.equal((await bench.running()).digest, digestOf(second));
    assert.match(await status(), /^web +1\/1 .* yes$/m);
  });

  it("a service scaled to zero is unproven, and its release never verified (row F3)", async () => {
    const scaled = { ...service(), desiredCount: 0 };
    await bench.clients.ecs.send(new UpdateServiceCommand(scaled));
    assert.match(await status(), /^web +0\/0 .* UNPROVEN$/m);
    const third = await bench.release(3);
    const deployed = ended(await bench.deploy(third, { owner: "execution-5" }), 0);
    assert.match(deployed.stderr, /deployed, UNPROVEN for web/);
    const { status: end, unproven } = await newest();
    assert.deepEqual({ end, unproven }, { end: "deployed", unproven: ["web"] });

    const verification = { release: third.id, passed: true, at: new Date().toISOString() };
    const files = [
      ...["--release", bench.file(third)],
      ...["--verification", bench.file({ ...verification, services: {} })],
    ];
    const concluded = await bench.gantry(["conclude", ...files], { owner: "execution-5" });
    assert.match(ended(concluded, 1).stderr, /is unproven on staging: no task of web shall run/);
    assert.equal((await newest()).status, "deployed");

    await bench.clients.ecs.send(new UpdateServiceCommand({ ...scaled, desiredCount: 1 }));
    ended(await bench.gantry(["conclude", ...files], { owner: "execution-5" }), 0);
    assert.equal((await newest()).status, "verified");
  });

  it("a lock of Pulumi that a killed up left stops a deployment before it begins (row F6)", async () => {
    const fourth = await bench.release(4);
    const { records } = await bench.ledger.recent();
    const pointer = await readPointer(bench.clients.ssm, bench.names);
    await bench.state.lock({ hostname: "laptop", username: "ada" });
    const refused = ended(await bench.deploy(fourth, { owner: "execution-6" }), 1);
    assert.match(refused.stderr, /state of staging is locked: taken by ada@laptop/);
    assert.deepEqual((await bench.ledger.recent()).records, records);
    assert.deepEqual(await readPointer(bench.clients.ssm, bench.names), pointer);
    await runAdvice(refused.stderr);
    ended(await bench.deploy(fourth, { owner: "execution-6" }), 0);
    assert.equal((await bench.running()).digest, digestOf(fourth));
  });

  it("an older state in the place of Pulumi's is told, and a rollback works nevertheless (row F5)", async () => {
    await bench.state.write(oldState);
    // The older state has the service on the very release that is gone back to: without more, there is nothing to do.
    const finished = await bench.gantry(["rollback", "--yes", "--no-hold", "--to", first.id], {
      owner: "ada",
    });
    ended(finished, 0);
    assert.match(finished.stderr, /Pulumi's state of staging is older than what runs/);
    assert.match(finished.stderr, /pulumi refresh --stack staging/);
    assert.equal((await bench.ledger.recent()).standing, undefined);
    assert.equal((await bench.running()).digest, digestOf(first));
    assert.match(ended(await drift(), 0).stdout, /^staging is as it was applied/);
    await emptyPreview(await bench.stack(), log);
  });

  it("a history that was emptied costs no deployment: numbers go on after the tags of images (row F4)", async () => {
    const { number } = await newest();
    await emptyHistory();
    assert.match(await status(), /the history of staging is empty/);
    const fifth = await bench.release(5);
    const finished = ended(await bench.deploy(fifth, { owner: "execution-7" }), 0);
    assert.equal(finished.stdout.trim(), String(number + 1));
    assert.equal((await bench.running()).digest, digestOf(fifth));
  });

  async function emptyHistory(): Promise<void> {
    const TableName = bench.names.ledger;
    const { Items: items = [] } = await bench.clients.dynamodb.send(new ScanCommand({ TableName }));
    for (let start = 0; start < items.length; start += 25) {
      const deletions = items
        .slice(start, start + 25)
        .map(({ pk, sk }) => ({ DeleteRequest: { Key: { pk, sk } } }));
      await bench.clients.dynamodb.send(
        new BatchWriteItemCommand({ RequestItems: { [TableName]: deletions } }),
      );
    }
  }
});
