import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ListServicesCommand } from "@aws-sdk/client-ecs";
import type { ResourceState, StackState } from "../../../delivery/engine/state";
import { targetUrns } from "../../../delivery/engine/targets";
import { readPointer } from "../../../delivery/pointer";
import { emptyPreview } from "../../../rehearsal/update";
import type { Release } from "../../../contract/manifest";
import { buildOnEachOther, log } from "../support";
import { StackBench } from "./stackBench";

const web = { build: "app", port: 3000, healthCheck: { path: "/health" } };

/** ECS has registered the revision, and the service is still on the one before it. */
const afterTaskDefinition = "deploy: update: replaced aws:ecs:TaskDefinition";

/** The state's file, as a backend of files or buckets writes it. */
interface StateFile {
  readonly checkpoint: { latest: StackState["deployment"] };
}

describe("gantry deploy on the emulator, killed and run again by the same execution", function () {
  buildOnEachOther();
  let bench: StackBench;
  let build = 0;
  let revisions: number;

  before(async () => {
    bench = await StackBench.start({ web });
    revisions = await bench.revisions();
  });

  after(() => bench?.stop());

  /** Kills the deployment of a new release at each of these lines of its progress, one run after the other. */
  async function killedAt(lines: readonly string[], ...more: readonly string[]): Promise<Release> {
    const release = await bench.release(++build);
    for (const killAt of lines) {
      const killed = await run(release, more, killAt);
      assert.equal(killed.code, undefined, `it was not killed at "${killAt}":\n${killed.stderr}`);
    }
    return release;
  }

  const ownerOf = ({ id }: Release) => `execution-of-${id}`;

  const run = (release: Release, more: readonly string[], killAt?: string) =>
    bench.gantry(["deploy", "--release", bench.file(release), ...more], {
      owner: ownerOf(release),
      killAt,
    });

  /** Runs it to its end. */
  async function runAgain(release: Release, ...more: readonly string[]): Promise<string> {
    const { code, stderr, stdout } = await run(release, more);
    assert.equal(code, 0, stderr);
    assert.equal(stdout.trim(), String(build));
    return stderr;
  }

  /** The release runs once, is told once, and nothing is left of the runs that were killed. */
  async function converged(release: Release): Promise<void> {
    const { records, lock } = await bench.ledger.recent();
    assert.equal(lock, undefined);
    assert.deepEqual(
      records.map(({ number, status }) => `${number} ${status}`),
      Array.from({ length: build }, (_, index) => `${build - index} deployed`),
    );
    assert.equal(records[0].release.id, release.id);
    assert.equal((await readPointer(bench.clients.ssm, bench.names))?.id, release.id);
    assert.equal((await bench.running()).digest, release.images.web.digest);
    assert.equal(await bench.revisions(), ++revisions, "one revision for each release");
    const { serviceArns } = await bench.clients.ecs.send(
      new ListServicesCommand({ cluster: bench.names.cluster }),
    );
    assert.equal(serviceArns?.length, 1);
    assert.deepEqual((await readState()).checkpoint.latest.pending_operations ?? [], []);
    assert.deepEqual(await bench.state.locks(), []);
  }

  const readState = async () => (await bench.state.read()) as StateFile;

  it("at the guards, in the preflight, and when it has begun", async () => {
    const release = await killedAt([
      "deploy: guards ...",
      "deploy: preflight ...",
      "deploy: lock:",
    ]);
    const { records, lock } = await bench.ledger.recent();
    assert.deepEqual([records[0].status, lock?.owner], ["inProgress", ownerOf(release)]);
    await runAgain(release);
    await converged(release);
  });

  it("when the pointer is written: another execution is told who holds the lock, and how to clear it (row 24)", async () => {
    const release = await killedAt(["deploy: pointer:"]);
    assert.equal((await readPointer(bench.clients.ssm, bench.names))?.id, release.id);
    const newer = await bench.release(build + 1);
    const other = await bench.deploy(newer, { owner: "execution-other" });
    assert.equal(other.code, 1);
    assert.match(
      other.stderr,
      new RegExp(
        `staging is locked: deployment ${build} of release ${release.id} .* ${ownerOf(release)} since .*` +
          "gantry unlock --stack staging",
      ),
    );
    await runAgain(release);
    await converged(release);
  });

  it("in the middle of the update, which leaves Pulumi's own lock (row 24)", async () => {
    const release = await killedAt([afterTaskDefinition]);
    assert.equal((await bench.state.locks()).length, 1);
    const told = await runAgain(release);
    assert.match(told, /clearing the lock that a killed run of this deployment left/);
    await converged(release);
    await emptyPreview(await bench.stack(), log);
  });

  it("between ECS's answer and Pulumi's note of it: the revision is taken in, not made twice (row 25)", async () => {
    const before = await readState();
    const release = await killedAt([afterTaskDefinition]);
    await rewind(before);
    const told = await runAgain(release);
    assert.match(told, /taking in .*, which a killed update had registered/);
    await converged(release);
    await emptyPreview(await bench.stack(), log);
  });

  /** Puts Pulumi's state to where it is while ECS registers: no kill hits that moment on purpose. */
  async function rewind({ checkpoint }: StateFile): Promise<void> {
    const after = await readState();
    const [taskDefinition] = targetUrns(bench.target);
    const isMade = ({ urn, delete: leaves }: ResourceState) =>
      urn === taskDefinition && leaves !== true;
    const made = [
      ...(after.checkpoint.latest.resources ?? []),
      ...(after.checkpoint.latest.pending_operations ?? []).map(({ resource }) => resource),
    ].find(
      (resource) =>
        isMade(resource) && !checkpoint.latest.resources?.some((old) => isSame(old, resource)),
    );
    assert.ok(made, "the killed run had not begun to register a revision");
    // An operation knows the inputs; what came of them is not there yet.
    const resource = { ...made, id: undefined, outputs: undefined };
    const latest = {
      ...checkpoint.latest,
      pending_operations: [{ resource, type: "creating" }],
    };
    await bench.state.write({ ...after, checkpoint: { ...after.checkpoint, latest } });
  }

  it("in the middle of an update that is held to a plan: what is left must be in the plan (row 41)", async () => {
    const release = await bench.release(build + 1);
    const folder = join(bench.target.folder, ".release");
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, "release.json"), JSON.stringify(release));
    writeFileSync(join(folder, "evidence.json"), JSON.stringify({ release: release.id }));
    const planned = await bench.gantry(["plan", "--output", "plan"]);
    assert.equal(planned.code, 0, planned.stderr);
    await killedAt([afterTaskDefinition], "--plan", "plan");
    await runAgain(release, "--plan", "plan");
    await converged(release);
  });

  it("while it waits, before the truth check, and before the end is told", async () => {
    await bench.nextDeployment({ outcome: "completes", afterDescribes: 5 });
    const release = await killedAt([
      "deploy: steady state: web: 0 of 1",
      "deploy: truth ...",
      "deploy: record ...",
    ]);
    await runAgain(release);
    await converged(release);
  });

  it("after the end: the next run finds it done", async () => {
    const release = await bench.release(++build);
    // It may end before the kill reaches it.
    await run(release, [], "deploy: record: ");
    assert.match(await runAgain(release), /is deployed already, as deployment/);
    await converged(release);
    await emptyPreview(await bench.stack(), log);
  });
});

function isSame(one: ResourceState, other: ResourceState): boolean {
  return one.urn === other.urn && JSON.stringify(one.inputs) === JSON.stringify(other.inputs);
}
