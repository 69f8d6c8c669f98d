/**
 * @typedef {object} Attempt
 * @property {string} [failure] what was wrong; absent when it passed
 */

/**
 * Tries until it passes or the deadline has passed, at least once; every attempt is recorded. A
 * retry is right even for a wrong commit: for some seconds after a deployment the load balancer may
 * still send a request to an old task.
 *
 * @param {() => Promise<void>} attempt rejects with what is wrong
 * @param {{ deadline: number, intervalMs: number }} bounds deadline in milliseconds since the epoch
 * @returns {Promise<Attempt[]>} never empty; the last one decides
 */
export async function tryUntil(attempt, { deadline, intervalMs }) {
  /** @type {Attempt[]} */
  const attempts = [];
  for (;;) {
    try {
      await attempt();
      attempts.push({});
      return attempts;
    } catch (error) {
      attempts.push({ failure: describe(error) });
    }
    if (Date.now() + intervalMs > deadline) return attempts;
    await new Promise((resolve) => setTimeout(resolve, intervalMs));
  }
}

/**
 * One line per run of equal failures: "attempts 1-29: ...".
 *
 * @param {Attempt[]} attempts
 * @returns {string[]}
 */
export function summarizeFailures(attempts) {
  /** @type {{ first: number, last: number, failure: string }[]} */
  const runs = [];
  for (const [index, { failure }] of attempts.entries()) {
    if (failure === undefined) continue;
    const previous = runs.at(-1);
    if (previous?.failure === failure) previous.last = index + 1;
    else runs.push({ first: index + 1, last: index + 1, failure });
  }
  return runs.map(({ first, last, failure }) =>
    first === last ? `attempt ${first}: ${failure}` : `attempts ${first}-${last}: ${failure}`,
  );
}

/**
 * `fetch` says only "fetch failed"; the reason (ECONNREFUSED, ENOTFOUND, a certificate) is its cause.
 *
 * @param {unknown} error
 * @returns {string}
 */
function describe(error) {
  if (!(error instanceof Error)) return String(error);
  const { cause } = error;
  if (!(cause instanceof Error)) return error.message;
  const code = "code" in cause ? String(cause.code) : "";
  const reason = cause.message || code;
  return `${error.message}: ${reason.includes(code) ? reason : `${code} ${reason}`}`;
}
