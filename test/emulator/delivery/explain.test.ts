import assert from "node:assert/strict";
import {
  CreateLogGroupCommand,
  CreateLogStreamCommand,
  PutLogEventsCommand,
} from "@aws-sdk/client-cloudwatch-logs";
import { ListTasksCommand } from "@aws-sdk/client-ecs";
import {
  CreateListenerCommand,
  CreateLoadBalancerCommand,
  CreateTargetGroupCommand,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import { appContainer } from "../../../contract/containers";
import { systemClock } from "../../../delivery/clock";
import { explainFailure } from "../../../delivery/explain";
import type { Target } from "../../../delivery/target";
import { seedService, targetOf, updateService, type DeliveryBench } from "./support";
import { useBench } from "./useBench";

const longAgo = new Date(0);

describe("the explanation of a failure on the emulator", () => {
  let bench: DeliveryBench;
  let target: Target;

  useBench((started) => (bench = started));

  beforeEach(() => {
    target = targetOf();
  });

  const explain = (more: object = {}) =>
    explainFailure({
      clients: bench.clients,
      target,
      service: "web",
      since: longAgo,
      clock: systemClock,
      ...more,
    });
  const where = () => ({ cluster: target.names.cluster, service: target.names.service("web") });

  async function fail(outcome: object = {}): Promise<void> {
    await bench.emulator.control("ecs/next-deployment", {
      ...where(),
      outcome: "rollsBack",
      ...outcome,
    });
    await updateService(bench.clients, target, "bbbbbbbb");
  }

  async function stoppedTasks(): Promise<string[]> {
    const { taskArns = [] } = await bench.clients.ecs.send(
      new ListTasksCommand({
        cluster: target.names.cluster,
        serviceName: target.names.service("web"),
        desiredStatus: "STOPPED",
      }),
    );
    return taskArns.map((arn) => arn.split("/").at(-1) ?? arn);
  }

  async function log(taskId: string, messages: readonly string[]): Promise<void> {
    const place = {
      logGroupName: target.names.logGroup("web"),
      logStreamName: `${appContainer}/${appContainer}/${taskId}`,
    };
    await bench.clients.logs.send(new CreateLogStreamCommand(place));
    await bench.clients.logs.send(
      new PutLogEventsCommand({
        ...place,
        logEvents: messages.map((message, index) => ({
          message,
          timestamp: Date.now() - 1000 + index,
        })),
      }),
    );
  }

  const createLogGroup = () =>
    bench.clients.logs.send(
      new CreateLogGroupCommand({ logGroupName: target.names.logGroup("web") }),
    );

  async function targetGroup(): Promise<string> {
    const { vpcId, subnetIds } = await bench.network();
    const { TargetGroups = [] } = await bench.clients.elb.send(
      new CreateTargetGroupCommand({
        Name: "shop-staging-web",
        Protocol: "HTTP",
        Port: 3000,
        VpcId: vpcId,
        TargetType: "ip",
      }),
    );
    const [{ TargetGroupArn = "" }] = TargetGroups;
    // ECS wants a load balancer in front of it.
    const { LoadBalancers = [] } = await bench.clients.elb.send(
      new CreateLoadBalancerCommand({ Name: "shop-staging", Subnets: [...subnetIds] }),
    );
    await bench.clients.elb.send(
      new CreateListenerCommand({
        LoadBalancerArn: LoadBalancers[0].LoadBalancerArn,
        Protocol: "HTTP",
        Port: 80,
        DefaultActions: [{ Type: "forward", TargetGroupArn }],
      }),
    );
    return TargetGroupArn;
  }

  it("shows stop reason, exit code, the last twenty log lines and events (row 8)", async () => {
    await seedService(bench, target, "aaaaaaaa");
    await fail({ exitCode: 137, containerReason: "OutOfMemoryError: Container killed" });
    await createLogGroup();
    const lines = Array.from({ length: 30 }, (_, index) => `line ${index}`);
    for (const task of await stoppedTasks()) {
      await log(task, [...lines, "x".repeat(5000)]);
    }
    const text = await explain();
    assert.equal(
      text[0],
      "web: 3 tasks stopped: Essential container in task exited (EssentialContainerExited); app: exit code 137 " +
        "(killed: out of memory, or it did not mind SIGTERM), OutOfMemoryError: Container killed",
    );
    assert.match(
      text[1],
      /^web: task [0-9a-f-]{36}: its last log lines \(\/gantry\/shop\/staging\/services\/web, app\/app\/[0-9a-f-]{36}\):$/,
    );
    const tail = text.slice(2, 22);
    assert.equal(tail[0], "  | line 11");
    assert.equal(tail[18], "  | line 29");
    assert.match(tail[19], /^ {2}\| x{400}\.\.\.$/);
    assert.match(text.at(-1) ?? "", /^web: its log in CloudWatch: https:/);
    const events = text.slice(22);
    assert.ok(
      events.some((line) => /^web: \d\d:\d\d:\d\d .*deployment failed/.test(line)),
      events.join("\n"),
    );
    assert.ok(events.every((line) => line.startsWith("web: ")));
  });

  it("shows why targets are not healthy (row 9)", async () => {
    const targetGroupArn = await targetGroup();
    await seedService(bench, target, "aaaaaaaa", {
      loadBalancers: [{ targetGroupArn, containerName: appContainer, containerPort: 3000 }],
    });
    const description = "Health checks failed with these codes: [500]";
    const sick = { state: "unhealthy", reason: "Target.ResponseCodeMismatch", description };
    await bench.emulator.control("target-health", { targetGroup: targetGroupArn, ...sick });
    const text = await explain();
    assert.ok(
      text.includes("web: target group shop-staging-web: 0 of 2 targets are healthy"),
      text.join("\n"),
    );
    const shown = text.filter((line) => line.includes("Target.ResponseCodeMismatch"));
    assert.equal(shown.length, 2);
    assert.match(
      shown[0],
      /^ {2}[\d.]+:3000 is unhealthy \(Target.ResponseCodeMismatch: Health checks failed with these codes: \[500\]\)$/,
    );
    await bench.emulator.control("target-health", { targetGroup: targetGroupArn, state: null });
    assert.ok(
      (await explain()).includes("web: target group shop-staging-web: 2 of 2 targets are healthy"),
    );
  });

  it("counts tasks that a health check stopped, and not those that made room", async () => {
    await seedService(bench, target, "aaaaaaaa");
    await updateService(bench.clients, target, "bbbbbbbb");
    assert.equal((await stoppedTasks()).length, 2);
    assert.equal((await explain())[0], "web: no task failed");
    await bench.emulator.control("ecs/stop-tasks", {
      ...where(),
      count: 1,
      stopCode: "ServiceSchedulerInitiated",
      stoppedReason: "Task failed ELB health checks in (target-group shop)",
      exitCode: 0,
    });
    assert.equal(
      (await explain())[0],
      "web: a task stopped: Task failed ELB health checks in (target-group shop) (ServiceSchedulerInitiated)",
    );
  });

  it("says that a container which never started logged nothing (row 35)", async () => {
    await seedService(bench, target, "aaaaaaaa");
    await fail({
      stopCode: "TaskFailedToStart",
      stoppedReason: "RESOURCE:ENI: no free addresses",
      exitCode: null,
    });
    const text = await explain();
    assert.equal(
      text[0],
      "web: 3 tasks stopped: RESOURCE:ENI: no free addresses (TaskFailedToStart)",
    );
    assert.match(
      text[1],
      /^web: task [0-9a-f-]{36}: it logged nothing: .* has no stream app\/app\//,
    );
  });

  it("leaves out what happened before the deployment", async () => {
    await seedService(bench, target, "aaaaaaaa");
    await fail();
    const since = new Date(Date.now() + 60_000);
    assert.deepEqual((await explain({ since })).slice(0, -1), ["web: no task failed"]);
  });

  it("says what cannot be read, and shows the rest", async () => {
    await seedService(bench, target, "aaaaaaaa");
    await fail();
    const denied = { send: () => Promise.reject(new Error("not allowed")) };
    const { ecs, logs, elb } = bench.clients;
    const withoutLogs = await explain({ clients: { ecs, elb, logs: denied } });
    assert.match(withoutLogs[0], /^web: 3 tasks stopped/);
    assert.match(
      withoutLogs[1],
      /^web: task [0-9a-f-]{36}: its log could not be read: not allowed$/,
    );
    assert.ok(withoutLogs.some((line) => line.includes("deployment failed")));
    assert.deepEqual(await explain({ clients: { ecs: denied, logs, elb } }), [
      "web: the stopped tasks could not be read: not allowed",
      "web: the service could not be read: not allowed",
    ]);
  });

  it("says that a service is unknown", async () => {
    await seedService(bench, target, "aaaaaaaa");
    target = targetOf({ web: {}, jobs: { kind: "worker" } });
    const text = await explain({ service: "jobs" });
    assert.equal(
      text.at(-1),
      "jobs: the service could not be read: ECS does not know shop--staging--jobs",
    );
  });
});
