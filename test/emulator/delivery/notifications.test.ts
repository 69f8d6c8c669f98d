import assert from "node:assert/strict";
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
      { stack: "production", config: { "gantry:pipeline": { notify: ["ops@example.com"] } } },
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

  async function end(status: PipelineRun["status"], executionId: string): Promise<void> {
    const run: PipelineRun = {
      ...{ pipeline: bench.names.pipeline, executionId, trigger: "test", commit: "", status },
      ...{ startedAt: new Date().toISOString(), seconds: 1, stages: [], simulated: [] },
    };
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

  it("tell the topic of an execution that failed, past the policies of topic and key", async () => {
    await end("Failed", "10000000-0000-4000-8000-000000000000");
    const [message, ...more] = await heard();
    assert.deepEqual(more, []);
    assert.match(
      message,
      new RegExp(
        `The pipeline ${bench.names.pipeline} failed at \\d{4}-\\d\\d-\\d\\dT[\\d:]+Z\\. Execution 10000000-`,
      ),
    );
    const { denials } = await bench.bench.emulator.control<{ denials: unknown[] }>("denials");
    assert.deepEqual(denials, []);
  });

  it("do not tell of one that succeeded", async () => {
    await end("Succeeded", "20000000-0000-4000-8000-000000000000");
    assert.deepEqual(await heard(), []);
  });
});
