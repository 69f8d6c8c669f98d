import assert from "node:assert/strict";
import { parsed } from "../../support/record";
import { statementsOf, type PolicyDocument } from "../../support/policies";
import { pipeline, pipelineService, stagingArgs } from "./support";

const args = stagingArgs({
  services: {
    web: pipelineService("staging", "web"),
    report: pipelineService("staging", "report", { job: true }),
  },
});
const ruleArn = (part: string) =>
  `arn:aws:events:eu-west-1:123456789012:rule/shop-staging-${part}-1a2b3c4`;

describe("a pipeline with a job", () => {
  it("registers its task definitions and updates no service of its name", async () => {
    const { resources } = await pipeline(args);
    const documents = resources
      .filter(({ inputs }) => typeof inputs.policy === "string")
      .filter(({ name }) => name.includes("deploy"))
      .flatMap(({ inputs }) => statementsOf(JSON.parse(String(inputs.policy)) as PolicyDocument));
    const on = (action: string) =>
      documents
        .filter(({ Action, Effect }) => Effect === "Allow" && [Action].flat().includes(action))
        .flatMap(({ Resource = [] }) => [Resource].flat())
        .map(String);
    assert.deepEqual(
      [...new Set(on("ecs:UpdateService"))],
      ["arn:aws:ecs:eu-west-1:123456789012:service/shop-staging/shop-staging-web"],
    );
    assert.ok(
      on("ecs:RegisterTaskDefinition").includes(
        "arn:aws:ecs:eu-west-1:123456789012:task-definition/shop-staging-report:*",
      ),
    );
    assert.deepEqual(
      documents.filter(({ Action }) => JSON.stringify(Action).includes("states:")),
      [],
    );
  });

  it("tells of its failures, with the reason and where to look", async () => {
    const { one } = await pipeline(args);
    assert.deepEqual(
      parsed(one("aws:cloudwatch/eventRule:EventRule", "shop-staging-jobFailure"), "eventPattern"),
      {
        source: ["gantry.jobs"],
        "detail-type": ["Job Failed"],
        detail: { job: ["shop-staging-report"] },
      },
    );
    const { inputTransformer } = one(
      "aws:cloudwatch/eventTarget:EventTarget",
      "shop-staging-jobFailure",
    ).inputs as { inputTransformer: { inputTemplate: string; inputPaths: object } };
    assert.match(inputTransformer.inputTemplate, /^"The job <job> failed: <reason>\. .*<arn>"$/);
    assert.deepEqual(inputTransformer.inputPaths, {
      ...{ job: "$.detail.job", reason: "$.detail.reason", arn: "$.detail.execution" },
    });
    const policy = parsed<{ Statement: { Condition: unknown }[] }>(
      one("aws:sns/topicPolicy:TopicPolicy"),
      "policy",
    );
    assert.deepEqual(policy.Statement[0].Condition, {
      ArnEquals: { "aws:SourceArn": [ruleArn("failure"), ruleArn("jobFailure")] },
    });
  });
});

describe("a pipeline with many jobs", () => {
  it("tells of all their failures, by as many rules as EventBridge takes their names in", async () => {
    const names = Array.from({ length: 49 }, (_, index) => `a-job-with-a-name-${index}`);
    const services = Object.fromEntries(
      names.map((name) => [
        name,
        pipelineService("staging", name, {
          job: true,
          serviceName: `acme-shop--production--${name}`,
        }),
      ]),
    );
    const { all } = await pipeline(stagingArgs({ services }));
    const patterns = all("aws:cloudwatch/eventRule:EventRule")
      .filter(({ name }) => name.startsWith("shop-staging-jobFailure"))
      .map(({ inputs }) => String(inputs.eventPattern));
    assert.equal(patterns.length, 2);
    assert.ok(patterns.every(({ length }) => length <= 2048));
    const told = patterns.flatMap(
      (text) => (JSON.parse(text) as { detail: { job: string[] } }).detail.job,
    );
    assert.deepEqual(
      told,
      names.map((name) => `acme-shop--production--${name}`),
    );
    const topics = all("aws:cloudwatch/eventTarget:EventTarget").map(({ name }) => name);
    assert.ok(topics.includes("shop-staging-jobFailure2"));
  });
});

describe("a pipeline that knows of alarms", () => {
  it("tells of those that begin to fire, by their names", async () => {
    const { one } = await pipeline(stagingArgs({ alarms: ["shop--staging--*-deadLetters-*"] }));
    assert.deepEqual(
      parsed(one("aws:cloudwatch/eventRule:EventRule", "shop-staging-alarm"), "eventPattern"),
      {
        source: ["aws.cloudwatch"],
        "detail-type": ["CloudWatch Alarm State Change"],
        detail: {
          alarmName: [{ wildcard: "shop--staging--*-deadLetters-*" }],
          state: { value: ["ALARM"] },
        },
      },
    );
    const policy = parsed<{ Statement: { Condition: unknown }[] }>(
      one("aws:sns/topicPolicy:TopicPolicy"),
      "policy",
    );
    assert.deepEqual(policy.Statement[0].Condition, {
      ArnEquals: { "aws:SourceArn": [ruleArn("failure"), ruleArn("alarm")] },
    });
  });
});
