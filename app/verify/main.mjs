// Gantry's Verify stage runs this after a deployment: `node verify/main.mjs <url>`. It is plain
// JavaScript, type-checked by its comments, so that the stage has nothing to install or to compile.
// Exit code: 0 every check passed, 1 a check failed, 2 wrong usage.

import { summarizeFailures, tryUntil } from "./attempts.mjs";
import { checks } from "./checks.mjs";

const usage = `Usage: node verify/main.mjs [url]

  VERIFY_URL               the URL, when it is not an argument
  EXPECTED_COMMIT          commit that /version must tell, 8 characters or more; not set: not checked
  VERIFY_TIMEOUT_SECONDS   stop retrying after this time, all checks together (default 20)
  VERIFY_INTERVAL_SECONDS  pause between attempts (default 2)`;

/** One attempt may take this long, so that the last one can end after the timeout. */
const attemptTimeoutMs = 5_000;

process.exitCode = await main(process.argv.slice(2), process.env);

/**
 * @param {string[]} args
 * @param {NodeJS.ProcessEnv} environment
 * @returns {Promise<number>}
 */
async function main(args, environment) {
  if (args.includes("--help") || args.includes("-h")) {
    console.log(usage);
    return 0;
  }
  let settings;
  try {
    settings = readSettings(args, environment);
  } catch (error) {
    console.error(`verify: ${error instanceof Error ? error.message : String(error)}\n\n${usage}`);
    return 2;
  }

  const { target, timeoutSeconds, intervalSeconds } = settings;
  console.log(`Verifying ${target.url.href}, retrying for at most ${timeoutSeconds} s\n`);
  const bounds = {
    deadline: Date.now() + timeoutSeconds * 1_000,
    intervalMs: intervalSeconds * 1_000,
  };
  const counts = { passed: 0, failed: 0, skipped: 0 };
  for (const check of checks) {
    const reason = check.skip?.(target);
    if (reason !== undefined) {
      counts.skipped += 1;
      console.log(`SKIP  ${check.name} (${reason})`);
      continue;
    }
    const startedAt = Date.now();
    const attempts = await tryUntil(() => check.run(target), bounds);
    const passed = attempts.at(-1)?.failure === undefined;
    counts[passed ? "passed" : "failed"] += 1;
    const seconds = ((Date.now() - startedAt) / 1_000).toFixed(1);
    const tries = `${attempts.length} attempt${attempts.length === 1 ? "" : "s"}`;
    console.log(`${passed ? "PASS" : "FAIL"}  ${check.name} (${tries}, ${seconds} s)`);
    for (const line of summarizeFailures(attempts)) console.log(`      ${line}`);
  }
  console.log(`\n${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`);
  return counts.failed === 0 ? 0 : 1;
}

/**
 * @param {string[]} args
 * @param {NodeJS.ProcessEnv} environment
 */
function readSettings(args, environment) {
  if (args.length > 1) throw new Error(`expected one URL, got ${args.length} arguments`);
  const text = args[0] ?? environment.VERIFY_URL ?? "";
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !["http:", "https:"].includes(url.protocol)) {
    throw new Error(
      text === "" ? "there is no URL" : `${JSON.stringify(text)} is not an http or https URL`,
    );
  }
  if (url.username !== "" || url.password !== "") {
    throw new Error("the URL must not carry a user name or password");
  }
  url.search = "";
  url.hash = "";
  // Without the slash, relative paths would replace the last part of the URL's own path.
  if (!url.pathname.endsWith("/")) url.pathname += "/";

  const expectedCommit = environment.EXPECTED_COMMIT?.trim() || undefined;
  if (expectedCommit !== undefined && !/^[0-9a-f]{8,64}$/.test(expectedCommit)) {
    throw new Error(
      `EXPECTED_COMMIT is ${JSON.stringify(expectedCommit)}, must be 8 to 64 hexadecimal characters`,
    );
  }
  return {
    target: { url, attemptTimeoutMs, ...(expectedCommit === undefined ? {} : { expectedCommit }) },
    timeoutSeconds: readSeconds(environment, "VERIFY_TIMEOUT_SECONDS", 20),
    intervalSeconds: readSeconds(environment, "VERIFY_INTERVAL_SECONDS", 2),
  };
}

/**
 * @param {NodeJS.ProcessEnv} environment
 * @param {string} name
 * @param {number} otherwise
 */
function readSeconds(environment, name, otherwise) {
  const text = environment[name]?.trim();
  if (!text) return otherwise;
  const seconds = Number(text);
  if (!/^\d+(\.\d+)?$/.test(text) || seconds > 3_600) {
    throw new Error(
      `${name} is ${JSON.stringify(text)}, must be seconds from 0 to 3600 (default ${otherwise})`,
    );
  }
  return seconds;
}
