import { randomUUID } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { text } from "node:stream/consumers";
import { PublishCommand, SNSClient } from "@aws-sdk/client-sns";

const { PLACED_TOPIC_ARN, PORT } = process.env;
const folder = "/prints";
const topics = new SNSClient();

/** The text is there before anybody is told of it. */
async function place(order, mail) {
  const id = randomUUID();
  await writeFile(`${folder}/${id}.txt`, order);
  const Message = JSON.stringify({ id, mail });
  await topics.send(new PublishCommand({ TopicArn: PLACED_TOPIC_ARN, Message }));
  return id;
}

async function answer(request, response) {
  const { pathname, searchParams } = new URL(request.url, "http://orders");
  if (pathname === "/health") return response.end("healthy");
  if (pathname === "/orders" && request.method === "POST") {
    const id = await place(await text(request), searchParams.get("mail"));
    return response.writeHead(202, { Location: `/orders/${id}` }).end();
  }
  const [, id] = /^\/orders\/([0-9a-f-]{36})$/.exec(pathname) ?? [];
  const picture = id && (await readFile(`${folder}/${id}.svg`).catch(() => undefined));
  if (!picture) return response.writeHead(404).end();
  return response.setHeader("Content-Type", "image/svg+xml").end(picture);
}

const server = createServer((request, response) => {
  answer(request, response).catch((error) => {
    console.error(error);
    response.writeHead(500).end();
  });
});

server.listen(Number(PORT));
process.once("SIGTERM", () => server.close());
