/**
 * What must hold for the service behind a URL. Add the checks of your own service here: one object
 * each, whose `run` throws an Error that says what is wrong.
 *
 * @typedef {object} Target
 * @property {URL} url ends with a slash
 * @property {string} [expectedCommit]
 * @property {number} attemptTimeoutMs
 *
 * @typedef {object} Check
 * @property {string} name
 * @property {(target: Target) => Promise<void>} run
 * @property {(target: Target) => string | undefined} [skip] the reason not to run it
 */

/** @type {Check[]} */
export const checks = [
  {
    name: "health is ok",
    run: async (target) => {
      const reply = await get(target, "health");
      expectStatus(reply, 200);
      expectField(reply, "status", "ok");
    },
  },
  {
    name: "version is the expected commit",
    skip: ({ expectedCommit }) =>
      expectedCommit === undefined ? "EXPECTED_COMMIT is not set" : undefined,
    run: async (target) => {
      const reply = await get(target, "version");
      expectStatus(reply, 200);
      const { commit } = parseObject(reply);
      const expected = target.expectedCommit ?? "";
      if (typeof commit !== "string" || !isSameCommit(commit, expected)) {
        fail(reply, `commit is ${JSON.stringify(commit)}, expected ${JSON.stringify(expected)}`);
      }
    },
  },
  {
    name: "root page is served to people",
    run: async (target) => {
      const reply = await get(target, "", "text/html");
      expectStatus(reply, 200);
      expectMediaType(reply, "text/html");
      if (!reply.body.includes("<h1>")) fail(reply, "the page has no <h1>");
    },
  },
  {
    name: "root page is served to programs",
    run: async (target) => {
      const reply = await get(target, "", "application/json");
      expectStatus(reply, 200);
      const { service } = parseObject(reply);
      if (typeof service !== "string" || service === "") fail(reply, 'there is no "service"');
    },
  },
  {
    name: "an unknown path is a 404 in JSON",
    run: async (target) => {
      const reply = await get(target, "gantry-verify-unknown-path");
      expectStatus(reply, 404);
      const { error } = parseObject(reply);
      const code = typeof error === "object" && error !== null && "code" in error && error.code;
      if (code !== "not_found") fail(reply, 'error.code is not "not_found"');
    },
  },
];

/**
 * Either may be the short form (8 characters, as in an image tag) of the other.
 *
 * @param {string} left
 * @param {string} right
 */
export function isSameCommit(left, right) {
  const shorter = Math.min(left.length, right.length);
  return shorter >= 8 && left.slice(0, shorter) === right.slice(0, shorter);
}

/** @typedef {{ request: string, status: number, mediaType: string, body: string }} Reply */

/**
 * @param {Target} target
 * @param {string} path relative to the target's URL
 * @param {string} [accept]
 * @returns {Promise<Reply>}
 */
async function get({ url, attemptTimeoutMs }, path, accept = "application/json") {
  const address = new URL(path, url);
  const request = `GET ${address.pathname}`;
  try {
    const response = await fetch(address, {
      headers: { Accept: accept, "User-Agent": "gantry-verify" },
      signal: AbortSignal.timeout(attemptTimeoutMs),
    });
    const [mediaType = ""] = (response.headers.get("content-type") ?? "").split(";");
    return { request, status: response.status, mediaType, body: await response.text() };
  } catch (error) {
    if (error instanceof Error && error.name === "TimeoutError") {
      throw new Error(`${request}: no answer within ${attemptTimeoutMs / 1_000} s`);
    }
    if (error instanceof Error) error.message = `${request}: ${error.message}`;
    throw error;
  }
}

/** @type {(reply: Reply, message: string) => never} */
function fail({ request, status, body }, message) {
  const start = body.replace(/\s+/g, " ").trim().slice(0, 200);
  throw new Error(`${request}: ${message}; got ${status} ${start}`.trimEnd());
}

/** @type {(reply: Reply, status: number) => void} */
function expectStatus(reply, status) {
  if (reply.status !== status) fail(reply, `expected status ${status}`);
}

/** @type {(reply: Reply, mediaType: string) => void} */
function expectMediaType(reply, mediaType) {
  if (reply.mediaType !== mediaType) {
    fail(reply, `expected ${mediaType}, not ${JSON.stringify(reply.mediaType)}`);
  }
}

/** @type {(reply: Reply, name: string, value: string) => void} */
function expectField(reply, name, value) {
  const actual = parseObject(reply)[name];
  if (actual !== value) {
    fail(reply, `${name} is ${JSON.stringify(actual)}, expected ${JSON.stringify(value)}`);
  }
}

/**
 * @param {Reply} reply
 * @returns {Record<string, unknown>}
 */
function parseObject(reply) {
  expectMediaType(reply, "application/json");
  /** @type {unknown} */
  let value;
  try {
    value = JSON.parse(reply.body);
  } catch {
    fail(reply, "the body is not JSON");
  }
  if (typeof value !== "object" || value === null) fail(reply, "the body is not a JSON object");
  return /** @type {Record<string, unknown>} */ (value);
}
