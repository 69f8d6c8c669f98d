import assert from "node:assert/strict";
import {
  CreateListenerCommand,
  CreateLoadBalancerCommand,
  CreateTargetGroupCommand,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import { appContainer } from "../../../contract/containers";
import { systemClock } from "../../../delivery/clock";
import { Ledger } from "../../../delivery/ledger";
import { writePointer } from "../../../delivery/pointer";
import { createLedgerTable } from "../../support/ledgerTable";
import { releaseOf, seedService, targetOf, type DeliveryBench } from "../delivery/support";
import { useBench } from "../delivery/useBench";
import { personAt, type Person } from "./support";

describe("what people are asked before an act, on the emulator", () => {
  let bench: DeliveryBench;
  let person: Person;
  let ledger: Ledger;
  const target = targetOf();
  const image = (digit: string) => ({
    ...{ uri: "example.com/web", tag: digit.repeat(8), digest: `sha256:${digit.repeat(64)}` },
  });
  const [one, two] = ["a", "b"].map((digit) => releaseOf({ web: image(digit) }));

  useBench((started) => (bench = started));
  beforeEach(async () => {
    person = personAt(bench, { web: {} });
    const { clients } = bench;
    await createLedgerTable(clients, target);
    ledger = new Ledger(clients.dynamodb, target.names.ledger, systemClock, "staging");
    for (const release of [one, two]) {
      const record = await ledger.begin(
        { kind: "deploy", release, owner: `e-${release.id}`, actor: "ada" },
        await ledger.recent(),
      );
      const ended = await ledger.end(record, { status: "deployed", seconds: 60 });
      await ledger.mark(ended, { status: "verified" });
    }
    await writePointer(clients.ssm, target.names, two);
    await ledger.annotate({ note: "hold", by: "ada", reason: "500" }, await ledger.recent());
    await ledger.begin(
      { kind: "restore", release: two, previous: two, owner: "e-9", actor: "grace" },
      await ledger.recent(),
    );
  });
  afterEach(() => person.project.remove());

  /** Ends what is in progress. */
  const goOver = async () => {
    const [record] = (await ledger.recent()).records;
    await ledger.end(record, { status: "deployed", seconds: 60 });
  };

  /** What the ledger knows, in short. */
  const known = async () => {
    const { records, notes, lock } = await ledger.recent();
    return [records.length, notes?.length, lock?.number];
  };

  const acts: readonly (readonly [readonly string[], RegExp])[] = [
    [
      ["rollback"],
      /^staging: aaaaaaaa-1 runs again in place of bbbbbbbb-1: .*\nfrom then on new releases are refused, until gantry resume/m,
    ],
    [["rollback", "--no-hold"], /^the next release comes as usual: no hold is set$/m],
    [
      ["restore"],
      /^staging: .* is updated to bbbbbbbb-1, the desired release; no release command/m,
    ],
    [
      ["override", "--reason", "a hotfix"],
      /^staging: windows, alarms, soak overridden until \d{4}-\d\d-\d\d \d\d:\d\d by \S+: a hotfix\nNothing is deployed/m,
    ],
    [
      ["resume"],
      /^staging is on hold since \S+ \S+ \(0 min ago\), by ada: 500\nNew releases come/m,
    ],
    [
      ["unlock"],
      /^staging: the lock of deployment 3 of bbbbbbbb-1 is taken away, which e-9 has since .* \(0 min ago\)\nIt counts as failed/m,
    ],
  ];
  it("is nothing for a rollback while a deployment is in progress: that is refused", async () => {
    const { code, stderr } = await person.gantry("rollback", "--yes");
    assert.equal(code, 1);
    assert.match(stderr, /^gantry: staging is locked: deployment 3 .* Nothing was changed/m);
    assert.doesNotMatch(stderr, /runs again/);
  });

  for (const [args, wanted] of acts) {
    it(`is what gantry ${args.join(" ")} will do, and nothing is done where nobody answers`, async () => {
      if (args[0] === "rollback") await goOver();
      const before = await known();
      const { code, stdout, stderr } = await person.gantry(...args);
      assert.equal(code, 1);
      assert.equal(stdout, "");
      assert.match(stderr, wanted);
      assert.match(stderr, /nobody is here to be asked: give --yes.* Nothing was done\.$/m);
      assert.deepEqual(await known(), before);
    });
  }

  /** A service behind a load balancer. */
  async function serve() {
    const { elb } = bench.clients;
    const { vpcId, subnetIds } = await bench.network();
    const { TargetGroups = [] } = await elb.send(
      new CreateTargetGroupCommand({
        ...{ Name: "shop-staging-web", Protocol: "HTTP", Port: 3000, VpcId: vpcId },
        TargetType: "ip",
      }),
    );
    const targetGroupArn = TargetGroups[0].TargetGroupArn;
    const { LoadBalancers = [] } = await elb.send(
      new CreateLoadBalancerCommand({ Name: "shop-staging", Subnets: [...subnetIds] }),
    );
    await elb.send(
      new CreateListenerCommand({
        LoadBalancerArn: LoadBalancers[0].LoadBalancerArn,
        ...{ Protocol: "HTTP", Port: 80 },
        DefaultActions: [{ Type: "forward", TargetGroupArn: targetGroupArn }],
      }),
    );
    await seedService(bench, target, "aaaaaaaa", {
      loadBalancers: [{ targetGroupArn, containerName: appContainer, containerPort: 3000 }],
    });
  }

  it("is about a maintenance page, before it begins and before it ends", async () => {
    await serve();
    const maintenance = (...args: string[]) => person.gantry("maintenance", ...args);
    const none = "staging answers: there is no maintenance page\n";
    const on = await maintenance("on");
    assert.equal(on.code, 1);
    assert.match(
      on.stderr,
      /^staging: every request is answered with a page and status 503, until/m,
    );
    assert.equal((await maintenance()).stdout, none);
    assert.equal((await maintenance("on", "--yes")).code, 0);
    const off = await maintenance("off");
    assert.equal(off.code, 1);
    assert.match(
      off.stderr,
      /^staging answers everybody .* It is taken away: requests are served/m,
    );
    assert.match((await maintenance()).stdout, /answers everybody with a maintenance page/);
    assert.equal((await maintenance("off", "--yes")).code, 0);
    assert.equal((await maintenance()).stdout, none);
    assert.equal((await maintenance("off")).stdout, "staging has no maintenance page\n");
  });

  it("is nothing with --yes: it is said and done", async () => {
    for (const [command, ...args] of [
      ["unlock"],
      ["resume"],
      ["override", "--reason", "a hotfix"],
    ]) {
      const { code, stderr } = await person.gantry(command, "--yes", ...args);
      assert.equal(code, 0, stderr);
    }
    const { lock, standing } = await ledger.recent();
    assert.deepEqual(
      [lock, standing?.hold, standing?.overrides.map(({ reason }) => reason)],
      [undefined, undefined, ["a hotfix"]],
    );
  });

  it("is nothing where there is nothing to do, or no way back", async () => {
    await ledger.unlock("ada");
    assert.equal((await person.gantry("unlock")).stdout, "staging is not locked\n");
    await person.gantry("resume", "--yes");
    assert.equal((await person.gantry("resume")).stdout, "staging is not on hold\n");
    const { code, stderr } = await person.gantry("rollback", "--to", "cccccccc-1");
    assert.equal(code, 1);
    assert.match(stderr, /staging never had a release cccccccc-1\. Nothing was changed/);
  });
});
