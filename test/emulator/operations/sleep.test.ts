import assert from "node:assert/strict";
import { GetPipelineExecutionCommand } from "@aws-sdk/client-codepipeline";
import { DeleteTableCommand } from "@aws-sdk/client-dynamodb";
import { environmentNames } from "../../../contract/names";
import { exportedVariables } from "../../../contract/variables";
import { describeServices } from "../../../delivery/deploy/ecs";
import { Ledger } from "../../../delivery/ledger";
import { suspendScaling } from "../../../operations/scale/target";
import { setMarker } from "../../../operations/sleep/marker";
import { releaseOf, seedService, targetOf, type DeliveryBench } from "../delivery/support";
import { usePipeline, type PipelineBench } from "./pipelineBench";
import {
  asleep,
  awake,
  clock,
  services,
  target,
  useSleepBench,
  type SleepBench,
} from "./sleepBench";
import { personAt, type Person } from "./support";

describe("an environment that sleeps, on the emulator", function () {
  this.timeout(120_000);
  let shop: SleepBench;
  let person: Person;

  useSleepBench((made) => (shop = made));
  beforeEach(() => (person = personAt(shop.bench, services)));
  afterEach(() => person?.project.remove());

  const isAwake = async () => {
    const { tasks, schedules, scaling, parameters } = await shop.world();
    assert.deepEqual([{ tasks, schedules }, parameters], [awake, []]);
    for (const limits of Object.values(scaling)) assert.doesNotMatch(limits, /true/);
    assert.equal((await shop.ledger.recent()).standing?.sleep, undefined);
  };

  it("runs nothing, and has exactly what it had once it is woken", async () => {
    const fell = await person.gantry("sleep", "--reason", "the night", "--yes");
    assert.deepEqual(
      [fell.code, fell.stdout],
      [0, "staging sleeps: 3 services without a task. To wake it: gantry wake --stack staging\n"],
      fell.stderr,
    );
    assert.deepEqual(fell.stderr.split("\n").slice(0, 5), [
      "staging sleeps until gantry wake --stack staging, which brings back what runs now:",
      "  web: 4 tasks stop, and nothing scales it (2 to 6); its requests are answered with 503",
      "  mailer: 2 tasks stop",
      "  idle: 1 task stops, and nothing scales it (1 to 3)",
      "  report: its schedule is off; a run that goes on comes to its own end",
    ]);
    const { parameters, ...rest } = await shop.world();
    assert.deepEqual(rest, asleep);
    assert.equal(parameters.length, 1);
    assert.match(
      parameters[0],
      /^\/gantry\/shop\/staging\/asleep asleep since \S+, by \S+: the night$/,
    );
    const { standing } = await shop.ledger.recent();
    assert.deepEqual(
      [standing?.sleep?.reason, standing?.sleep?.services, standing?.sleep?.schedules],
      ["the night", ["web 4", "mailer 2", "idle 1"], ["default/report-1a2b3c4"]],
    );

    const woke = await person.gantry("wake", "--yes");
    assert.deepEqual([woke.code, woke.stdout], [0, "staging is awake: 7 tasks run\n"], woke.stderr);
    assert.match(
      woke.stderr,
      /^staging is asleep since \S+ \S+ \(0 min ago\), by \S+: the night\. It gets back what it had:\n {2}web: 4 tasks\n {2}mailer: 2 tasks\n {2}idle: 1 task\n {2}1 schedule of jobs: on again; what was missed is not made up for\n/,
    );
    await isAwake();
    assert.deepEqual(
      (await shop.ledger.recent()).notes?.map(({ note }) => note),
      ["awake", "asleep"],
    );
    const history = await person.gantry("history");
    assert.match(history.stdout, /awake[^]*asleep .* the night/);
  });

  it("takes no deployment, and lets nobody change what runs", async () => {
    await person.gantry("sleep", "--yes");
    const image = { uri: "example.com/web", tag: "aaaaaaaa", digest: `sha256:${"a".repeat(64)}` };
    const release = releaseOf({ web: image });
    const view = await shop.ledger.recent();
    for (const kind of ["deploy", "rollback", "restore", "restart"] as const) {
      await assert.rejects(
        shop.ledger.begin({ kind, release, owner: "e", actor: "ada" }, view),
        /staging is asleep since .*Wake it first: gantry wake --stack staging/,
      );
    }
    assert.equal((await shop.ledger.recent()).lock, undefined);
    const scaled = await person.gantry("scale", "web", "3", "--yes");
    assert.equal(scaled.code, 1);
    assert.match(scaled.stderr, /staging is asleep since .*gantry wake --stack staging/);
    const again = await person.gantry("sleep");
    assert.equal(again.code, 0, again.stderr);
    assert.match(again.stderr, /^staging is asleep since/);
    assert.equal((await shop.ledger.recent()).notes?.length, 1);
    assert.deepEqual((await shop.world()).tasks, asleep.tasks);
  });

  it("begins with nobody's lock, and never while somebody takes it", async () => {
    const image = { uri: "example.com/web", tag: "aaaaaaaa", digest: `sha256:${"a".repeat(64)}` };
    const begun = { kind: "deploy", release: releaseOf({ web: image }), owner: "e-1", actor: "ci" };
    const unaware = await shop.ledger.recent();
    const record = await shop.ledger.begin({ ...begun, kind: "deploy" }, unaware);
    const locked = await person.gantry("sleep", "--yes");
    assert.match(locked.stderr, /staging is locked: deployment 1 .*held by ci, e-1/);
    const note = { note: "asleep", by: "ada", services: ["web 4"], schedules: [] } as const;
    await assert.rejects(
      shop.ledger.annotate(note, unaware),
      /staging is locked: deployment 1 .*Nothing was changed/,
    );
    assert.equal((await shop.ledger.recent()).standing, undefined);
    await shop.ledger.end(record, { status: "deployed", seconds: 1 });
    const unverified = await person.gantry("sleep", "--yes");
    assert.equal(unverified.code, 1);
    assert.match(
      unverified.stderr,
      /deployment 1 of aaaaaaaa-1 was made at .* and is not verified yet: .* for \d+ minutes/,
    );
    await isAwake();
    await shop.ledger.mark(record, { status: "verified" });
    assert.equal((await person.gantry("sleep", "--yes")).code, 0);
  });

  it("asks before, and changes nothing where nobody answers", async () => {
    for (const command of ["sleep", "wake"]) {
      const { code, stderr } = await person.gantry(command);
      assert.equal(code, command === "sleep" ? 1 : 0);
      if (code === 1) assert.match(stderr, /nobody is here to be asked: give --yes/);
      await isAwake();
    }
    assert.equal(
      (await person.gantry("wake")).stdout,
      "staging is awake: there is no sleep to end\n",
    );
  });

  it("leaves no mark behind of an environment that was destroyed, so that it can be made again", async () => {
    await setMarker(shop.bench.clients, target.names, "asleep since last year");
    const TableName = target.names.ledger;
    await shop.bench.clients.dynamodb.send(new DeleteTableCommand({ TableName }));
    const { code, stderr } = await person.gantry("wake");
    assert.equal(code, 0, stderr);
    assert.deepEqual((await shop.world()).parameters, []);
  });

  it("takes no other stack's name for a yes", async () => {
    const { code, stderr } = await person.gantry("sleep", "--yes", "--confirm", "production");
    assert.equal(code, 1);
    assert.match(stderr, /--confirm says production, and the stack is staging\. Nothing was done/);
    await isAwake();
  });

  it("leaves alone what somebody else has suspended, and what is gone since", async () => {
    await suspendScaling(shop.autoScaling, target.names, "idle", true);
    await person.gantry("sleep", "--yes");
    const { sleep: noted } = (await shop.ledger.recent()).standing ?? {};
    const note = { note: "asleep", by: "ada", services: ["gone 3"], schedules: ["default/gone"] };
    await shop.ledger.annotate({ ...note, note: "asleep" }, await shop.ledger.recent());
    assert.equal((await shop.ledger.recent()).standing?.sleep?.at, noted?.at);
    const { code, stdout, stderr } = await person.gantry("wake", "--yes");
    assert.deepEqual([code, stdout], [0, "staging is awake: 7 tasks run\n"], stderr);
    assert.match(stderr, /^gone: ECS does not know it any more, so it is left out$/m);
    assert.match(stderr, /^default\/gone: there is no such schedule any more, so it is left out$/m);
    const { scaling, parameters, ...rest } = await shop.world();
    assert.deepEqual([rest, parameters], [awake, []]);
    assert.deepEqual(scaling, { web: "2,6,false", idle: "1,3,true" });
  });
});

describe("production that sleeps, on the emulator", function () {
  this.timeout(120_000);
  const stack = "production";
  const production = { ...targetOf(), stack, names: environmentNames({ name: "shop", stack }) };
  const execution = "10000000-0000-4000-8000-000000000000";
  let bench: DeliveryBench;
  let shop: PipelineBench;
  let ledger: Ledger;

  usePipeline((...made) => ([bench, shop] = made));

  beforeEach(async () => {
    ledger = new Ledger(bench.clients.dynamodb, production.names.ledger, clock, "production");
    await seedService(bench, production, "aaaaaaaa");
  });

  const tasks = async () =>
    (await describeServices(bench.clients.ecs, production)).web.desiredCount;
  const fall = () => shop.run("sleep", "--confirm", "production");

  it("takes its name, and no yes in its place", async () => {
    for (const [args, refusal] of [
      [["--yes"], /^gantry: nobody is here to type the stack's name: give --confirm production/m],
      [["--confirm", "staging"], /--confirm says staging, and the stack is production/],
    ] as const) {
      const { code, stderr } = await shop.run("sleep", ...args);
      assert.equal(code, 1);
      assert.match(stderr, refusal);
      assert.match(stderr, /^This is production: nobody is served until it wakes\.$/m);
      assert.equal(await tasks(), 2);
    }
    const { code, stderr } = await fall();
    assert.equal(code, 0, stderr);
    assert.equal(await tasks(), 0);
  });

  /** What Deploy notes, and how CodePipeline ends it. */
  async function refuse(release: string) {
    const note = { note: "refused", by: "ci", release, reason: "it sleeps", gates: ["sleep"] };
    await ledger.annotate({ ...note, note: "refused" }, await ledger.recent());
    const done = { stageName: "Plan", actionName: "Plan", status: "Succeeded", startTime: 1 };
    const outputVariables = { [exportedVariables.releaseId]: "3f9c2a1b-17" };
    await shop.execution(execution, {
      ...{ status: "Failed", stage: "Deploy" },
      actions: [
        { ...done, output: { outputVariables } },
        { stageName: "Deploy", actionName: "Deploy", status: "Failed", startTime: 2 },
      ],
    });
  }

  const pipelineState = async () => {
    const { pipeline: pipelineName } = production.names;
    const asked = { pipelineName, pipelineExecutionId: execution };
    const answer = await bench.clients.codepipeline.send(new GetPipelineExecutionCommand(asked));
    return answer.pipelineExecution?.status;
  };

  it("has the pipeline try again what was refused meanwhile", async () => {
    await fall();
    await refuse("3f9c2a1b-17");
    const { code, stderr } = await shop.run("wake", "--yes");
    assert.equal(code, 0, stderr);
    assert.match(stderr, /^Release 3f9c2a1b-17, which was refused since, is tried again/m);
    assert.match(
      stderr,
      new RegExp(
        `^release 3f9c2a1b-17 is tried again: the stage Deploy of execution ${execution}$`,
        "m",
      ),
    );
    assert.deepEqual([await tasks(), await pipelineState()], [2, "InProgress"]);
  });

  it("has it tried again by the next, where waking was cut off before that, and once", async () => {
    await fall();
    await refuse("3f9c2a1b-17");
    const view = await ledger.recent();
    const since = view.standing?.sleep?.at ?? "";
    await ledger.annotate({ note: "awake", by: "ada", since }, view);
    const { code, stderr } = await shop.run("wake", "--yes");
    assert.equal(code, 0, stderr);
    assert.match(stderr, /^production is awake\. Release 3f9c2a1b-17, which was refused while/m);
    assert.match(stderr, /^release 3f9c2a1b-17 is tried again: the stage Deploy of/m);
    assert.equal(await pipelineState(), "InProgress");
    const image = { uri: "example.com/web", tag: "3f9c2a1b", digest: `sha256:${"a".repeat(64)}` };
    const release = { ...releaseOf({ web: image }), id: "3f9c2a1b-17" };
    const begun = { kind: "deploy", release, owner: execution, actor: "ci" } as const;
    await ledger.begin(begun, await ledger.recent());
    const again = await shop.run("wake");
    assert.deepEqual(
      [again.code, again.stdout],
      [0, "production is awake: there is no sleep to end\n"],
      again.stderr,
    );
  });

  it("leaves to people what failed for another reason, and what is on hold", async () => {
    await fall();
    await refuse("3f9c2a1b-16");
    const other = await shop.run("wake", "--yes");
    assert.match(other.stderr, /release 3f9c2a1b-16 is not tried again: 3f9c2a1b-17 failed since/);
    await fall();
    await refuse("3f9c2a1b-17");
    await ledger.annotate({ note: "hold", by: "ada", reason: "500" }, await ledger.recent());
    const held = await shop.run("wake", "--yes");
    assert.match(held.stderr, /^production is on hold since .*gantry resume --stack production$/m);
    assert.equal(await pipelineState(), "Failed");
  });
});
