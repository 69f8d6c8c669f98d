import assert from "node:assert/strict";
import { DescribeServicesCommand, ECSClient } from "@aws-sdk/client-ecs";
import {
  DescribeListenersCommand,
  DescribeLoadBalancersCommand,
  DescribeRulesCommand,
  DescribeTargetGroupAttributesCommand,
  DescribeTargetGroupsCommand,
  ElasticLoadBalancingV2Client,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import { CreateHostedZoneCommand, Route53Client } from "@aws-sdk/client-route-53";
import {
  beginMaintenance,
  defaultPage,
  endMaintenance,
  maintenanceOf,
} from "../../../delivery/maintenance";
import { readTarget } from "../../../delivery/target";
import { decide } from "../../../rehearsal/loadBalancer/rules";
import { destroy, emptyPreview } from "../../../rehearsal/update";
import type { StackConfig } from "../../../rehearsal/stackFile";
import { buildOnEachOther, log, startBench, type Bench } from "../support";
import { RunningEnvironment } from "./environment";

const deployment = { strategy: "rolling" };
const web = { build: "app", port: 3000, scaling: { min: 2, max: 4 }, deployment };

describe("routes of a running service", function () {
  buildOnEachOther();
  let bench: Bench;
  let elb: ElasticLoadBalancingV2Client;
  let environment: RunningEnvironment;

  const config = (route: object): StackConfig => ({
    "gantry:loadBalancer": { domain: { name: "shop.example.com", zone: "example.com" } },
    "gantry:protection": false,
    "gantry:posture": {
      // The sample's own file says that it has no domain.
      relaxed: { "loadBalancer.domain": undefined, protection: "it is torn down" },
    },
    "gantry:services": { web: { ...web, route } },
  });

  /** Gives the service another route, and fails where any of these paths would go unanswered on the way. */
  const changes = async (route: object, ...paths: readonly string[]) => {
    await environment.watch(...paths);
    environment.config = config(route);
    await environment.up();
    assert.deepEqual(await environment.lost(), []);
    await emptyPreview(await environment.stack(), log);
  };

  const rules = async () => {
    const { LoadBalancers = [] } = await elb.send(new DescribeLoadBalancersCommand({}));
    const { Listeners = [] } = await elb.send(
      new DescribeListenersCommand({ LoadBalancerArn: LoadBalancers[0].LoadBalancerArn }),
    );
    const { ListenerArn } = Listeners.find(({ Protocol }) => Protocol === "HTTPS") ?? {};
    const { Rules = [] } = await elb.send(new DescribeRulesCommand({ ListenerArn }));
    return Rules;
  };

  /** What the load balancer does with a request. */
  const answer = async (path: string) => {
    const asked = { method: "GET", host: "shop.example.com", path, rawQuery: "" };
    const request = { ...asked, headers: {}, query: [], sourceIp: "203.0.113.7" };
    return decide(await rules(), request, { protocol: "HTTPS", port: 443 });
  };

  /** What the listener rules that lead to the service match. */
  const ruled = async () => {
    const paths = (await rules()).flatMap(({ Conditions = [] }) =>
      Conditions.flatMap(({ PathPatternConfig }) =>
        PathPatternConfig ? [[...(PathPatternConfig.Values ?? [])].sort()] : [],
      ),
    );
    return paths.sort(([one], [other]) => one.localeCompare(other));
  };

  const targetGroup = async () => {
    const { TargetGroups = [] } = await elb.send(new DescribeTargetGroupsCommand({}));
    assert.equal(TargetGroups.length, 1);
    return TargetGroups[0];
  };

  const stickiness = async () => {
    const { TargetGroupArn } = await targetGroup();
    const { Attributes = [] } = await elb.send(
      new DescribeTargetGroupAttributesCommand({ TargetGroupArn }),
    );
    const of = (key: string) => Attributes.find(({ Key }) => Key === `stickiness.${key}`)?.Value;
    return { enabled: of("enabled"), type: of("type"), seconds: of("lb_cookie.duration_seconds") };
  };

  /** Each look brings a deployment a step further. */
  const tasks = async () => {
    const { cluster } = environment.names;
    const { services = [] } = await new ECSClient(bench.client).send(
      new DescribeServicesCommand({ cluster, services: [environment.names.service("web")] }),
    );
    const [{ runningCount, deployments = [] }] = services;
    return {
      running: runningCount,
      deployments: deployments.map(({ rolloutState }) => rolloutState),
    };
  };

  before(async () => {
    bench = await startBench();
    elb = new ElasticLoadBalancingV2Client(bench.client);
    await new Route53Client(bench.client).send(
      new CreateHostedZoneCommand({ Name: "example.com", CallerReference: "routes" }),
    );
    environment = new RunningEnvironment(bench, config({ sticky: 600 }));
    await environment.up();
    await environment.release("web");
    await environment.up();
  });

  after(() => bench?.stop());

  it("are sticky for as long as they say, and then no more", async () => {
    const group = await targetGroup();
    const type = "lb_cookie";
    assert.deepEqual(await stickiness(), { enabled: "true", type, seconds: "600" });
    await changes({ sticky: 86_400 }, "/");
    assert.deepEqual(await stickiness(), { enabled: "true", type, seconds: "86400" });
    await changes({}, "/");
    assert.equal((await stickiness()).enabled, "false");
    assert.equal((await targetGroup()).TargetGroupArn, group.TargetGroupArn);
  });

  it("take more paths than a listener rule does, and fewer again", async () => {
    const first = ["/a/*", "/b/*", "/c/*", "/d/*"];
    await changes({ paths: first }, "/a/1");
    await changes({ paths: ["/0/*", ...first, "/e/*"] }, "/a/1", "/d/1");
    assert.deepEqual(await ruled(), [["/0/*", "/a/*", "/b/*", "/c/*", "/d/*"], ["/e/*"]]);
    await changes({ paths: ["/d/*", "/e/*"] }, "/d/1", "/e/1");
    assert.deepEqual(await ruled(), [["/d/*", "/e/*"]]);
    await changes({}, "/d/1");
  });

  it("speak HTTP/2 to tasks that come late, while those before answer by HTTP/1.1", async () => {
    const before = await targetGroup();
    await environment.slowStart("web");
    await changes({ protocol: "http2" }, "/");
    const { ProtocolVersion, TargetGroupArn } = await targetGroup();
    assert.equal(ProtocolVersion, "HTTP2");
    assert.notEqual(TargetGroupArn, before.TargetGroupArn);
    assert.deepEqual(await tasks(), { running: 2, deployments: ["COMPLETED"] });
  });

  it("speak gRPC, and ask for health by it", async () => {
    await changes({ protocol: "grpc" }, "/");
    const { HealthCheckPath, Matcher, ProtocolVersion } = await targetGroup();
    assert.equal(ProtocolVersion, "GRPC");
    assert.deepEqual([HealthCheckPath, Matcher?.GrpcCode], ["/grpc.health.v1.Health/Check", "0"]);
    await changes({}, "/");
    assert.equal((await targetGroup()).ProtocolVersion, "HTTP1");
  });

  it("lead to a maintenance page for a while, which updates leave alone", async () => {
    const target = await readTarget(bench.workspace.folder, "production", bench.workspace.env);
    const clients = { elb, ecs: new ECSClient(bench.client) };
    const since = { page: defaultPage, by: "ada", now: new Date("2026-01-31T22:00:00Z") };
    const begun = await beginMaintenance({ target, clients, ...since });
    const page = { kind: "answer", status: 503, ...defaultPage };
    assert.deepEqual(await answer("/a/1"), page);
    await environment.up();
    await emptyPreview(await environment.stack(), log);
    assert.deepEqual(await answer("/a/1"), page);
    assert.deepEqual(await maintenanceOf({ target, clients }), begun);
    assert.deepEqual(await endMaintenance({ target, clients }), begun);
    assert.equal((await answer("/a/1")).kind, "forward");
  });

  it("go with the environment", async () => {
    await environment.up();
    assert.deepEqual(Object.keys((await destroy(await environment.stack(), log)).changes), [
      "delete",
    ]);
  });
});
