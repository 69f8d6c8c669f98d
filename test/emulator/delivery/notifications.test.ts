import assert from "node:assert/strict";
import { teller } from "../../../delivery/notify";
import { connectionTo } from "../../../rehearsal/runner/connection";
import { recordExecution } from "../../../rehearsal/runner/record";
import type { PipelineRun } from "../../../rehearsal/runner/run";
import { buildOnEachOther } from "../support";
import { StackBench } from "./stackBench";
import { query } from "../calls";
import { region } from "./support";

const web = { build: "app", port: 3000, healthCheck: { path: "/health" } };

describe("notifications of a pipeline on the emulator", function () {
  buildOnEachOther();
  let bench: StackBench;
  let queue: string;

  before(async () => {
    bench = await StackBench.start(
      { web },
      {
        stack: "production",
        config: { "gantry:pipeline": {}, "gantry:notify": { emails: ["ops@example.com"] } },
      },
    );
    const [topic] = (await query(bench.bench, "sns", { Action: "ListTopics" }))("TopicArn");
    const made = await query(bench.bench, "sqs", { Action: "CreateQueue", QueueName: "mail" });
    [queue] = made("QueueUrl");
    const account = topic.split(":")[4];
    await query(bench.bench, "sns", {
      ...{ Action: "Subscribe", TopicArn: topic, Protocol: "sqs" },
      Endpoint: `arn:aws:sqs:${region}:${account}:mail`,
    });
  });

  after(() => bench?.stop());

  /** Of an execution in which one action failed, or none. */
  async function end(executionId: string, failed?: string): Promise<void> {
    const startedAt = new Date().toISOString();
    const status = failed === undefined ? "Succeeded" : "Failed";
    const action = { name: failed, status, startedAt, seconds: 1, outputVariables: {} };
    const stages = [{ name: "Build", status, actions: [{ ...action, error: "exit status 1" }] }];
    const run = {
      ...{ pipeline: bench.names.pipeline, executionId, trigger: "test", commit: "", status },
      ...{ startedAt, seconds: 1, stages: failed === undefined ? [] : stages, simulated: [] },
    } as unknown as PipelineRun;
    await recordExecution(connectionTo(bench.bench.emulator), run, "InProgress");
    await recordExecution(connectionTo(bench.bench.emulator), run, status);
  }

  async function heard(): Promise<string[]> {
    const answer = await query(bench.bench, "sqs", {
      ...{ Action: "ReceiveMessage", QueueUrl: queue, MaxNumberOfMessages: "10" },
    });
    return answer("Body").map((body) => {
      const text = body.replaceAll("&quot;", '"').replaceAll("&lt;", "<").replaceAll("&amp;", "&");
      return (JSON.parse(text) as { readonly Message: string }).Message;
    });
  }

  it("tell the topic of an action that failed, past the policies of topic and key", async () => {
    await end("10000000-0000-4000-8000-000000000000", "Build-web");
    const [message, ...more] = await heard();
    assert.deepEqual(more, []);
    assert.match(message, /: the action Build-web failed: exit status 1\. https:.*10000000-/);
    const { denials } = await bench.bench.emulator.control<{ denials: unknown[] }>("denials");
    assert.deepEqual(denials, []);
  });

  it("tell nothing of one that succeeded, and nothing of an action that tells it itself", async () => {
    await end("20000000-0000-4000-8000-000000000000");
    await end("30000000-0000-4000-8000-000000000000", "Deploy");
    assert.deepEqual(await heard(), []);
  });

  it("have a text for each kind of subscriber where a command tells, past the policy of the key", async () => {
    const { clients, target } = bench;
    const log: string[] = [];
    const clock = { now: () => new Date() };
    const tell = teller({ clients, target, clock, log: (line) => log.push(line), env: {} });
    await tell({ kind: "rolledBack", what: "release 1 runs again" });
    assert.deepEqual(log, []);
    const [message] = await heard();
    const { kind, what, version } = JSON.parse(message) as Record<string, string>;
    assert.deepEqual([version, kind, what], ["1", "rolledBack", "release 1 runs again"]);
  });
});
