import assert from "node:assert/strict";
import { UpdateServiceCommand } from "@aws-sdk/client-ecs";
import { deployThrough } from "../../../delivery/deploy";
import type { Ports } from "../../../delivery/deploy/ports";
import { readPointer } from "../../../delivery/pointer";
import type { CallCounts } from "../../../rehearsal/emulator";
import { stateBucket } from "../../../rehearsal/stateBucket";
import { emptyPreview, up } from "../../../rehearsal/update";
import type { Release } from "../../../contract/manifest";
import { buildOnEachOther, log } from "../support";
import { StackBench, type Finished } from "./stackBench";

const web = { build: "app", port: 3000, healthCheck: { path: "/health" } };

describe("gantry deploy on the emulator", function () {
  buildOnEachOther();
  let bench: StackBench;
  let first: Release;
  let second: Release;

  before(async () => {
    bench = await StackBench.start({ web });
    first = await bench.release(1);
    second = await bench.release(2);
  });

  after(() => bench?.stop());

  const ended = (finished: Finished, code: number) =>
    assert.equal(finished.code, code, finished.stderr);
  const newest = async () => (await bench.ledger.recent()).records[0];
  const pointer = async () => (await readPointer(bench.clients.ssm, bench.names))?.id;
  const digestOf = (release: Release) => release.images.web.digest;

  it("fails with nothing to roll back to when the first release ever fails", async () => {
    await bench.nextDeployment({ outcome: "fails", stoppedReason: "Essential container exited" });
    const finished = await bench.deploy(first, { owner: "execution-0" });
    ended(finished, 1);
    assert.match(finished.stderr, /nothing to roll back to/);
    assert.match(finished.stderr, /web: 1 of 1 tasks run, the service is on public\.ecr\.aws/);
    const { status, restored } = await newest();
    assert.deepEqual({ status, restored }, { status: "failed", restored: undefined });
    assert.equal(await pointer(), undefined);
    assert.equal((await bench.ledger.recent()).lock, undefined);
    await emptyPreview(await bench.stack(), log);
  });

  it("deploys it the next time, though AWS throttles every write: pointer, service, ledger (row 30)", async () => {
    const revisions = await bench.revisions();
    const throttled = ["dynamodb:TransactWriteItems", "dynamodb:PutItem", "ssm:PutParameter"];
    for (const action of [...throttled, "ecs:RegisterTaskDefinition", "ecs:UpdateService"]) {
      await bench.bench.emulator.control("errors", { action, count: 2 });
    }
    const finished = await bench.deploy(first, { owner: "execution-1" });
    ended(finished, 0);
    assert.equal((await bench.running()).digest, digestOf(first));
    assert.equal(await pointer(), first.id);
    const { status, number } = await newest();
    assert.deepEqual({ status, number }, { status: "deployed", number: 2 });
    assert.equal(finished.stdout.trim(), "2");
    assert.deepEqual(await bench.bench.emulator.control("errors"), { planned: [] });
    assert.equal(await bench.revisions(), revisions + 1);
    await emptyPreview(await bench.stack(), log);
  });

  it("makes at most 20 API calls before it waits, and keeps the count of autoscaling", async () => {
    const given = { cluster: bench.names.cluster, service: bench.names.service("web") };
    await bench.clients.ecs.send(new UpdateServiceCommand({ ...given, desiredCount: 2 }));
    const { emulator } = bench.bench;
    const { cursor } = await emulator.calls();
    const started = Date.now();
    let counted: CallCounts | undefined;
    await bench.inProcess(async (ports) => {
      const counting: Ports = {
        ...ports,
        steadyState: async (...args) => {
          // Not counted: what Pulumi asks of its state.
          counted ??= await emulator.calls({ since: cursor, without: `/${stateBucket}` });
          return ports.steadyState(...args);
        },
      };
      await deployThrough(counting, { release: second, owner: "execution-2", actor: "ada" });
    });
    assert.ok(counted);
    log(
      `${counted.total} calls, ${Date.now() - started} ms in all: ${JSON.stringify(counted.calls)}`,
    );
    assert.ok(counted.total <= 20, JSON.stringify(counted.calls));
    assert.equal((await bench.running()).digest, digestOf(second));
    assert.equal((await bench.service()).desiredCount, 2);
  });

  it("leaves the release to a person who changes the memory: pulumi up keeps the image (row 37)", async () => {
    const { revision } = await bench.running();
    const larger = { "gantry:services": { web: { ...web, memoryMiB: 1024 } } };
    await up(await bench.stack(larger), log);
    const { digest, revision: newer } = await bench.running();
    assert.equal(digest, digestOf(second));
    assert.ok(newer > revision);
    await emptyPreview(await bench.stack(), log);
  });

  it("is done at once when the release runs already", async () => {
    const revisions = await bench.revisions();
    const finished = await bench.deploy(second, { owner: "execution-3" });
    ended(finished, 0);
    assert.match(finished.stderr, /deployed already, as deployment 3/);
    assert.equal((await newest()).number, 3);
    assert.equal(await bench.revisions(), revisions);
  });

  it("refuses a release that is older than what runs", async () => {
    const finished = await bench.deploy(first, { owner: "execution-4" });
    ended(finished, 1);
    assert.match(finished.stderr, /is superseded[\s\S]*gantry rollback --stack staging --to/);
    assert.equal(await pointer(), second.id);
  });

  it("rolls back when the tasks of a release crash, and says why", async () => {
    const third = await bench.release(3);
    await bench.nextDeployment({
      outcome: "rollsBack",
      failedTasks: 2,
      exitCode: 137,
      stoppedReason: "Essential container in task exited",
    });
    const finished = await bench.deploy(third, { owner: "execution-5" });
    ended(finished, 1);
    assert.match(finished.stderr, /Rolled back: .* runs as before/);
    assert.match(finished.stderr, /137/);
    assert.equal((await bench.running()).digest, digestOf(second));
    assert.equal(await pointer(), second.id);
    const { status, restored, release } = await newest();
    assert.deepEqual([status, restored, release.id], ["failed", second.id, third.id]);
    await emptyPreview(await bench.stack(), log);
  });

  it("refuses a commit that needs infrastructure which nobody applied, and names it", async () => {
    await bench.stack({
      "gantry:services": {
        web: {
          ...web,
          memoryMiB: 1024,
          permissions: [{ actions: ["s3:GetObject"], resources: ["arn:aws:s3:::shop-assets/*"] }],
        },
      },
    });
    const fourth = await bench.release(4);
    const { records } = await bench.ledger.recent();
    const finished = await bench.deploy(fourth, { owner: "execution-6" });
    ended(finished, 1);
    assert.match(finished.stderr, /needs infrastructure of staging that nobody has applied/);
    assert.match(finished.stderr, /(create|update) aws:iam:RolePolicy/);
    assert.match(finished.stderr, /pulumi up --stack staging/);
    assert.deepEqual((await bench.ledger.recent()).records, records);
    assert.equal((await bench.running()).digest, digestOf(second));
    await bench.stack({ "gantry:services": { web: { ...web, memoryMiB: 1024 } } });
  });

  it("is refused before it begins where somebody holds Pulumi's state, naming who (row F6)", async () => {
    const fourth = await bench.release(4);
    const { records } = await bench.ledger.recent();
    const lock = await bench.state.lock({ hostname: "laptop", username: "ada" });
    const finished = await bench.deploy(fourth, { owner: "execution-7" });
    await lock.remove();
    ended(finished, 1);
    assert.match(finished.stderr, /Pulumi's state of staging is locked: taken by ada@laptop/);
    assert.equal((await bench.running()).digest, digestOf(second));
    assert.equal(await pointer(), second.id);
    assert.match(finished.stderr, /if it was killed.*pulumi cancel --stack staging/);
    assert.deepEqual(await bench.ledger.recent(), { records, lock: undefined });
  });

  it("rolls back to the release before on a person's command", async () => {
    const finished = await bench.gantry(["rollback", "--yes"], { owner: "ada" });
    ended(finished, 0);
    assert.equal(finished.stdout.trim(), first.id);
    assert.equal((await bench.running()).digest, digestOf(first));
    assert.equal((await newest()).kind, "rollback");
    await emptyPreview(await bench.stack(), log);
  });

  it("keeps new releases out from then on, until gantry resume", async () => {
    const { records } = await bench.ledger.recent();
    const refused = await bench.deploy(await bench.release(4), { owner: "execution-7" });
    ended(refused, 1);
    assert.match(
      refused.stderr,
      /staging is on hold since .*: rolled back from \S+ to \S+\. Nothing was changed\..* gantry resume --stack staging/,
    );
    const same = await bench.deploy(first, { owner: "execution-7" });
    ended(same, 0);
    assert.deepEqual((await bench.ledger.recent()).records, records);
    const resumed = await bench.gantry(["resume", "--yes", "--reason", "fixed"]);
    ended(resumed, 0);
    assert.match(resumed.stdout, /^resumed: staging was on hold since .*: rolled back from /);
    const again = await bench.gantry(["resume"]);
    ended(again, 0);
    assert.equal(again.stdout, "staging is not on hold\n");
    const told = await bench.gantry(["history"]);
    const history = told.stdout.split("\n");
    assert.match(history[1], /^- +- +resumed .* fixed$/);
    assert.match(history[2], /^- .* refused +not tried again .* the hold of /);
    assert.match(history[4], /^- .* hold .* rolled back from /);
  });

  it("is refused while another one holds the lock, until gantry unlock clears it (row 24)", async () => {
    const fourth = await bench.release(4);
    const beginning = {
      kind: "deploy",
      release: fourth,
      owner: "execution-8",
      actor: "ada",
    } as const;
    const { number } = await bench.ledger.begin(beginning, await bench.ledger.recent());
    const refused = await bench.deploy(fourth, { owner: "execution-9" });
    ended(refused, 1);
    assert.match(refused.stderr, /is locked: .* held by ada, execution-8 .* gantry unlock --stack/);
    const unlocked = await bench.gantry(["unlock", "--yes"]);
    ended(unlocked, 0);
    assert.match(unlocked.stdout, new RegExp(`^unlocked: deployment ${number} of ${fourth.id}, `));
    const { lock, records } = await bench.ledger.recent();
    assert.deepEqual([lock, records[0].status], [undefined, "failed"]);
  });
});
