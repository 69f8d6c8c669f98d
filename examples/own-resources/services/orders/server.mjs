import { createHmac } from "node:crypto";
import { createServer } from "node:http";
import { text } from "node:stream/consumers";
import { DynamoDBClient, GetItemCommand, PutItemCommand } from "@aws-sdk/client-dynamodb";
import { PutObjectCommand, S3Client } from "@aws-sdk/client-s3";

const { BUCKET_NAME, PORT, SIGNING_KEY, TABLE_NAME } = process.env;
const database = new DynamoDBClient();
const files = new S3Client();

/** Keeps an order, and its receipt beside it. */
async function keep(id, order) {
  const signature = createHmac("sha256", SIGNING_KEY).update(order).digest("hex");
  const Item = { id: { S: id }, order: { S: order } };
  await database.send(new PutItemCommand({ TableName: TABLE_NAME, Item }));
  const receipt = { Bucket: BUCKET_NAME, Key: `${id}.json` };
  await files.send(
    new PutObjectCommand({ ...receipt, Body: JSON.stringify({ order, signature }) }),
  );
}

async function find(id) {
  const { Item } = await database.send(
    new GetItemCommand({ TableName: TABLE_NAME, Key: { id: { S: id } } }),
  );
  return Item?.order.S;
}

async function answer(request, response) {
  const id = /^\/orders\/([\w-]+)$/.exec(request.url)?.[1];
  if (request.url === "/health") return response.end("healthy");
  if (!id) return response.writeHead(404).end();
  if (request.method === "PUT") {
    await keep(id, await text(request));
    return response.writeHead(201).end();
  }
  const order = await find(id);
  return order === undefined ? response.writeHead(404).end() : response.end(order);
}

const server = createServer((request, response) => {
  answer(request, response).catch((error) => {
    console.error(error);
    response.writeHead(500).end();
  });
});
server.listen(Number(PORT), () => console.log(`listening on ${server.address().port}`));
process.on("SIGTERM", () => server.close());
