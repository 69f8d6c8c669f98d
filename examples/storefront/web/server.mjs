import { createServer } from "node:http";

const { API_URL, GANTRY_COMMIT, PORT } = process.env;

const escaped = (text) =>
  String(text).replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);

async function ask(path) {
  const response = await fetch(API_URL + path, { signal: AbortSignal.timeout(2_000) });
  if (response.status === 404) return undefined;
  if (!response.ok) throw new Error(`${path}: ${response.status}`);
  return response.json();
}

async function page(path) {
  if (path === "/") {
    const items = (await ask("/books")).map(
      ({ id, title }) => `<li><a href="/books/${escaped(id)}">${escaped(title)}</a></li>`,
    );
    return `<h1>Books</h1><ul>${items.join("")}</ul>`;
  }
  const book = /^\/books\/\d+$/.test(path) ? await ask(path) : undefined;
  if (book === undefined) return undefined;
  const euros = ((book.price.cents + book.price.tax) / 100).toFixed(2);
  return `<h1>${escaped(book.title)}</h1><p>${euros} EUR, from ${escaped(book.price.from)}</p>`;
}

const server = createServer(async (request, response) => {
  if (request.url === "/health") return response.end("healthy");
  if (request.url === "/commit") return response.end(GANTRY_COMMIT);
  try {
    const content = await page(request.url);
    response.setHeader("Content-Type", "text/html; charset=utf-8");
    return response.writeHead(content ? 200 : 404).end(content ?? "<h1>Not here</h1>");
  } catch (error) {
    console.error(error.message);
    return response.writeHead(502).end("The shop is closed for a moment.");
  }
});

server.listen(Number(PORT));
process.once("SIGTERM", () => server.close());
