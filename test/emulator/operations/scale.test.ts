import assert from "node:assert/strict";
import {
  DescribeScalableTargetsCommand,
  type ApplicationAutoScalingClient,
} from "@aws-sdk/client-application-auto-scaling";
import { UpdateServiceCommand } from "@aws-sdk/client-ecs";
import { Ledger } from "../../../delivery/ledger";
import type { Target } from "../../../delivery/target";
import { makeAutoScaling, setScalingLimits } from "../../../operations/scale/target";
import { createLedgerTable } from "../../support/ledgerTable";
import { region, releaseOf, seedService, targetOf, type DeliveryBench } from "../delivery/support";
import { useBench } from "../delivery/useBench";
import { personAt, type Person } from "./support";

const services = {
  web: { scaling: { min: 2, max: 6 } },
  mailer: { kind: "worker", scaling: { min: 2, max: 2 } },
  single: { kind: "worker", deployment: { strategy: "recreate" } },
  report: { kind: "job", schedule: "rate(1 day)" },
} as const;

describe("another number of tasks, on the emulator", function () {
  this.timeout(120_000);
  let bench: DeliveryBench;
  let target: Target;
  let person: Person;
  let ledger: Ledger;
  let autoScaling: ApplicationAutoScalingClient;

  useBench((started) => (bench = started));

  before(() => {
    target = targetOf(services);
    person = personAt(bench, services);
    const credentials = { accessKeyId: "test", secretAccessKey: "test" };
    autoScaling = makeAutoScaling(region, credentials, bench.emulator.url);
  });

  after(() => person?.project.remove());

  beforeEach(async () => {
    await createLedgerTable(bench.clients, target);
    const clock = { now: () => new Date(), sleep: () => Promise.resolve() };
    ledger = new Ledger(bench.clients.dynamodb, target.names.ledger, clock, "staging");
    await seedService(bench, target, "aaaaaaaa");
    await seedService(bench, target, "aaaaaaaa", { service: "mailer" });
    await setScalingLimits(autoScaling, target.names, "web", { min: 2, max: 6 });
  });

  async function limits() {
    const { ScalableTargets = [] } = await autoScaling.send(
      new DescribeScalableTargetsCommand({ ServiceNamespace: "ecs" }),
    );
    return ScalableTargets.map(({ MinCapacity, MaxCapacity }) => [MinCapacity, MaxCapacity]);
  }

  it("sets the limits of a service that scales, and its tasks follow", async () => {
    const { code, stdout, stderr } = await person.gantry("scale", "web", "4-20", "--yes");
    assert.deepEqual([code, stdout], [0, "web: 4 tasks run\n"], stderr);
    assert.deepEqual(await limits(), [[4, 20]]);
    assert.deepEqual(stderr.split("\n").slice(0, 4), [
      "web of staging has 2 of 2 tasks, and scales between 2 and 6",
      "it will scale between 4 and 20: 2 tasks more now",
      "Config says 2 to 6, and is not changed: gantry drift tells the difference. What comes after pulumi refresh puts config's back, " +
        "as does a pulumi up that changes it.",
      "To keep it: services.web.scaling: { min: 4, max: 20 } of gantry:services in Pulumi.staging.yaml, then pulumi up --stack staging",
    ]);
  });

  it("holds one that scales at a number", async () => {
    const { stdout, stderr } = await person.gantry("scale", "web", "1", "--yes");
    assert.equal(stdout, "web: 1 task runs\n");
    assert.match(stderr, /^it will have 1, and does not scale meanwhile: 1 task fewer now$/m);
    assert.deepEqual(await limits(), [[1, 1]]);
  });

  it("sets the number of one that does not scale, and it is no deployment", async () => {
    const { stdout, stderr } = await person.gantry("scale", "mailer", "3", "--yes");
    assert.equal(stdout, "mailer: 3 tasks run\n");
    assert.match(stderr, /^mailer of staging has 2 of 2 tasks, and nothing scales it$/m);
    const { service } = await bench.clients.ecs.send(
      new UpdateServiceCommand({
        ...{ cluster: target.names.cluster, service: target.names.service("mailer") },
      }),
    );
    assert.deepEqual([service?.desiredCount, service?.deployments?.length], [3, 1]);
    const again = await person.gantry("scale", "mailer", "3");
    assert.deepEqual([again.code, again.stdout], [0, "mailer: 3 tasks run\n"], again.stderr);
    assert.match(again.stderr, /has 3 of 3 tasks, and nothing scales it, as is asked for/);
  });

  it("says what it means that none shall run", async () => {
    const { code, stdout, stderr } = await person.gantry("scale", "web", "0", "--yes");
    assert.deepEqual([code, stdout], [0, "web: 0 tasks run\n"]);
    assert.match(
      stderr,
      /^Nothing of web runs then: its requests are answered with 503\. A release/m,
    );
    assert.doesNotMatch(stderr, /To keep it/);
    const half = await person.gantry("scale", "web", "0-4", "--yes");
    assert.equal(half.code, 1);
    assert.match(half.stderr, /web would stay at no task: .*Give 1-4, or 0 to stop it/);
    assert.deepEqual(await limits(), [[0, 0]]);
  });

  it("asks before, and changes nothing where nobody answers", async () => {
    const { code, stderr } = await person.gantry("scale", "web", "4");
    assert.equal(code, 1);
    assert.match(stderr, /nobody is here to be asked: give --yes/);
    assert.deepEqual(await limits(), [[2, 6]]);
  });

  it("warns of a second task beside one that config has alone", async () => {
    await seedService(bench, target, "aaaaaaaa", { service: "single", desiredCount: 1 });
    const { stderr } = await person.gantry("scale", "single", "2");
    assert.match(stderr, /^Config has it alone \(strategy recreate, one task\): 2 would run side/m);
  });

  it("gives no limits to what nothing scales, and finds no job and no stranger", async () => {
    for (const [args, refusal] of [
      [["mailer", "2-6"], /nothing scales mailer, .*give one, such as 6/],
      [["single", "2"], /ECS has no single of staging.*pulumi up --stack staging/],
      [["report", "2"], /staging has no service report/],
      [["wbe", "2"], /staging has no service wbe: .*Is web meant\?/],
      [["web", "some"], /some is no number of tasks/],
    ] as const) {
      const { code, stderr } = await person.gantry("scale", ...args, "--yes");
      assert.equal(code, 1, stderr);
      assert.match(stderr, refusal);
    }
  });

  it("is refused while a deployment is under way", async () => {
    const uri = "example.com/web";
    const release = releaseOf({
      web: { uri, tag: "aaaaaaaa", digest: `sha256:${"a".repeat(64)}` },
    });
    const begun = { kind: "deploy", release, owner: "execution-1", actor: "pipeline" } as const;
    const record = await ledger.begin(begun, await ledger.recent());
    const locked = await person.gantry("scale", "web", "4", "--yes");
    assert.equal(locked.code, 1);
    assert.match(locked.stderr, /staging is locked: deployment 1 .*held by pipeline, execution-1/);
    await ledger.end(record, { status: "deployed", seconds: 1 });

    const { cluster } = target.names;
    const service = target.names.service("web");
    const outcome = { outcome: "staysInProgress" };
    await bench.emulator.control("ecs/next-deployment", { cluster, service, ...outcome });
    await bench.clients.ecs.send(
      new UpdateServiceCommand({ cluster, service, forceNewDeployment: true }),
    );
    const open = await person.gantry("scale", "web", "4", "--yes");
    assert.equal(open.code, 1);
    assert.match(open.stderr, /a deployment is under way in staging that has no lock/);
    assert.deepEqual(await limits(), [[2, 6]]);
  });
});
