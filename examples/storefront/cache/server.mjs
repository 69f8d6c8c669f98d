import { createServer } from "node:http";
import { text } from "node:stream/consumers";

const mostEntries = 10_000;
/** By key, what was put last at the end: a Map keeps the order. */
const entries = new Map();

/** Forgets what has not been asked for longest, so that memory never runs out. */
function put(key, value, seconds) {
  entries.delete(key);
  entries.set(key, { value, until: Date.now() + seconds * 1000 });
  if (entries.size > mostEntries) entries.delete(entries.keys().next().value);
}

function get(key) {
  const entry = entries.get(key);
  entries.delete(key);
  if (entry === undefined || entry.until < Date.now()) return undefined;
  entries.set(key, entry);
  return entry.value;
}

const server = createServer(async (request, response) => {
  const { pathname: key, searchParams } = new URL(request.url, "http://cache");
  if (request.method === "PUT") {
    put(key, await text(request), Number(searchParams.get("seconds") ?? 60));
    return response.writeHead(204).end();
  }
  const value = get(key);
  return value === undefined ? response.writeHead(404).end() : response.end(value);
});

server.listen(Number(process.env.PORT));
process.once("SIGTERM", () => server.close());
