import assert from "node:assert/strict";
import {
  DescribeServiceDeploymentsCommand,
  ListServiceDeploymentsCommand,
} from "@aws-sdk/client-ecs";
import {
  DescribeRulesCommand,
  DescribeTargetHealthCommand,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import type { Release } from "../../../contract/manifest";
import type { StackState } from "../../../delivery/engine/state";
import { readPointer } from "../../../delivery/pointer";
import { emptyPreview } from "../../../rehearsal/update";
import { changedLately } from "../../support/changedLately";
import { buildOnEachOther, log } from "../support";
import { StackBench, type Finished, type GantryOptions } from "./stackBench";

/** A tenth of the requests goes over first, and time passes only where a test lets it. */
const deployment = { strategy: "canary", stepPercent: 10, stepMinutes: 5, bakeMinutes: 5 };
const web = { build: "app", port: 3000, healthCheck: { path: "/health" }, deployment };

const files = [
  ...["delivery/conclude*.ts", "delivery/rollback.ts", "delivery/deploy*", "delivery/engine*"],
  ...["delivery/steadyState*", "components/service/shift*", "components/service/settling.ts"],
  ...["rehearsal/emulator/ecs", "test/emulator/delivery/*"],
];

const pause = () => new Promise((resolve) => setTimeout(resolve, 200));

type Kill = readonly [at: string | RegExp, signal?: GantryOptions["signal"]];

(changedLately(files) ? describe : describe.skip)(
  "a delivery on the emulator whose deployment is held, killed and run again",
  function () {
    buildOnEachOther();
    let bench: StackBench;
    let first: Release;
    let second: Release;
    let third: Release;

    before(async () => {
      bench = await StackBench.start({ web });
      first = await bench.release(1);
      second = await bench.release(2);
      third = await bench.release(3);
    });

    after(() => bench?.stop());

    const control = (clock: object) => bench.bench.emulator.control("ecs/clock", clock);
    const timePasses = () => control({ minuteSeconds: 0 });
    /** Neither steps nor bakes end by themselves, and a look shows where a deployment stays. */
    const timeStands = () =>
      control({ minuteSeconds: 3600, hookMinuteSeconds: 0, stagesPerLook: 9 });

    const ownerOf = ({ id }: Release) => `execution-of-${id}`;

    const deploy = (release: Release, more: GantryOptions = {}) =>
      bench.deploy(release, { owner: ownerOf(release), ...more });

    const conclude = (release: Release, passed: boolean, more: GantryOptions = {}) => {
      const check = { passed, attempts: 1, seconds: 1, output: passed ? [] : ["GET /: 500"] };
      const at = new Date().toISOString();
      const verification = bench.file({
        release: release.id,
        passed,
        services: { web: check },
        at,
      });
      return bench.gantry(
        ["conclude", "--release", bench.file(release), "--verification", verification],
        { owner: ownerOf(release), ...more },
      );
    };

    const rollback = (more: GantryOptions = {}) =>
      bench.gantry(["rollback", "--yes"], { owner: "grace@laptop", ...more });

    const ended = (finished: Finished, code = 0) =>
      assert.equal(finished.code, code, finished.stderr);

    /** Kills it at each of these lines of its progress, one run after the other. */
    async function killed(run: (more: GantryOptions) => Promise<Finished>, ...kills: Kill[]) {
      for (const [killAt, signal] of kills) {
        const { code, stderr } = await run({ killAt, signal });
        assert.equal(code, undefined, `it was not killed at "${killAt}":\n${stderr}`);
      }
    }

    /** The newest deployment of ECS. */
    async function newest() {
      const { ecs } = bench.clients;
      const of = { cluster: bench.names.cluster, service: bench.names.service("web") };
      const { serviceDeployments: all = [] } = await ecs.send(
        new ListServiceDeploymentsCommand(of),
      );
      const time = ({ createdAt }: (typeof all)[number]) => createdAt?.getTime() ?? 0;
      const { serviceDeployments: [found] = [] } = await ecs.send(
        new DescribeServiceDeploymentsCommand({
          serviceDeploymentArns: [
            all.toSorted((a, b) => time(b) - time(a))[0].serviceDeploymentArn ?? "",
          ],
        }),
      );
      return found;
    }

    /** The groups that the users' rule leads to, each of which must have healthy tasks. */
    async function served(): Promise<string[]> {
      const { elb } = bench.clients;
      const { loadBalancers = [] } = await bench.service();
      const { productionListenerRule } = loadBalancers[0].advancedConfiguration ?? {};
      const { Rules } = await elb.send(
        new DescribeRulesCommand({ RuleArns: [productionListenerRule ?? ""] }),
      );
      const groups = Rules?.[0].Actions?.[0].ForwardConfig?.TargetGroups ?? [];
      const led = groups.flatMap(({ TargetGroupArn = "", Weight = 0 }) =>
        Weight > 0 ? [TargetGroupArn] : [],
      );
      for (const TargetGroupArn of led) {
        const { TargetHealthDescriptions = [] } = await elb.send(
          new DescribeTargetHealthCommand({ TargetGroupArn }),
        );
        const states = TargetHealthDescriptions.map(({ TargetHealth }) => TargetHealth?.State);
        assert.ok(states.includes("healthy"), `${TargetGroupArn}: ${states.join()}`);
      }
      return led;
    }

    /** What the ledger says, the newest first. */
    async function told(): Promise<string[]> {
      const { records } = await bench.ledger.recent();
      return records.map(({ kind, release, status }) => `${kind} ${release.id} ${status}`);
    }

    /** Everybody who can be asked says the same of what runs, and nobody is at it or waits for anything. */
    async function quiet(release: Release, ...newestFirst: string[]): Promise<void> {
      assert.deepEqual((await told()).slice(0, newestFirst.length), newestFirst);
      assert.equal((await bench.ledger.recent()).lock, undefined);
      assert.equal((await readPointer(bench.clients.ssm, bench.names))?.id, release.id);
      assert.equal((await bench.running()).digest, release.images.web.digest);
      const { status = "", lifecycleHookDetails = [] } = await newest();
      assert.match(status, /^(ROLLBACK_)?SUCCESSFUL$/);
      assert.deepEqual(
        lifecycleHookDetails.filter((hook) => hook.status === "AWAITING_ACTION"),
        [],
      );
      assert.equal((await served()).length, 1);
      assert.deepEqual(await bench.state.locks(), []);
      const { checkpoint } = (await bench.state.read()) as {
        readonly checkpoint: { latest: StackState["deployment"] };
      };
      assert.deepEqual(checkpoint.latest.pending_operations ?? [], []);
      await emptyPreview(await bench.stack(), log);
    }

    it("at each step until it is held waits once, and no user meets it", async () => {
      ended(await deploy(first));
      ended(await conclude(first, true));
      const before = await served();
      await killed(
        (more) => deploy(second, more),
        ["deploy: lock:"],
        ["deploy: pointer:", "SIGTERM"],
        ["deploy: update: replaced aws:ecs:TaskDefinition"],
      );
      // It would bring what nobody has verified.
      await (await bench.stack()).cancel();
      const { code, stdout, stderr } = await bench.up();
      assert.notEqual(code, 0);
      assert.match(stdout + stderr, /the release that .* shall run is not verified/);
      await killed(
        (more) => deploy(second, more),
        ["deploy: update: updated aws:ecs:Service"],
        ["deploy: steady state ...", "SIGTERM"],
        ["deploy: record ..."],
      );
      ended(await deploy(second));
      assert.match((await deploy(second)).stderr, /is held already, as deployment 2/);
      assert.deepEqual(await told(), [`deploy ${second.id} held`, `deploy ${first.id} verified`]);
      assert.equal((await bench.ledger.recent()).lock?.owner, ownerOf(second));
      assert.equal((await newest()).lifecycleStage, "POST_TEST_TRAFFIC_SHIFT");
      assert.deepEqual(await served(), before);
    });

    it("while requests go over, in its bake and before its end is told is verified, once", async () => {
      await timeStands();
      await killed(
        (more) => conclude(second, true, more),
        ["conclude: guards ..."],
        [/it was told to go on/, "SIGTERM"],
        [/PRODUCTION_TRAFFIC_SHIFT/],
      );
      assert.equal((await served()).length, 2, "a share of the requests has gone over");
      await control({ minutes: 5 });
      await killed((more) => conclude(second, true, more), [/BAKE_TIME/]);
      await timePasses();
      await killed((more) => conclude(second, true, more), ["conclude: record ...", "SIGTERM"]);
      ended(await conclude(second, true));
      await quiet(second, `deploy ${second.id} verified`, `deploy ${first.id} verified`);
    });

    it("while a person changes settings is changed by the next run, and nothing waits", async () => {
      const config = { "gantry:services": { web: { ...web, cpu: 512, memoryMiB: 1024 } } };
      const stack = await bench.stack(config);
      await timeStands();
      const { serviceDeploymentArn: before } = await newest();
      const begun = async () => {
        while ((await newest()).serviceDeploymentArn === before) await pause();
      };
      const { code } = await bench.up({ killWhen: begun() });
      assert.equal(code, undefined);
      assert.equal((await newest()).status, "IN_PROGRESS");
      await stack.cancel();
      await timePasses();
      ended(await bench.up());
      await quiet(second, `deploy ${second.id} verified`, `deploy ${first.id} verified`);
    });

    it("while it is taken back is taken back, once, and no user met it", async () => {
      const before = await served();
      ended(await deploy(third));
      await killed(
        (more) => conclude(third, false, more),
        [/^conclude: rollback: web: goes back/],
        [/^conclude: rollback: updated aws:ecs:Service/, "SIGTERM"],
        ["conclude: steady state ..."],
      );
      ended(await conclude(third, false), 1);
      assert.deepEqual(await served(), before);
      await quiet(second, `deploy ${third.id} failed`, `deploy ${second.id} verified`);
    });

    it("while a person goes back from it has one end, whoever is first", async () => {
      const fourth = await bench.release(4);
      ended(await deploy(fourth));
      await killed(rollback, ["rollback: lock:"], [/^rollback: update: updated aws:ecs:Service/]);
      // Who let it go on before it was taken over has nothing to conclude.
      const [again, concluded] = await Promise.all([rollback(), conclude(fourth, true)]);
      ended(again);
      ended(concluded, 1);
      await quiet(
        second,
        `rollback ${second.id} deployed`,
        `deploy ${fourth.id} failed`,
        `deploy ${third.id} failed`,
      );
    });

    it("of two at once one is held, and the other refused", async () => {
      ended(await bench.gantry(["resume", "--yes"]));
      const [fifth, sixth] = [await bench.release(5), await bench.release(6)];
      const both = await Promise.all([deploy(fifth), deploy(sixth)]);
      assert.deepEqual(
        both.map(({ code }) => code).sort(),
        [0, 1],
        both[0].stderr + both[1].stderr,
      );
      const held = both[0].code === 0 ? fifth : sixth;
      const concluded = await Promise.all([conclude(held, true), conclude(held, true)]);
      ended(await conclude(held, true));
      assert.ok(concluded.some(({ code }) => code === 0));
      await quiet(held, `deploy ${held.id} verified`, `rollback ${second.id} deployed`);
    });

    it("in the shift of a rollback comes to what was gone back to", async () => {
      await timeStands();
      await killed(rollback, [/PRODUCTION_TRAFFIC_SHIFT/, "SIGTERM"]);
      await control({ minutes: 5 });
      await killed(rollback, [/BAKE_TIME/]);
      await timePasses();
      ended(await rollback());
      await quiet(second, `rollback ${second.id} deployed`);
    });
  },
);
