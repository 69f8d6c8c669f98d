import { readFile, rename, writeFile } from "node:fs/promises";
import { PublishCommand, SNSClient } from "@aws-sdk/client-sns";
import { workOff } from "./queue.mjs";

const { PLACED_QUEUE_URL, RENDERED_TOPIC_ARN } = process.env;
const folder = "/prints";
const topics = new SNSClient();
const ends = new AbortController();
process.once("SIGTERM", () => ends.abort());

const escaped = (text) => text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);

function picture(text) {
  const lines = text.split("\n").map((line, index) => {
    return `<text x="10" y="${30 + index * 20}">${escaped(line)}</text>`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" width="600" height="400">${lines.join("")}</svg>`;
}

/** A message may come twice: the same picture is made again, and whoever reads it never finds half of one. */
await workOff(PLACED_QUEUE_URL, ends.signal, async ({ id, mail }) => {
  const text = await readFile(`${folder}/${id}.txt`, "utf8");
  await writeFile(`${folder}/${id}.part`, picture(text));
  await rename(`${folder}/${id}.part`, `${folder}/${id}.svg`);
  await topics.send(
    new PublishCommand({
      TopicArn: RENDERED_TOPIC_ARN,
      Message: JSON.stringify({ id, mail }),
      MessageAttributes: {
        mail: { DataType: "String", StringValue: mail ? "wanted" : "unwanted" },
      },
    }),
  );
});
