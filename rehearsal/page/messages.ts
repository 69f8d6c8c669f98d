import { escape, join, printed, time } from "../../delivery/page/html";
import type { SentMessage } from "../messages";

/** What people would have got, message by message. */
export function messagesSection(messages: readonly SentMessage[]): string {
  return join([
    `<section><h2>What people were told</h2>`,
    ...messages.map(messageCard),
    `</section>`,
  ]);
}

/** The subject that SNS gives to a mail for which none was sent. */
const subjectOfAws = "AWS Notification Message";

function messageCard({ at, stack, subject = subjectOfAws, mail, chat, to }: SentMessage): string {
  return join([
    `<div class="card"><h3>${escape(subject)}</h3>`,
    `<p class="faint">${time(at)}, ${escape(stack)}: ${to.length > 0 ? `to ${escape(to.join(", "))}` : "nobody has a mail of it"}</p>`,
    `<details><summary>The mail</summary>${printed("The mail", mail)}</details>`,
    chat &&
      `<details><summary>In a chat channel</summary>${printed("In a chat channel", chat)}</details>`,
    `</div>`,
  ]);
}
