import { join } from "node:path";
import { commandFolder } from "../stacks/config";
import type { Clock } from "./clock";
import { DeliveryError } from "./errors";
import { describeSeconds, runServiceCommand } from "./shell";
import type { Target } from "./target";

export interface TestOptions {
  readonly target: Target;
  readonly clock: Clock;
  /** Receives a line when something begins or is decided. */
  readonly progress: (line: string) => void;
  /** Receives what the tests print. */
  readonly onOutput: (chunk: string) => void;
  /** The environment of the tests. Default: this process's. */
  readonly env?: NodeJS.ProcessEnv;
  /** Until the tests of a service count as failed. Default: 1200. */
  readonly testTimeoutSeconds?: number;
}

const defaultTestTimeoutSeconds = 1200;

/**
 * Runs the tests of services that are built of the same. A command that several of them have runs once.
 * @returns what came of them by service, such as `passed in 12 s`.
 * @throws DeliveryError at the first that fail.
 */
export async function runTests(
  services: readonly string[],
  options: TestOptions,
): Promise<ReadonlyMap<string, string>> {
  const byCommand = new Map<string, string>();
  const results = new Map<string, string>();
  for (const service of services) {
    const { test } = options.target.config.services[service];
    const result =
      test === undefined
        ? "none"
        : (byCommand.get(test) ?? (await runTest(service, test, options)));
    if (test !== undefined) byCommand.set(test, result);
    results.set(service, result);
  }
  return results;
}

async function runTest(service: string, test: string, options: TestOptions): Promise<string> {
  const { target, clock, progress, onOutput, env = process.env } = options;
  const { testTimeoutSeconds = defaultTestTimeoutSeconds } = options;
  progress(`${service}: ${test}`);
  const began = clock.now().getTime();
  const { passed, end, output } = await runServiceCommand({
    ...{ command: test, env, onOutput },
    folder: join(target.root, commandFolder(target.config.services[service].build)),
    timeoutMs: testTimeoutSeconds * 1000,
  });
  const seconds = describeSeconds((clock.now().getTime() - began) / 1000);
  if (passed) return `passed in ${seconds}`;
  throw new DeliveryError(
    `the tests of ${service} failed after ${seconds}; nothing was built or pushed: ${test} ${end}`,
    output.slice(-15),
  );
}
