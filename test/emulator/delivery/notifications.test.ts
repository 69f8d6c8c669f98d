import assert from "node:assert/strict";
import { connectionTo } from "../../../rehearsal/runner/connection";
import { recordExecution } from "../../../rehearsal/runner/record";
import type { PipelineRun } from "../../../rehearsal/runner/run";
import { buildOnEachOther } from "../support";
import { StackBench } from "./stackBench";
import { region } from "./support";

const web = { build: "app", port: 3000, healthCheck: { path: "/health" } };

/** There is no SDK for SNS and SQS among the packages; both answer in XML. */
async function ask(
  url: string,
  service: "sns" | "sqs",
  parameters: Readonly<Record<string, string>>,
): Promise<(element: string) => string[]> {
  const version = { sns: "2010-03-31", sqs: "2012-11-05" }[service];
  const response = await fetch(url, {
    method: "POST",
    headers: {
      "content-type": "application/x-www-form-urlencoded",
      authorization: `AWS4-HMAC-SHA256 Credential=test/20260101/${region}/${service}/aws4_request, SignedHeaders=host, Signature=0`,
    },
    body: new URLSearchParams({ Version: version, ...parameters }),
  });
  const text = await response.text();
  assert.ok(response.ok, text);
  return (element) =>
    [...text.matchAll(new RegExp(`<${element}>([^<]*)</${element}>`, "g"))].map(
      ([, value]) => value,
    );
}

describe("notifications of a pipeline on the emulator", function () {
  buildOnEachOther();
  let bench: StackBench;
  let queue: string;

  before(async () => {
    bench = await StackBench.start(
      { web },
      { stack: "production", config: { "gantry:pipeline": { notify: ["ops@example.com"] } } },
    );
    const { url } = bench.bench.emulator;
    const [topic] = (await ask(url, "sns", { Action: "ListTopics" }))("TopicArn");
    const made = await ask(url, "sqs", { Action: "CreateQueue", QueueName: "mail" });
    [queue] = made("QueueUrl");
    const account = topic.split(":")[4];
    await ask(url, "sns", {
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
    const { url } = bench.bench.emulator;
    const answer = await ask(url, "sqs", {
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
