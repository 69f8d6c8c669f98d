import assert from "node:assert/strict";
import type { Notification } from "../../contract/notification";
import { chatMessage, mailSubject, mailText, topicMessage } from "../../contract/notificationTexts";
import type { Emulator } from "../../rehearsal/emulator";
import { readMessages } from "../../rehearsal/messages";
import { renderPage } from "../../rehearsal/page";
import { delivered } from "./reportFixture";

const told: Notification = {
  ...{ kind: "failed", product: "shop", stack: "staging", at: "2026-11-30T12:00:00.000Z" },
  what: "release 1 failed",
  nextSteps: ["gantry status --stack staging"],
};
const topic = (name: string) => `arn:aws:sns:eu-west-1:123456789012:${name}`;
const at = "2026-11-30T12:00:01.000Z";
const subscriptions = [
  { protocol: "email", endpoint: "ops@example.com" },
  { protocol: "https", endpoint: "https://global.sns-api.chatbot.amazonaws.com" },
];

function emulatorWith(...messages: readonly object[]): Pick<Emulator, "control"> {
  const control = (name: string) => {
    assert.equal(name, "messages");
    return Promise.resolve({ cursor: messages.length, messages });
  };
  return { control: control as Emulator["control"] };
}

describe("what people were told in a rehearsal", () => {
  it("is each mail with its subject and who gets it, and what a chat would show", async () => {
    const published = {
      ...{ at, topic: topic("shop--staging--notifications"), subscriptions },
      ...{ subject: mailSubject(told), texts: JSON.parse(topicMessage(told)) as object },
    };
    const { title, description } = chatMessage(told).content;
    assert.deepEqual(await readMessages(emulatorWith(published), "shop"), [
      {
        ...{ at, stack: "staging", subject: mailSubject(told), mail: mailText(told) },
        chat: `${title}\n${description}\n1. gantry status --stack staging`,
        to: ["ops@example.com"],
      },
    ]);
  });

  it("is the line that EventBridge sends to all", async () => {
    const published = {
      ...{ at, topic: topic("shop--production--notifications"), subscriptions: [] },
      ...{ subject: null, texts: { default: '"shop production: a line"' } },
    };
    assert.deepEqual(await readMessages(emulatorWith(published), "shop"), [
      { at, stack: "production", mail: '"shop production: a line"', to: [] },
    ]);
  });

  it("is nothing that services publish to topics of their own", async () => {
    const published = {
      ...{ at, topic: topic("shop--staging--web--orders"), subscriptions: [] },
      ...{ subject: null, texts: { default: "an order" } },
    };
    assert.deepEqual(await readMessages(emulatorWith(published), "shop"), []);
  });

  it("is on the page, message by message, as text", () => {
    const page = renderPage(delivered);
    assert.match(
      page,
      /<h3>\[shop production\] Succeeded: [^<]*<\/h3>\n<p class="faint">.*to ops@/,
    );
    assert.match(page, /3f9c2a1b &lt;b&gt;feat&lt;\/b&gt;: the shop/);
    assert.match(page, /<h3>AWS Notification Message<\/h3>\n.*: nobody has a mail of it/);
    assert.doesNotMatch(renderPage({ ...delivered, messages: [] }), /What people were told/);
  });
});
