import assert from "node:assert/strict";
import { CloudWatchClient, GetMetricDataCommand } from "@aws-sdk/client-cloudwatch";
import {
  CreateListenerCommand,
  CreateLoadBalancerCommand,
  CreateTargetGroupCommand,
  ElasticLoadBalancingV2Client,
  RegisterTargetsCommand,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import { LoadBalancers } from "../../../rehearsal/loadBalancer/loadBalancers";
import { defaultVpc } from "../../support/defaultVpc";
import { Account } from "../runner/support";
import { Program } from "./program";

describe("what CloudWatch knows of an emulator's load balancer", function () {
  this.timeout(60_000);
  let account: Account;
  let program: Program;
  let loadBalancer = "";
  let targetGroup = "";

  before(async () => {
    account = await Account.start();
    const elb = new ElasticLoadBalancingV2Client(account.connection.root);
    const { vpcId, subnets } = await defaultVpc(account.emulator.url);
    const made = await elb.send(
      new CreateLoadBalancerCommand({ Name: "shop--staging", Subnets: subnets }),
    );
    loadBalancer = made.LoadBalancers?.[0]?.LoadBalancerArn ?? "";
    const group = { Name: "web", Protocol: "HTTP", Port: 3000, TargetType: "ip" } as const;
    const { TargetGroups } = await elb.send(
      new CreateTargetGroupCommand({ ...group, VpcId: vpcId }),
    );
    targetGroup = TargetGroups?.[0]?.TargetGroupArn ?? "";
    await elb.send(
      new RegisterTargetsCommand({ TargetGroupArn: targetGroup, Targets: [{ Id: "10.0.0.4" }] }),
    );
    await elb.send(
      new CreateListenerCommand({
        ...{ LoadBalancerArn: loadBalancer, Port: 80, Protocol: "HTTP" },
        DefaultActions: [{ Type: "forward", TargetGroupArn: targetGroup }],
      }),
    );
    program = await Program.start("web");
  });

  after(() => {
    program?.stop();
    account?.stop();
  });

  /** The status of an answer where the target's program is at a URL. */
  async function ask(url: string): Promise<number> {
    const loadBalancers = new LoadBalancers(account.connection, () => Promise.resolve(url));
    try {
      const door = await loadBalancers.doorOf("http://shop.example.com", targetGroup);
      return (await fetch(`http://127.0.0.1:${await loadBalancers.open(door, 0)}`)).status;
    } finally {
      await loadBalancers.close();
    }
  }

  async function told(): Promise<Record<string, number | undefined>> {
    const Dimensions = [
      { Name: "TargetGroup", Value: targetGroup.split(":").at(-1) },
      { Name: "LoadBalancer", Value: loadBalancer.split(":loadbalancer/")[1] },
    ];
    const query = (Id: string, MetricName: string, Stat: string) => {
      const Metric = { Namespace: "AWS/ApplicationELB", MetricName, Dimensions };
      return { Id, MetricStat: { Metric, Period: 7200, Stat } };
    };
    const { MetricDataResults: results = [] } = await new CloudWatchClient(
      account.connection.root,
    ).send(
      new GetMetricDataCommand({
        StartTime: new Date(Date.now() - 3_600_000),
        EndTime: new Date(Date.now() + 60_000),
        MetricDataQueries: [
          query("requests", "RequestCount", "Sum"),
          query("errors", "HTTPCode_Target_5XX_Count", "Sum"),
          query("unconnected", "TargetConnectionErrorCount", "Sum"),
          query("slowest", "TargetResponseTime", "p99"),
        ],
      }),
    );
    return Object.fromEntries(
      results.map(({ Id = "", Values = [] }) => [Id, Values.at(0)] as const),
    );
  }

  it("is each request by its target group: errors, times, and what reached no program", async () => {
    program.pause = new Promise((resolve) => setTimeout(resolve, 1_200));
    assert.equal(await ask(program.url), 200);
    program.status = 503;
    assert.equal(await ask(program.url), 503);
    assert.equal(await ask("http://127.0.0.1:9"), 502);
    const expected = { requests: 3, errors: 1, unconnected: 1 };
    for (let look = 0; look < 100 && (await told()).requests !== expected.requests; look += 1) {
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    const { slowest = 0, ...others } = await told();
    assert.deepEqual(others, expected);
    assert.ok(slowest >= 1 && slowest < 10, `${slowest} s`);
  });
});
