import assert from "node:assert/strict";
import { commandTimes, deliveryTimes } from "../../../contract/times";
import { concludeThrough } from "../../../delivery/conclude";
import { deployThrough } from "../../../delivery/deploy";
import type { Release } from "../../../contract/manifest";
import { FakeEnvironment, releaseNumber } from "../support/fakePorts";
import type { FakeShift } from "../support/fakeShift";

export const [one, two, three] = [1, 2, 3].map((n) => releaseNumber(n));

/** An environment that runs the first release, and holds the next one's tasks. */
export function heldEnvironment(): FakeEnvironment {
  return FakeEnvironment.shifting(one);
}

/** The same, whose next release waits for its verification. */
export async function heldOne(): Promise<FakeEnvironment> {
  const env = heldEnvironment();
  await deploy(env);
  return env;
}

export function shiftOf({ shift }: FakeEnvironment): FakeShift {
  assert.ok(shift);
  return shift;
}

export const deploy = (env: FakeEnvironment, release = two, owner = "execution") =>
  deployThrough(env.ports, { release, owner, actor: "ada" });

export function conclude(
  env: FakeEnvironment,
  passed: boolean,
  release = two,
  owner = "execution",
) {
  env.commandTimes = commandTimes(deliveryTimes(env.target.config), "conclude");
  const check = { passed, attempts: 1, seconds: 1, output: passed ? [] : ["GET /: 500"] };
  return concludeThrough(env.ports, {
    ...{ release, owner, actor: "ada" },
    verification: { release: release.id, passed, services: { web: check }, at: "" },
  });
}

/** Nothing is left to be done by anybody, and everything that could be asked says the same. */
export function requireQuiet(env: FakeEnvironment, release: Release | undefined, at = ""): void {
  const { serves, waiting } = shiftOf(env);
  assert.deepEqual([env.lock, waiting], [undefined, undefined], `${at}: a lock, a hook`);
  assert.deepEqual(
    [env.pointer?.id, env.services?.id, serves?.id],
    [release?.id, release?.id, release?.id],
    `${at}: pointer, Pulumi's state, what serves`,
  );
}

/** No user met a release. */
export function requireUnmet(env: FakeEnvironment, release: Release, at = ""): void {
  assert.ok(!shiftOf(env).met.some((met) => met?.id === release.id), `${at}: users met it`);
}
