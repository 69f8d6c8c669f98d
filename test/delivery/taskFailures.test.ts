import assert from "node:assert/strict";
import type { PutItemCommand } from "@aws-sdk/client-dynamodb";
import { logQueryPage } from "../../contract/logQuery";
import { environmentNames } from "../../contract/names";
import { rememberTold } from "../../delivery/ledger/told";
import { taskFailures, type TaskFailuresOptions } from "../../delivery/taskFailures";
import type { LedgerView } from "../../delivery/ledger";
import { FakeClock } from "./support/fakeClock";

const names = environmentNames({ name: "shop", stack: "production" });
const serviceArn =
  "arn:aws:ecs:eu-west-1:123456789012:service/shop--production/shop--production--web";

/** The partition `told` of the table, with the one condition that is asked. */
class FakeTable {
  readonly items = new Map<string, number>();

  send({ input }: PutItemCommand): Promise<object> {
    const { Item: item = {}, ExpressionAttributeValues: values = {} } = input;
    assert.equal(item.pk.S, "told");
    const key = String(item.sk.S);
    const until = this.items.get(key);
    if (until !== undefined && until > Number(values[":now"].N)) {
      const refused = Object.assign(new Error("refused"), {
        name: "ConditionalCheckFailedException",
      });
      return Promise.reject(refused);
    }
    this.items.set(key, Number(item.until.N));
    return Promise.resolve({});
  }
}

function options(view: Partial<LedgerView> = {}): TaskFailuresOptions & { clock: FakeClock } {
  const task = {
    taskArn: "arn:aws:ecs:eu-west-1:123456789012:task/shop--production/0123abcd",
    stoppedAt: new Date(8.64e15),
    stopCode: "EssentialContainerExited",
    stoppedReason: "Essential container in task exited",
    containers: [{ name: "app", exitCode: 1 }],
  };
  const service = { serviceName: names.service("web"), events: [] };
  const ecs = {
    send: () => Promise.resolve({ taskArns: [task.taskArn], tasks: [task], services: [service] }),
  };
  const logs = { send: () => Promise.resolve({ events: [{ message: "out of memory" }] }) };
  return {
    clients: {
      dynamodb: new FakeTable(),
      ecs,
      logs,
      elb: {},
    } as unknown as TaskFailuresOptions["clients"],
    ledger: { recent: () => Promise.resolve({ records: [], ...view }) },
    ...{ names, region: "eu-west-1", stack: "production", serviceArn, clock: new FakeClock() },
    event: "SERVICE_TASK_START_IMPAIRED",
  };
}

function textOf(told: unknown): string {
  assert.ok(typeof told === "string");
  return told;
}

describe("tasks that fail while nothing is deployed", () => {
  it("are explained as a deployment would, with what to do", async () => {
    const told = await taskFailures(options());
    assert.ok(typeof told !== "string");
    assert.equal(told.what, "tasks of web fail");
    assert.match(String(told.why), /^its tasks start, and fail again and again/);
    assert.match((told.lines ?? []).join("\n"), /app: exit code 1[\s\S]*out of memory/);
    // ECS remembers tasks for an hour: of that hour is the log.
    const page = logQueryPage({
      ...{ region: "eu-west-1", logGroupName: "/gantry/shop/production/services/web" },
      ...{ from: "2026-01-31T11:00:00.000Z", to: "2026-01-31T12:00:00.000Z" },
    });
    assert.equal(told.lines?.at(-1), `web: its log in CloudWatch: ${page}`);
    assert.match(String(told.nextSteps?.[1]), /gantry rollback --stack production/);
  });

  it("are told once in six hours for each service", async () => {
    const given = options();
    assert.ok(typeof (await taskFailures(given)) !== "string");
    await given.clock.sleep(6 * 3_600_000 - 1000);
    assert.match(textOf(await taskFailures(given)), /^people were told of web/);
    await given.clock.sleep(1000);
    assert.ok(typeof (await taskFailures(given)) !== "string");
  });

  it("are left to a deployment that is under way", async () => {
    const lock = { number: 7, releaseId: "1", owner: "e", at: "2026-11-30T12:00:00Z" };
    const given = options({ lock });
    assert.equal(
      await taskFailures(given),
      "deployment 7 is under way, and tells of its own failures",
    );
  });

  it("are told while a deployment waits for days", async () => {
    const lock = { number: 7, releaseId: "1", owner: "e", at: "2026-11-30T12:00:00Z" };
    const records = [{ status: "held", release: { id: "1" } }];
    const told = await taskFailures(options({ lock, records } as unknown as LedgerView));
    assert.ok(typeof told !== "string");
  });

  it("of another environment's service are nothing of this one's", async () => {
    const told = await taskFailures({ ...options(), serviceArn: `${serviceArn.slice(0, -20)}x` });
    assert.match(textOf(told), /is no service of production/);
  });

  it("fail the command where the ledger cannot be written", async () => {
    const dynamodb = { send: () => Promise.reject(new Error("denied")) };
    await assert.rejects(rememberTold(dynamodb as never, "t", "x", new Date(0), 1), /denied/);
  });
});
