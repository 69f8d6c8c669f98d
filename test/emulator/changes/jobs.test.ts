import assert from "node:assert/strict";
import {
  DescribeServicesCommand,
  DescribeTaskDefinitionCommand,
  ECSClient,
} from "@aws-sdk/client-ecs";
import { CloudWatchLogsClient, DescribeLogGroupsCommand } from "@aws-sdk/client-cloudwatch-logs";
import { emptyPreview, emptyRefresh, destroy, up } from "../../../rehearsal/update";
import type { StackConfig } from "../../../rehearsal/stackFile";
import { buildOnEachOther, log, startBench, type Bench } from "../support";

const nightly = {
  ...{ kind: "job", schedule: "cron(0 3 * * ? *)", timezone: "Europe/Berlin" },
  ...{ timeoutMinutes: 30, retries: 2 },
};

describe("a job of an environment that runs", function () {
  buildOnEachOther();
  let bench: Bench;
  const stackName = "staging";
  const name = "gantry--staging--report";

  const stack = (services: object) =>
    bench.workspace.stack(stackName, { "gantry:services": services } satisfies StackConfig);
  const made = async (services: object) => {
    const { changes } = await up(await stack(services), log);
    await emptyPreview(await stack(services), log);
    return changes;
  };
  const exported = async () => {
    const state = await (await stack({ report: nightly })).exportStack();
    const { resources = [] } = state.deployment as {
      resources?: { type: string; urn: string; outputs?: Record<string, unknown> }[];
    };
    return (type: string) => resources.filter((resource) => resource.type === type);
  };
  const schedule = async () =>
    (await exported())("aws:scheduler/schedule:Schedule").map(({ outputs }) => [
      outputs?.scheduleExpression,
      outputs?.scheduleExpressionTimezone,
    ]);
  const logGroups = async () => {
    const { logGroups = [] } = await new CloudWatchLogsClient(bench.client).send(
      new DescribeLogGroupsCommand({
        logGroupNamePrefix: "/gantry/gantry/staging/services/report",
      }),
    );
    return logGroups.map(({ creationTime }) => creationTime);
  };
  const ecs = () => new ECSClient(bench.client);
  const isService = async () => {
    const { services = [] } = await ecs().send(
      new DescribeServicesCommand({ cluster: "gantry--staging", services: [name] }),
    );
    return services.some(({ status }) => status === "ACTIVE");
  };
  let logsMadeAt: (number | undefined)[];

  before(async () => {
    bench = await startBench();
  });

  after(() => bench?.stop());

  it("comes up with its schedule, beside a service", async () => {
    await made({ web: { build: "app" }, report: nightly });
    assert.deepEqual(await schedule(), [["cron(0 3 * * ? *)", "Europe/Berlin"]]);
    assert.equal(await isService(), false);
    const { taskDefinition } = await ecs().send(
      new DescribeTaskDefinitionCommand({ taskDefinition: name }),
    );
    assert.equal(taskDefinition?.containerDefinitions?.[0].command?.[0], "node");
    logsMadeAt = await logGroups();
    assert.equal(logsMadeAt.length, 1);
  });

  it("is as Pulumi says it is", async () => {
    await emptyRefresh(await stack({ web: { build: "app" }, report: nightly }), log);
  });

  it("takes another schedule, and other limits, by updates alone", async () => {
    const more = { schedule: "rate(1 hour)", timezone: undefined, timeoutMinutes: 5, retries: 0 };
    const changes = await made({ web: { build: "app" }, report: { ...nightly, ...more } });
    assert.deepEqual(Object.keys(changes).sort(), ["same", "update"]);
    assert.deepEqual(await schedule(), [["rate(1 hour)", "UTC"]]);
  });

  it("becomes a worker, which keeps its log", async () => {
    await made({ web: { build: "app" }, report: { kind: "worker" } });
    assert.equal(await isService(), true);
    assert.deepEqual(await logGroups(), logsMadeAt);
    assert.deepEqual(await schedule(), []);
  });

  it("becomes a job again, which is run by hand, with a session and more than one run at once", async () => {
    await made({ web: { build: "app" }, report: { kind: "job", overlap: true, exec: true } });
    assert.equal(await isService(), false);
    assert.deepEqual(await logGroups(), logsMadeAt);
    assert.deepEqual(await schedule(), []);
  });

  it("is removed", async () => {
    await made({ web: { build: "app" } });
    const { length } = (await exported())("aws:sfn/stateMachine:StateMachine");
    assert.equal(length, 0);
  });

  it("is destroyed with everything, and needs no service beside it", async () => {
    await made({ report: nightly });
    const { changes } = await destroy(await stack({ report: nightly }), log);
    assert.deepEqual(Object.keys(changes), ["delete"]);
  });
});
