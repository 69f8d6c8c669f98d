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
When: 2026-11-30 12:00:00 UTC

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

  it("has its end in a mail however long it is, and says what is missing before", () => {
    const lines = Array.from({ length: 900 }, (_, at) => `${at} ${"x".repeat(60)}`);
    const text = mailText({ ...failed, lines, commits: lines });
    assert.ok(text.length <= 20_000);
    assert.match(
      text,
      /Commits:\n {2}0 x+\n[^]*\n {2}\.\.\. and \d{3} lines more\n\nThe log says:\n {2}0 x/,
    );
    assert.match(
      text,
      /lines more\n\nWhat to do:\n {2}gantry status [^]*\n\nSee https:[^]*\(failed\)\.$/,
    );
  });

  it("calls its lines what they are", () => {
    assert.match(mailText({ ...failed, kind: "drift" }), /\nWhat differs:\n {2}web: /);
    assert.match(mailText({ ...failed, kind: "waitsForApproval" }), /\nGates:\n {2}web: /);
  });

  it("has no accents and no halves of signs in a subject", () => {
    const subject = mailSubject({ ...failed, what: "Zürich → Málaga… 🚀 done\nnow" });
    assert.equal(subject, "[shop production] FAILED: Zurich -> Malaga... ? done now");
    const emoji = { ...failed, what: "🚀".repeat(99) };
    for (const text of [chatMessage(emoji).content.title, chatMessage(emoji).metadata.summary]) {
      assert.equal(Buffer.from(text).toString(), text);
    }
  });

  const awkward = {
    ...failed,
    why: "<!channel> see <https://example.com|here> \u202Eereht",
    commits: ["3f9c2a1b <@U0123> *Take* `cards` _now_ @here (Ada)"],
    lines: [
      "\u001b[31merror\u001b[0m: List<String> \u0007",
      "\u001b]8;;https://example.com\u0007link",
    ],
  };

  it("calls nobody in a chat, and has no marks of those who wrote a commit", () => {
    const { https } = JSON.parse(topicMessage(awkward)) as Record<string, string>;
    const { title, description } = (JSON.parse(https) as ReturnType<typeof chatMessage>).content;
    assert.doesNotMatch(title + description, /[<>\u202e]/);
    assert.match(description, /^• `3f9c2a1b ‹@U0123› \*Take\* 'cards' _now_ @here \(Ada\)`$/m);
    assert.match(description, /\n```\nerror: List‹String› \nlink\n```$/);
  });

  it("has nothing in a mail that only a terminal shows", () => {
    const text = mailText(awkward);
    assert.match(text, /^Why: <!channel> see <https:\/\/example\.com\|here> ereht$/m);
    assert.match(text, /^ {2}error: List<String> $/m);
  });

  it("leaves what EventBridge puts something in as it is", () => {
    const told = { ...failed, at: "<time>", what: "the action <action> failed" };
    assert.match(mailText(told), /^When: <time>$/m);
    assert.match(chatMessage(told).content.title, /the action <action> failed/);
    assert.match(
      mailLine({ ...told, why: "of\nmany  lines" }),
      /<action> failed: of many lines\. /,
    );
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
