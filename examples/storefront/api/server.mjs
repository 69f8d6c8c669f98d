import { createServer } from "node:http";

const { CACHE_URL, GANTRY_COMMIT, PORT } = process.env;

const books = new Map([
  ["1", { title: "A Field Guide to Lamps", cents: 2400 }],
  ["2", { title: "Small Harbours", cents: 1850 }],
  ["3", { title: "The Clockmaker's Garden", cents: 1990 }],
]);

/** What takes its time in a real shop: taxes, vouchers, currencies. */
function workOut({ cents }) {
  return { cents, tax: Math.round(cents * 0.07) };
}

/** A cache that does not answer makes the shop slower, and never wrong. */
async function cached(id, make) {
  const entry = `${CACHE_URL}/prices/${id}`;
  const signal = AbortSignal.timeout(500);
  const found = await fetch(entry, { signal }).catch(() => undefined);
  if (found?.ok) return { ...(await found.json()), from: "cache" };
  const made = make();
  await fetch(`${entry}?seconds=60`, { method: "PUT", body: JSON.stringify(made), signal }).catch(
    (error) => console.error(`cache: ${error.message}`),
  );
  return { ...made, from: "api" };
}

async function answer(path) {
  if (path === "/health") return { healthy: true };
  if (path === "/commit") return { commit: GANTRY_COMMIT };
  if (path === "/books") return [...books].map(([id, { title }]) => ({ id, title }));
  const [, id] = /^\/books\/(\d+)$/.exec(path) ?? [];
  const book = books.get(id);
  return book && { id, title: book.title, price: await cached(id, () => workOut(book)) };
}

const server = createServer(async (request, response) => {
  response.setHeader("Content-Type", "application/json");
  try {
    const found = await answer(request.url);
    return response.writeHead(found === undefined ? 404 : 200).end(JSON.stringify(found ?? {}));
  } catch (error) {
    console.error(error);
    return response.writeHead(500).end("{}");
  }
});

server.listen(Number(PORT));
process.once("SIGTERM", () => server.close());
