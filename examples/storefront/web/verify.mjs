// Asks the pages as a visitor does: through web and api to the cache.
import assert from "node:assert/strict";

const { EXPECTED_COMMIT, VERIFY_URL } = process.env;
const read = async (path) => {
  const response = await fetch(new URL(path, VERIFY_URL));
  assert.equal(response.status, 200, path);
  return response.text();
};

// The image knows its whole commit; a release goes by its first characters.
assert.ok((await read("/commit")).startsWith(EXPECTED_COMMIT));
assert.match(await read("/"), /Small Harbours/);
assert.match(await read("/books/2"), /19\.80 EUR/);
assert.match(await read("/books/2"), /from cache/);
