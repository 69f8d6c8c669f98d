import { createServer } from "node:http";
import { text } from "node:stream/consumers";
import { keep } from "../../packages/money/entries.mjs";
import { cents } from "../../packages/money/index.mjs";

async function answer(request, response) {
  if (request.url === "/health") return response.end("healthy");
  if (request.url !== "/entries" || request.method !== "POST") return response.writeHead(404).end();
  let entry;
  try {
    const { account, amount } = JSON.parse(await text(request));
    entry = { account: String(account), cents: cents(String(amount)) };
  } catch (error) {
    return response.writeHead(400).end(error.message);
  }
  const key = await keep(new Date().toISOString().slice(0, 10), entry);
  return response.writeHead(201).end(key);
}

const server = createServer((request, response) => {
  answer(request, response).catch((error) => {
    console.error(error);
    response.writeHead(500).end();
  });
});

server.listen(Number(process.env.PORT));
process.once("SIGTERM", () => server.close());
