import assert from "node:assert/strict";
import {
  CreateListenerCommand,
  CreateLoadBalancerCommand,
  CreateRuleCommand,
  CreateTargetGroupCommand,
  DescribeLoadBalancersCommand,
  DescribeRulesCommand,
  type RuleCondition,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import type { Clock } from "../../../delivery/clock";
import { waitForSteadyState, type SteadyStateOptions } from "../../../delivery/steadyState";
import { goBack } from "../../../delivery/steadyState/goBack";
import { servicesBack, servicesUnderWay } from "../../../delivery/steadyState/underWay";
import { describeServices } from "../../../delivery/deploy/ecs";
import { truthCheck } from "../../../delivery/truthCheck";
import { testRoutes } from "../../../delivery/verify/testRoute";
import type { ReleaseImage } from "../../../contract/manifest";
import type { Target } from "../../../delivery/target";
import {
  account,
  FakeClock,
  releaseOf,
  seedService,
  targetOf,
  updateService,
  type DeliveryBench,
} from "./support";
import { useBench } from "./useBench";

const header = { HttpHeaderName: "X-Gantry-Test", Values: ["0123456789abcdef"] };

describe("a deployment on the emulator that is held until it is verified (row 55)", function () {
  this.timeout(120_000);
  let bench: DeliveryBench;
  let target: Target;
  let clock: FakeClock;
  let groups: [string, string];
  let production: string;
  let image: ReleaseImage;
  let begun: Date;
  let lines: string[];

  useBench((started) => (bench = started));

  beforeEach(async () => {
    target = targetOf();
    clock = new FakeClock();
    lines = [];
    await createService();
    image = await deploy("bbbbbbbb");
  });

  /** A web service that runs a first image, with a rule for its users and one for whoever has the header. */
  async function createService() {
    const { elb } = bench.clients;
    const { vpcId, subnetIds } = await bench.network();
    const group = async (Name: string) => {
      const made = { Name, Protocol: "HTTP", Port: 3000, VpcId: vpcId, TargetType: "ip" } as const;
      const { TargetGroups } = await elb.send(new CreateTargetGroupCommand(made));
      return TargetGroups?.[0].TargetGroupArn ?? "";
    };
    groups = [await group("web"), await group("web-alternate")];
    const { LoadBalancers } = await elb.send(
      new CreateLoadBalancerCommand({ Name: "shop", Subnets: subnetIds.slice(0, 2) }),
    );
    const forward = {
      Type: "forward",
      ForwardConfig: {
        TargetGroups: groups.map((TargetGroupArn, index) => ({
          TargetGroupArn,
          Weight: 100 - 100 * index,
        })),
      },
    } as const;
    const { Listeners } = await elb.send(
      new CreateListenerCommand({
        ...{ LoadBalancerArn: LoadBalancers?.[0].LoadBalancerArn, Protocol: "HTTP", Port: 80 },
        DefaultActions: [{ Type: "fixed-response", FixedResponseConfig: { StatusCode: "404" } }],
      }),
    );
    const rule = async (Priority: number, condition: RuleCondition) => {
      const { Rules } = await elb.send(
        new CreateRuleCommand({
          ...{ ListenerArn: Listeners?.[0].ListenerArn, Priority, Actions: [forward] },
          Conditions: [condition],
        }),
      );
      return Rules?.[0].RuleArn ?? "";
    };
    production = await rule(20, { Field: "path-pattern", Values: ["/*"] });
    const test = await rule(10, { Field: "http-header", HttpHeaderConfig: header });
    const { image: first } = await seedService(bench, target, "aaaaaaaa", {
      loadBalancers: [
        {
          ...{ targetGroupArn: groups[0], containerName: "app", containerPort: 3000 },
          advancedConfiguration: {
            ...{ alternateTargetGroupArn: groups[1], productionListenerRule: production },
            ...{ testListenerRule: test, roleArn: `arn:aws:iam::${account}:role/shift` },
          },
        },
      ],
      deploymentConfiguration: {
        ...{ strategy: "BLUE_GREEN", bakeTimeInMinutes: 5 },
        lifecycleHooks: [
          {
            ...{ targetType: "PAUSE", lifecycleStages: ["POST_TEST_TRAFFIC_SHIFT"] },
            timeoutConfiguration: { timeoutInMinutes: 30, action: "ROLLBACK" },
          },
        ],
      },
    });
    await wait(first);
  }

  /** What `pulumi up` does of a release. */
  async function deploy(tag: string): Promise<ReleaseImage> {
    begun = new Date();
    return (await updateService(bench.clients, target, tag)).image;
  }

  const common = () => ({
    ...{ ecs: bench.clients.ecs, cluster: target.names.cluster, clock },
    progress: (line: string) => lines.push(line),
  });
  const named = () => ({ service: "web", ecsName: target.names.service("web") });
  const wait = ({ uri, digest }: ReleaseImage, more: Partial<SteadyStateOptions> = {}) =>
    waitForSteadyState({
      ...common(),
      services: [{ ...named(), expectedImage: `${uri}@${digest}` }],
      ...more,
    });
  const back = () => goBack({ ...common(), services: [named()], timeoutSeconds: 300 });
  const described = () => describeServices(bench.clients.ecs, target);
  const underWay = async () =>
    servicesUnderWay(bench.clients.ecs, target.names.cluster, await described());

  /** Requests of users to a group, all answered alike. */
  async function ask(targetGroup: string, count: number, status: number) {
    const { LoadBalancers } = await bench.clients.elb.send(new DescribeLoadBalancersCommand({}));
    const loadBalancer = LoadBalancers?.[0].LoadBalancerArn;
    const request = { loadBalancer, targetGroup, status, isConnected: true, seconds: 0.1 };
    const requests = Array.from({ length: count }, () => request);
    await bench.emulator.control("traffic/requests", { requests });
  }

  /** The weights of the users' rule, of which the two groups take turns. */
  async function weights(): Promise<string> {
    const { Rules } = await bench.clients.elb.send(
      new DescribeRulesCommand({ RuleArns: [production] }),
    );
    const found = Rules?.[0].Actions?.[0].ForwardConfig?.TargetGroups ?? [];
    return groups
      .map((arn) => found.find(({ TargetGroupArn }) => TargetGroupArn === arn)?.Weight ?? 0)
      .join(" ");
  }

  it("waits, and its new tasks are proven and reached while users meet the old ones", async () => {
    const before = await weights();
    const held = await wait(image, { held: "stop", since: begun });
    assert.deepEqual(
      held.map(({ service }) => service),
      ["web"],
    );
    assert.equal(await weights(), before);
    assert.match(
      lines.at(-1) ?? "",
      /POST_TEST_TRAFFIC_SHIFT, 0 % of the requests and 100 % of the test requests/,
    );
    const [{ text, held: told }] = await underWay();
    assert.match(
      text,
      /^BLUE_GREEN, IN_PROGRESS: POST_TEST_TRAFFIC_SHIFT.* waits for an answer until 20/,
    );
    assert.equal(told?.hookId, held[0].hookId);
    const truth = { ecs: bench.clients.ecs, target, release: releaseOf({ web: image }), clock };
    const newTasks = { web: held[0].taskDefinition };
    assert.deepEqual(await truthCheck({ ...truth, newTasks }), []);
    await assert.rejects(truthCheck(truth), /what runs is not release/, "the old ones serve");
    assert.deepEqual(await testRoutes({ ...bench.clients, target }, ["web"]), {
      web: { header: header.HttpHeaderName, value: header.Values[0] },
    });
  });

  it("goes on to its end, and what runs then is the release alone", async () => {
    const before = await weights();
    await wait(image, { held: "stop", since: begun });
    assert.deepEqual(await wait(image, { since: begun }), []);
    assert.notEqual(await weights(), before);
    assert.deepEqual(await underWay(), []);
    const release = releaseOf({ web: image });
    assert.deepEqual(await truthCheck({ ecs: bench.clients.ecs, target, release, clock }), []);
    assert.deepEqual(await testRoutes({ ...bench.clients, target }, ["web"]), {});
  });

  it("is gone back from, whether it waits or bakes", async () => {
    for (const [bakes, next] of [
      [false, "cccccccc"],
      [true, "dddddddd"],
    ] as const) {
      const before = await weights();
      await wait(image, { held: "stop", since: begun });
      if (bakes) {
        await bench.emulator.control("ecs/clock", { minuteSeconds: 3600 });
        await assert.rejects(wait(image, { since: begun, timeoutSeconds: 60 }), /BAKE|steady/);
        assert.notEqual(await weights(), before);
      }
      assert.deepEqual(await back(), ["web"]);
      assert.equal(await weights(), before);
      assert.deepEqual([await underWay(), await back()], [[], []]);
      const { ecs } = bench.clients;
      assert.deepEqual(await servicesBack(ecs, target.names.cluster, await described(), begun), [
        "web",
      ]);
      await bench.emulator.control("ecs/clock", { minuteSeconds: 0 });
      image = await deploy(next);
    }
  });

  it("by which users fare worse fails in its bake, with what they got of both", async () => {
    await wait(image, { held: "stop", since: begun });
    const before = await weights();
    const [old, fresh] = before === "100 0" ? groups : [...groups].reverse();
    await ask(old, 200, 200);
    await bench.emulator.control("ecs/clock", { minuteSeconds: 3600 });
    let slept = 0;
    const users: Clock = {
      now: () => new Date(Date.now() + slept),
      sleep: async (ms) => {
        slept += ms;
        if (slept === ms) await Promise.all([ask(fresh, 100, 200), ask(fresh, 40, 503)]);
      },
    };
    const { cloudwatch } = bench.clients;
    await assert.rejects(
      wait(image, { clock: users, since: begun, comparison: { cloudwatch }, timeoutSeconds: 120 }),
      /fail more often than the old ones: 40 of 140 requests failed \(28.6 %\), of the old ones' 0 of 200/,
    );
    assert.notEqual(await weights(), before);
    await back();
    assert.equal(await weights(), before);
  });

  it("that nobody answers in time goes back, and is never taken for a success", async () => {
    const before = await weights();
    await wait(image, { held: "stop", since: begun });
    await bench.emulator.control("ecs/clock", { minutes: 30 });
    await assert.rejects(
      wait(image, { since: begun }),
      /web: ECS goes back on its deployment: .*timed out/,
    );
    await back();
    assert.equal(await weights(), before);
  });

  it("whose tasks fail again and again is given up, and gone back from", async () => {
    await wait(image);
    const { cluster } = target.names;
    const failing = {
      cluster,
      service: target.names.service("web"),
      outcome: "fails",
      failedTasks: 1,
    };
    await bench.emulator.control("ecs/next-deployment", failing);
    const before = await weights();
    const worse = await deploy("dddddddd");
    await assert.rejects(
      wait(worse, { held: "stop", since: begun }),
      /web: \d+ tasks of .* failed/,
    );
    assert.deepEqual(await back(), ["web"]);
    assert.equal(await weights(), before);
  });
});
