import assert from "node:assert/strict";
import { Notifications, type NotificationsArgs } from "../../components";
import { isAllowed, mayAssume, type PolicyDocument } from "../support/policies";
import { parsed, record, valueOf, type Recording } from "../support/record";
import { notifications } from "./notifications/support";

const topicArn = "arn:aws:sns:eu-west-1:123456789012:shop--staging--notifications";
const keyArn = "arn:aws:kms:eu-west-1:123456789012:key/01234567-89ab-cdef-0123-456789abcdef";
const types = {
  key: "aws:kms/key:Key",
  rule: "aws:cloudwatch/eventRule:EventRule",
  subscription: "aws:sns/topicSubscription:TopicSubscription",
  target: "aws:cloudwatch/eventTarget:EventTarget",
  topic: "aws:sns/topic:Topic",
  topicPolicy: "aws:sns/topicPolicy:TopicPolicy",
  slack: "aws:chatbot/slackChannelConfiguration:SlackChannelConfiguration",
  teams: "aws:chatbot/teamsChannelConfiguration:TeamsChannelConfiguration",
  role: "aws:iam/role:Role",
};

function made(more: Partial<NotificationsArgs> = {}): Promise<Recording<Notifications>> {
  return record(() => new Notifications("shop--staging", notifications(more)));
}

describe("Notifications", () => {
  it("reach everyone named, through a topic that is encrypted", async () => {
    const { all, one, value } = await made({ keyArn, emails: ["release@example.com"] });
    assert.deepEqual(one(types.topic).inputs, {
      name: "shop--staging--notifications",
      kmsMasterKeyId: keyArn,
    });
    assert.equal(await valueOf(value.topicArn), topicArn);
    assert.deepEqual(
      all(types.subscription).map(({ inputs }) => [inputs.topic, inputs.protocol, inputs.endpoint]),
      [[topicArn, "email", "release@example.com"]],
    );
    assert.deepEqual(all(types.key), []);
  });

  describe("who publishes", () => {
    const of = (sourceArn: string) => ({
      "aws:SourceArn": sourceArn,
      "aws:SourceAccount": sourceArn.split(":")[4],
    });
    const rule = "arn:aws:events:eu-west-1:123456789012:rule/shop--staging-failure-1a2b3c4";
    const alarm = "arn:aws:cloudwatch:eu-west-1:123456789012:alarm:shop--staging--web--errors";
    const budget = "arn:aws:budgets::123456789012:budget/shop";

    it("is a rule of the environment, an alarm or a budget of the account", async () => {
      const resource = parsed<PolicyDocument>((await made()).one(types.topicPolicy), "policy");
      const publish = (principal: string, context: Record<string, string>) =>
        isAllowed(
          {
            action: "sns:Publish",
            resource: topicArn,
            principal: `${principal}.amazonaws.com`,
            context,
          },
          { resource },
        );
      // As EventBridge really asks.
      assert.equal(publish("events", { "aws:SourceArn": rule }), true);
      assert.equal(publish("events", of(rule.replace("shop-", "ship-"))), false);
      assert.equal(publish("cloudwatch", of(alarm)), true);
      assert.equal(publish("budgets", of(budget)), true);
      for (const [service, arn] of [
        ["events", rule],
        ["cloudwatch", alarm],
        ["budgets", budget],
      ]) {
        assert.equal(publish(service, of(arn.replace("123456789012", "210987654321"))), false);
        assert.equal(publish(service, {}), false);
      }
      assert.equal(publish("lambda", of(rule)), false);
      assert.equal(publish("events", { ...of(rule), "aws:SecureTransport": "false" }), false);
    });

    it("may use the key that is made for it", async () => {
      const key = (await made()).one(types.key);
      const resource = parsed<PolicyDocument>(key, "policy");
      const use = (principal: string, action: string, context: Record<string, string> = {}) =>
        isAllowed(
          { action, resource: keyArn, principal: `${principal}.amazonaws.com`, context },
          { resource },
        );
      assert.equal(key.inputs.enableKeyRotation, true);
      // EventBridge says nothing of the rule to KMS.
      assert.equal(use("events", "kms:GenerateDataKey"), true);
      assert.equal(use("events", "kms:Decrypt"), true);
      assert.equal(use("cloudwatch", "kms:GenerateDataKey", of(alarm)), true);
      assert.equal(use("budgets", "kms:GenerateDataKey", of(budget)), true);
      assert.equal(
        use("budgets", "kms:GenerateDataKey", { "aws:SourceAccount": "210987654321" }),
        false,
      );
      assert.equal(use("events", "kms:Encrypt"), false);
      assert.equal(use("lambda", "kms:GenerateDataKey"), false);
    });
  });

  it("tell of jobs that failed, with the reason and where to look", async () => {
    const { one } = await made({ jobs: ["shop--staging--nightly"] });
    assert.deepEqual(parsed(one(types.rule, "shop--staging-jobFailure"), "eventPattern"), {
      source: ["gantry.jobs"],
      "detail-type": ["Job Failed"],
      detail: { job: ["shop--staging--nightly"] },
    });
    const { arn, inputTransformer } = one(types.target, "shop--staging-jobFailure").inputs as {
      arn: string;
      inputTransformer: { inputTemplate: string; inputPaths: object };
    };
    assert.equal(arn, topicArn);
    assert.equal(
      inputTransformer.inputTemplate,
      '"shop staging: the job <job> failed: <reason>. https://eu-west-1.console.aws.amazon.com/states/home?region=eu-west-1#/v2/executions/details/<arn> its log in CloudWatch: <log>"',
    );
    assert.deepEqual(inputTransformer.inputPaths, {
      ...{ job: "$.detail.job", reason: "$.detail.reason", arn: "$.detail.execution" },
      ...{ log: "$.detail.log", time: "$.time" },
    });
  });

  it("tell of all jobs, by as many rules as EventBridge takes their names in", async () => {
    const jobs = Array.from({ length: 49 }, (_, n) => `acme-shop--production--a-job-of-name-${n}`);
    const { all } = await made({ jobs });
    const patterns = all(types.rule).map(({ inputs }) => String(inputs.eventPattern));
    assert.equal(patterns.length, 2);
    assert.ok(patterns.every(({ length }) => length <= 2048));
    const told = patterns.flatMap(
      (text) => (JSON.parse(text) as { detail: { job: string[] } }).detail.job,
    );
    assert.deepEqual(told, jobs);
  });

  describe("chat channels", () => {
    const slack = { workspaceId: "T07EA123LEP", channelId: "C07EZ1ABC23" };

    it("of Slack and Teams are told by both topics, and may do nothing", async () => {
      const teams = {
        teamId: "01234567-89ab-cdef-0123-456789abcdef",
        tenantId: "11234567-89ab-cdef-0123-456789abcdef",
        channelId: "19%3A0123abcd%40thread.tacv2",
      };
      const { all, one } = await made({ slack, teams });
      for (const type of [types.slack, types.teams]) {
        const { snsTopicArns, guardrailPolicyArns } = one(type).inputs;
        assert.deepEqual(snsTopicArns, [topicArn, `${topicArn}-chat`]);
        assert.deepEqual(guardrailPolicyArns, ["arn:aws:iam::aws:policy/ReadOnlyAccess"]);
      }
      assert.equal(one(types.slack).inputs.slackTeamId, "T07EA123LEP");
      assert.deepEqual(
        all("aws:iam/rolePolicy:RolePolicy").concat(
          all("aws:iam/rolePolicyAttachment:RolePolicyAttachment"),
        ),
        [],
      );
      const trust = parsed<PolicyDocument>(one(types.role), "assumeRolePolicy");
      assert.equal(mayAssume(trust, "chatbot.amazonaws.com"), true);
      assert.equal(mayAssume(trust, "lambda.amazonaws.com"), false);
    });

    it("get events in the form that they take, by a topic of their own", async () => {
      const { one } = await made({ slack, jobs: ["shop--staging--nightly"] });
      const { arn, inputTransformer } = one(types.target, "shop--staging-jobFailure-chat")
        .inputs as { arn: string; inputTransformer: { inputTemplate: string } };
      assert.equal(arn, `${topicArn}-chat`);
      const { source, content } = JSON.parse(inputTransformer.inputTemplate) as {
        source: string;
        content: { title: string; description: string };
      };
      assert.equal(source, "custom");
      assert.equal(content.title, ":x: JOB FAILED: the job <job> failed (shop staging)");
      assert.match(content.description, /^<reason>\n/);
    });
  });
});
