import assert from "node:assert/strict";
import fc from "fast-check";
import { notificationKinds, type Notification } from "../../contract/notification";
import { logQueryLine } from "../../contract/logQuery";
import {
  chatMessage,
  mailLine,
  mailSubject,
  mailText,
  topicMessage,
  webhookMessage,
} from "../../contract/notificationTexts";

const failed: Notification = {
  ...{ kind: "failed", product: "shop", stack: "production", at: "2026-11-30T12:00:00.000Z" },
  what: "release 3f9c2a1b-17 failed",
  why: "deployment 12 of release 3f9c2a1b-17 failed: web is not steady",
  ...{ who: "codepipeline/shop--production", release: "3f9c2a1b-17", deployment: 12 },
  lines: [
    "web: Essential container in task exited; app: exit code 1",
    "  Error: no ```DATABASE_URL```",
  ],
  nextSteps: ["gantry status --stack production"],
  link: "https://eu-west-1.console.aws.amazon.com/codesuite/x",
};

describe("a notification", () => {
  it("is a mail that reads from top to bottom", () => {
    assert.equal(mailSubject(failed), "[shop production] FAILED: release 3f9c2a1b-17 failed");
    assert.equal(
      mailText(failed),
      `Release 3f9c2a1b-17 failed.

Why: deployment 12 of release 3f9c2a1b-17 failed: web is not steady

Environment: shop production
Release: 3f9c2a1b-17
Deployment: 12
Who: codepipeline/shop--production
When: 2026-11-30T12:00:00.000Z

The log says:
  web: Essential container in task exited; app: exit code 1
    Error: no \`\`\`DATABASE_URL\`\`\`

What to do:
  gantry status --stack production

See https://eu-west-1.console.aws.amazon.com/codesuite/x

Sent by Gantry for shop production (failed).`,
    );
  });

  it("is a chat message whose log is code, whatever stands in it", () => {
    const { content, metadata } = chatMessage(failed);
    assert.equal(content.title, ":x: FAILED: release 3f9c2a1b-17 failed (shop production)");
    assert.equal(content.description.split("```").length, 3);
    assert.match(content.description, /no '''DATABASE_URL'''\n```$/);
    assert.deepEqual(content.nextSteps, failed.nextSteps);
    assert.equal(metadata.threadId, "shop--production--3f9c2a1b-17");
  });

  it("has links to logs whole, outside of what a chat shows as code, as long as there is room", () => {
    const line = `web: ${logQueryLine("https://console.example.com/#logs")}`;
    const many = Array.from({ length: 200 }, () => "x".repeat(200));
    const told = { ...failed, lines: [...many, line] };
    const { description } = chatMessage(told).content;
    assert.match(
      description,
      /\nweb: its log in CloudWatch: https:\/\/console.example.com\/#logs\n```\nxxx/,
    );
    assert.equal(description.split("#logs").length, 2);
    assert.ok(description.length <= 3000);
    const long = chatMessage({ ...told, why: "y".repeat(2990) }).content.description;
    assert.doesNotMatch(long, /console.example.com/);
    assert.match(mailText({ ...failed, lines: [line] }), /\n {2}web: its log in CloudWatch: https/);
    assert.match(mailLine(told), /codesuite\/x web: its log in CloudWatch: https:\S+#logs$/);
  });

  it("is a line for EventBridge, and JSON with a version for webhooks", () => {
    assert.equal(
      mailLine(failed),
      "shop production: release 3f9c2a1b-17 failed: deployment 12 of release 3f9c2a1b-17 failed: web is not steady. https://eu-west-1.console.aws.amazon.com/codesuite/x",
    );
    assert.deepEqual(webhookMessage(failed), { version: "1", source: "gantry", ...failed });
  });

  it("is a message of SNS with a text for each kind of subscriber", () => {
    const message = JSON.parse(topicMessage(failed)) as Record<string, string>;
    assert.deepEqual(Object.keys(message), ["default", "email", "https"]);
    assert.equal(message.email, mailText(failed));
    assert.deepEqual(JSON.parse(message.https), chatMessage(failed));
    assert.deepEqual(JSON.parse(message.default), webhookMessage(failed));
  });

  it("keeps to the limits of SNS and of chats, whatever is in it", () => {
    const text = fc.string({ unit: "binary", maxLength: 4000 });
    const texts = fc.array(text, { maxLength: 80 });
    const told = fc.record({
      ...{ kind: fc.constantFrom(...notificationKinds), product: text, stack: text, at: text },
      ...{ what: text, why: text, who: text, lines: texts, commits: texts, nextSteps: texts },
    });
    fc.assert(
      fc.property(told, (given) => {
        assert.match(mailSubject(given), /^[\x20-\x7e]{1,99}$/);
        assert.ok(Buffer.byteLength(mailText(given)) < 128 * 1024);
        const { content } = chatMessage(given);
        assert.ok(content.description.length <= 3000);
        assert.ok(content.title.length <= 180);
        assert.ok((content.nextSteps ?? []).length <= 5);
      }),
      { numRuns: 40 },
    );
  });
});
