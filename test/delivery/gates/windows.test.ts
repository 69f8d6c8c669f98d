import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { deployThrough } from "../../../delivery/deploy";
import { planThrough } from "../../../delivery/plan";
import { prepareThrough } from "../../../delivery/prepare";
import { restoreThrough } from "../../../delivery/restore";
import { rollbackThrough } from "../../../delivery/rollback";
import { environmentStatus } from "../../../delivery/status";
import { statusText } from "../../../delivery/statusText";
import { aTarget } from "../support/aTarget";
import { ecsWith, running } from "../support/describedEcs";
import { FakeEnvironment, releaseNumber, web } from "../support/fakePorts";

const [one, two] = [1, 2].map((n) => releaseNumber(n));
const who = { owner: "execution", actor: "ada" };

/** The clock of tests stands on Saturday, 2026-01-31, 12:00 UTC. */
const office = { days: "mon-fri", from: "09:00", to: "16:00" };
const weekend = { days: "sat-sun", from: "12:00", to: "14:00" };
const closed = { timezone: "Europe/Berlin", open: [office] };
const opens = "2026-02-02 09:00 Europe/Berlin";
const frozen = {
  ...{ timezone: "UTC", open: [weekend] },
  freezes: [{ from: "2026-01-31", to: "2026-01-31", reason: "a sale" }],
};

const production = (windows: unknown, folder?: string) =>
  aTarget({ services: { web }, pipeline: { windows } }, folder, "production");

const environment = (windows: unknown, folder?: string) => {
  const env = FakeEnvironment.running(one, production(windows, folder));
  env.promoted = two;
  return env;
};

describe("a deployment window that is closed", () => {
  const refusal = new RegExp(
    `release ${two.id} is not deployed to production now: it is outside of the deployment windows; it opens at ${opens}\\. Nothing was changed`,
  );

  it("refuses a release, and nothing is changed but the history", async () => {
    const env = environment(closed);
    await assert.rejects(deployThrough(env.ports, { release: two, ...who }), refusal);
    assert.deepEqual(env.done, ["refused"]);
    assert.equal(env.lock, undefined);
  });

  it("refuses the preparation for CodePipeline's own action as well", async () => {
    const env = environment(closed);
    const output = "/nowhere/images";
    await assert.rejects(prepareThrough(env.ports, { release: two, output, ...who }), refusal);
    assert.deepEqual(env.done, ["refused"]);
  });

  it("tells the freeze, and why", async () => {
    const env = environment(frozen);
    await assert.rejects(
      deployThrough(env.ports, { release: two, ...who }),
      /deployments are frozen from 2026-01-31 to 2026-01-31: a sale; it opens at 2026-02-01 12:00 UTC/,
    );
  });

  it("lets a release through when it opens", async () => {
    const env = environment(closed);
    await env.clock.sleep(Date.parse("2026-02-02T08:00:00Z") - env.clock.now().getTime());
    const { status } = await deployThrough(env.ports, { release: two, ...who });
    assert.equal(status, "deployed");
  });

  it("lets on what was let through before", async () => {
    const env = environment(closed);
    const begun = env.past(two, { ...who, status: "inProgress", previous: one });
    env.lock = { number: 2, owner: "execution", at: begun.begunAt, releaseId: two.id };
    const { status } = await deployThrough(env.ports, { release: two, ...who });
    assert.equal(status, "deployed");
  });

  it("says that a release is there already, where it is", async () => {
    const env = environment(closed);
    const { number } = await deployThrough(env.ports, { release: one, ...who });
    assert.equal(number, 1);
  });

  it("is no hindrance to going back, nor to putting back", async () => {
    const env = environment(closed);
    env.past(two);
    env.pointer = two;
    const { kind, release } = await rollbackThrough(env.ports, { ...who, to: one.id });
    assert.deepEqual([kind, release.id], ["rollback", one.id]);
    assert.equal((await restoreThrough(env.ports, who)).kind, "restore");
  });

  it("is told in the status", async () => {
    const pipeline = { promoteFrom: { stack: "dev" }, windows: closed };
    const { target, ports } = FakeEnvironment.running(
      one,
      aTarget({ services: { web }, pipeline }),
    );
    const digest = one.images.web.digest;
    const status = await environmentStatus({
      ...{ target, ledger: ports.ledger, pointer: ports.pointer, clock: ports.clock },
      alarms: ports.alarms,
      ecs: ecsWith(running("shop--staging--web", 1, [digest])),
      failures: () => Promise.resolve([]),
    });
    assert.deepEqual(
      status.gates.map(({ gate, opensAt }) => [gate, opensAt]),
      [["windows", "2026-02-02T08:00:00.000Z"]],
    );
    assert.match(
      statusText(status, { now: ports.clock.now(), timezone: "Etc/UTC" }),
      new RegExp(
        `^new releases of staging wait, and a rollback is possible: .*outside.*it opens at ${opens}\n  the newest that Deploy has refused meanwhile is tried again then, by itself$`,
        "m",
      ),
    );
  });
});

describe("a plan while the deployment window is closed", () => {
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "gantry-gates-"));
    mkdirSync(join(folder, ".release"));
    const evidence = { release: two.id, commit: two.commit, tests: {}, scans: {}, history: [] };
    writeFileSync(join(folder, ".release", "release.json"), JSON.stringify(two));
    writeFileSync(join(folder, ".release", "evidence.json"), JSON.stringify(evidence));
  });

  afterEach(() => rmSync(folder, { recursive: true }));

  const plan = async (windows: unknown) => {
    const output = join(folder, "out");
    const env = environment(windows, folder);
    const { summary } = await planThrough(env.ports, { output, owner: "execution" });
    return { summary, text: readFileSync(join(output, "evidence.md"), "utf8") };
  };

  it("is made, and tells whoever approves it when it can be deployed", async () => {
    const { summary, text } = await plan(closed);
    const told = `it is outside of the deployment windows; it opens at ${opens}`;
    const byItself = "Approved before, it is deployed then by itself";
    assert.ok(summary.endsWith(` Deployed later: ${told}. ${byItself}.`), summary);
    assert.ok(text.includes(`\n- Deployed later: ${told}\n- ${byItself}\n`));
  });

  it("says nothing of a window that is open", async () => {
    const { summary, text } = await plan({ timezone: "UTC", open: [weekend] });
    assert.doesNotMatch(summary + text, /Deployed later|by itself/);
  });
});
