import assert from "node:assert/strict";
import { DescribeTasksCommand } from "@aws-sdk/client-ecs";
import { GetLogEventsCommand } from "@aws-sdk/client-cloudwatch-logs";
import {
  DescribeExecutionCommand,
  GetExecutionHistoryCommand,
  StartExecutionCommand,
} from "@aws-sdk/client-sfn";
import { logQueryPage } from "../../contract/logQuery";
import { runJob, type RunJobOptions } from "../../delivery/runJob";
import { aTarget } from "./support/aTarget";
import { FakeClock } from "./support/fakeClock";

const target = aTarget({ services: { web: {}, report: { kind: "job" } } });
const place = "arn:aws:states:eu-west-1:123456789012";
const stateMachineArn = `${place}:stateMachine:shop--staging--report`;
const executionArn = `${place}:execution:shop--staging--report:by-hand-1`;
const taskArn = (id: string) => `arn:aws:ecs:eu-west-1:123456789012:task/shop--staging/${id}`;

const started = "2026-01-31T11:00:00.000Z";
const stopped = "2026-01-31T11:30:00.000Z";
const logPage = logQueryPage({
  ...{ region: "eu-west-1", logGroupName: "/gantry/shop/staging/services/report" },
  ...{ from: started, to: stopped },
});

/** What AWS says at one look: the status, and the task of the newest attempt with its log until then. */
interface Look {
  readonly status: string;
  readonly task?: string;
  readonly log?: readonly string[];
  readonly cause?: string;
  readonly output?: string;
}

class FakeJob {
  readonly started: unknown[] = [];
  readonly printed: string[] = [];
  readonly told: string[] = [];
  private look = -1;

  constructor(
    private readonly looks: readonly Look[],
    private readonly exitCode?: number,
    private readonly sidecars: readonly { name: string; exitCode: number }[] = [],
  ) {}

  run(job = "report"): Promise<number> {
    const client = {
      send: (command: unknown) => Promise.resolve().then(() => this.answer(command)),
    };
    const clients = { sfn: client, sts: client, ecs: client, logs: client };
    return runJob({
      ...{ target, job, name: "by-hand-1", clock: new FakeClock() },
      clients: clients as unknown as RunJobOptions["clients"],
      print: (line) => this.printed.push(line),
      progress: (line) => this.told.push(line),
    });
  }

  private get now(): Look {
    return this.looks[Math.min(this.look, this.looks.length - 1)];
  }

  private answer(command: unknown): unknown {
    if (command instanceof StartExecutionCommand) {
      this.started.push(command.input);
      if (this.looks.length === 0) throw named("StateMachineDoesNotExist");
      return { executionArn };
    }
    if (command instanceof DescribeExecutionCommand) {
      this.look += 1;
      const { status, cause, output } = this.now;
      const dates = { startDate: new Date(started), stopDate: new Date(stopped) };
      return { status, cause, output, ...dates };
    }
    if (command instanceof GetExecutionHistoryCommand) return { events: this.events() };
    if (command instanceof GetLogEventsCommand) return this.log(command.input);
    if (command instanceof DescribeTasksCommand) {
      assert.deepEqual(command.input.tasks, [taskArn(this.now.task ?? "")]);
      const containers = [{ name: "app", exitCode: this.exitCode }, ...this.sidecars];
      return { tasks: [{ taskArn: taskArn(this.now.task ?? ""), containers }] };
    }
    return { Arn: "arn:aws:iam::123456789012:user/ada", Account: "123456789012" };
  }

  private events(): unknown[] {
    const { task } = this.now;
    if (task === undefined) return [{ type: "WaitStateEntered" }];
    const output = JSON.stringify({ Tasks: [{ TaskArn: taskArn(task) }] });
    return [{ type: "TaskSubmitted", taskSubmittedEventDetails: { output } }];
  }

  private log({ logGroupName, logStreamName = "", nextToken }: GetLogEventsCommand["input"]) {
    assert.equal(logGroupName, "/gantry/shop/staging/services/report");
    const [sidecar] = logStreamName.split("/");
    if (sidecar !== "app") return { events: [{ message: `from ${logStreamName}` }] };
    const task = logStreamName.replace("app/app/", "");
    const looks = this.looks.slice(0, this.look + 1).filter((look) => look.task === task);
    const lines = looks.at(-1)?.log;
    if (lines === undefined) throw named("ResourceNotFoundException");
    const from = Number(nextToken ?? 0);
    const events = lines.slice(from).map((message) => ({ message: `${message}\n` }));
    return { events, nextForwardToken: String(lines.length) };
  }
}

function named(name: string): Error {
  return Object.assign(new Error(name), { name });
}

describe("a job that is run by hand", () => {
  it("is started by its name, once, and its log is followed to the end", async () => {
    const job = new FakeJob([
      { status: "RUNNING" },
      { status: "RUNNING", task: "1" },
      { status: "RUNNING", task: "1", log: ["one"] },
      { status: "SUCCEEDED", task: "1", log: ["one", "two", "three"], output: "{}" },
    ]);
    assert.equal(await job.run(), 0);
    assert.deepEqual(job.started, [{ stateMachineArn, name: "by-hand-1", input: "{}" }]);
    assert.deepEqual(job.printed, ["one", "two", "three"]);
    assert.deepEqual(job.told, [
      `report: started ${executionArn}`,
      "report: task 1",
      "report: succeeded",
    ]);
  });

  it("has the exit code of its last attempt, whose log comes after that of the first", async () => {
    const failed = { status: "RUNNING", task: "1", log: ["first"] };
    const cause = "app: exit code 3; task 2";
    const job = new FakeJob([failed, { status: "FAILED", task: "2", log: ["second"], cause }], 3);
    assert.equal(await job.run(), 3);
    assert.deepEqual(job.printed, ["first", "second"]);
    assert.deepEqual(job.told.slice(-2), [
      `report: ${cause}`,
      `report: its log in CloudWatch: ${logPage}`,
    ]);
  });

  it("tells the log of a sidecar that failed in place of it", async () => {
    const cause = "proxy: exit code 1; task 1";
    const looks = [{ status: "FAILED", task: "1", log: ["waits"], cause }];
    const job = new FakeJob(looks, 143, [{ name: "proxy", exitCode: 1 }]);
    assert.equal(await job.run(), 143);
    assert.deepEqual(job.printed, ["waits"]);
    assert.deepEqual(job.told.slice(-4, -1), [
      `report: ${cause}`,
      "report: proxy: its last log lines (/gantry/shop/staging/services/report, proxy/proxy/1):",
      "report:   | from proxy/proxy/1",
    ]);
  });

  it("has failed where its task ended well but too late", async () => {
    assert.equal(await new FakeJob([{ status: "FAILED", task: "1", log: [] }], 0).run(), 1);
  });

  it("has failed where there was no task", async () => {
    const job = new FakeJob([{ status: "ABORTED" }]);
    assert.equal(await job.run(), 1);
    assert.equal(job.told.at(-1), "report: ended as ABORTED");
  });

  it("says that it was left out beside an earlier run", () => {
    const output = JSON.stringify({ skipped: "an earlier run is not over" });
    return assert.rejects(new FakeJob([{ status: "SUCCEEDED", output }]).run(), {
      message: /^this run of report was left out: an earlier run is not over\. Wait until/,
    });
  });

  it("is refused where there is no such job", async () => {
    const job = new FakeJob([]);
    await assert.rejects(job.run("web"), {
      message: "staging has no job web: its jobs are report. Nothing was started.",
    });
    assert.deepEqual(job.started, []);
  });

  it("is refused where it was not made", () =>
    assert.rejects(new FakeJob([]).run(), {
      message: /^the job report of staging was not made: .*shop--staging--report\. .*pulumi up/,
    }));

  it("prints no secret of what it logs, as of a key that comes line by line, and moves no cursor", async () => {
    const body = "MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQDu";
    const key = [`-----BEGIN ${"PRIVATE"} KEY-----`, body, "c2hvcnQ="];
    const log = [...key, `-----END ${"PRIVATE"} KEY-----`, "\u001b[2Jat postgres://a:hunter2@db"];
    const job = new FakeJob([
      // In the middle of the key it is asked what came.
      { status: "RUNNING", task: "0a1b", log: log.slice(0, 2) },
      { status: "SUCCEEDED", task: "0a1b", log },
    ]);
    assert.equal(await job.run(), 0);
    assert.deepEqual(job.printed, ["***", "***", "***", "***", "at ***"]);
  });
});
