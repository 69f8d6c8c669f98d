import assert from "node:assert/strict";
import { ledgerEntries } from "../../../delivery/audit/ledger";
import { deployThrough } from "../../../delivery/deploy";
import { prepareThrough } from "../../../delivery/prepare";
import { resume } from "../../../delivery/resume";
import { rollbackThrough } from "../../../delivery/rollback";
import { environmentStatus } from "../../../delivery/status";
import { historyText } from "../../../delivery/historyText";
import { statusText } from "../../../delivery/statusText";
import { chatMessage, mailText, webhookMessage } from "../../../contract/notificationTexts";
import { aTarget } from "../support/aTarget";
import { ecsWith, running } from "../support/describedEcs";
import { FakeEnvironment, releaseNumber, web } from "../support/fakePorts";

const [one, two, three] = [1, 2, 3].map((n) => releaseNumber(n));
const who = { owner: "execution", actor: "codepipeline/shop" };

/** The clock of tests stands on Saturday, 2026-01-31, 12:00 UTC. */
const windows = {
  timezone: "Europe/Berlin",
  open: [{ days: "mon-fri", from: "09:00", to: "16:00" }],
};
const monday = "2026-02-02T08:00:00.000Z";
const outside =
  "it is outside of the deployment windows; it opens at 2026-02-02 09:00 Europe/Berlin";

describe("what is refused for now", () => {
  let env: FakeEnvironment;

  const begin = (pipeline: object = {}) => {
    const promoted = { promoteFrom: { stack: "dev" }, ...pipeline };
    const target = aTarget({ services: { web }, pipeline: promoted });
    env = FakeEnvironment.running(one, target);
    env.promoted = { ...two, promotedAt: "2026-01-31T11:29:30.000Z" };
  };
  const refused = async (release = two) => {
    await assert.rejects(deployThrough(env.ports, { release, ...who }));
  };
  const reader = () => ({ now: env.clock.now(), timezone: "Etc/UTC" });
  const status = async () => {
    const { target, ports } = env;
    const found = await environmentStatus({
      ...{ target, ledger: ports.ledger, pointer: ports.pointer, clock: ports.clock },
      alarms: ports.alarms,
      ecs: ecsWith(running("shop--staging--web", 1, [one.images.web.digest])),
      failures: () => Promise.resolve([]),
    });
    return { found, text: statusText(found, reader()) };
  };
  const noted = () => env.view.notes ?? [];
  const place = { number: 1, version: 1 };
  const at = "2026-01-31T12:00:00.000Z";
  const byWindow = { by: who.actor, reason: outside, release: two.id, gates: ["windows"] };

  beforeEach(() => begin({ windows }));

  it("is noted beside the deployments, with when it is tried again", async () => {
    await refused();
    assert.deepEqual(noted(), [{ note: "refused", ...byWindow, at, retryAt: monday, ...place }]);
    assert.equal(env.records.length, 1);
  });

  it("is noted without such a time where nobody tries it again, as where a person deploys", async () => {
    env.retry.byHand = true;
    await refused();
    assert.deepEqual(noted(), [{ note: "refused", ...byWindow, at, ...place }]);
    env.retry.byHand = false;
    env.retry.error = new Error("throttled");
    await refused();
    assert.equal(
      noted().some((note) => "retryAt" in note),
      false,
    );
  });

  it("is noted for the alarm that fires, and for CodePipeline's own action as well", async () => {
    begin({ alarms: true });
    env.alarms = () => Promise.resolve({ firing: [{ name: "shop--staging--web" }], unknown: [] });
    const output = "/nowhere/images";
    await assert.rejects(prepareThrough(env.ports, { release: two, output, ...who }));
    const [{ note, ...more }] = noted();
    assert.deepEqual([note, "gates" in more && more.gates], ["refused", ["alarms"]]);
  });

  it("is refused all the same where the history cannot be told, and the log says so", async () => {
    env.failOn("refused", new Error("throttled"));
    await assert.rejects(deployThrough(env.ports, { release: two, ...who }), /outside of the/);
    assert.deepEqual(noted(), []);
    assert.ok(env.log.some((line) => /history could not be told .*: throttled/.test(line)));
  });

  it("is told to people with the time, and what to do", async () => {
    await refused();
    const [{ kind, why, retryAt, nextSteps }] = env.told;
    assert.deepEqual([kind, why, retryAt], ["held", outside, monday]);
    const again =
      "Its stage is tried again by itself at 2026-02-02 09:00 Europe/Berlin, unless a newer release has come into it.";
    assert.equal(nextSteps?.[0], again);
    assert.match(nextSteps[1], /^For a hotfix, .* gantry override --stack staging /);
    const told = { ...env.told[0], product: "shop", stack: "staging", at };
    assert.match(mailText(told), /^Tried again: 2026-02-02 08:00:00 UTC$/m);
    assert.match(mailText(told), /^What to do:\n {2}Its stage is tried again by itself at /m);
    assert.match(chatMessage(told).content.description, /\*Tried again\*: 2026-02-02 08:00:00 UTC/);
    assert.equal(webhookMessage(told).retryAt, monday);
  });

  it("is told to people as what nobody tries again, where that is so", async () => {
    env.retry.byHand = true;
    await refused();
    const [{ retryAt, nextSteps }] = env.told;
    assert.equal(retryAt, undefined);
    assert.match(
      String(nextSteps?.[0]),
      /^Nobody tries it again by itself\. After that, retry its/,
    );
    const told = { ...env.told[0], product: "shop", stack: "staging", at };
    assert.doesNotMatch(mailText(told), /Tried again/);
  });

  it("stands in the history, the status and the audit", async () => {
    await refused();
    const { records, notes } = env.view;
    assert.match(
      historyText(records, notes ?? [], reader()),
      new RegExp(
        `^- +${two.id} +refused +again at 2026-02-02 08:00 +2026-01-31 12:00 \\(0 min ago\\) +- +${who.actor} +it is outside`,
        "m",
      ),
    );
    const { found, text } = await status();
    assert.deepEqual(found.refused, { ...byWindow, at, retryAt: monday });
    assert.match(
      text,
      new RegExp(
        `^release ${two.id} was refused at 2026-01-31 12:00 \\(0 min ago, ${who.actor}\\): it is outside.*\n {2}its stage is tried again by itself at 2026-02-02 08:00, unless`,
        "m",
      ),
    );
    const period = { since: new Date(0), until: env.clock.now() };
    const entries = ledgerEntries({ records: [], notes }, period);
    assert.deepEqual(
      entries.map(({ kind, what, who: by, detail }) => [kind, what, by, detail]),
      [["deployment", `${two.id} was refused`, who.actor, outside]],
    );
  });

  it("is no more than a question in the status once its time is past and nothing came", async () => {
    await refused();
    await env.clock.sleep(Date.parse(monday) - env.clock.now().getTime());
    const { text } = await status();
    assert.match(
      text,
      new RegExp(`was to be tried again at 2026-02-02 08:00: see the pipeline; where nothing`),
    );
  });

  it("is told no more once it is deployed, or anything else is", async () => {
    await refused();
    await env.clock.sleep(Date.parse(monday) - env.clock.now().getTime());
    await deployThrough(env.ports, { release: two, ...who });
    assert.equal((await status()).found.refused, undefined);
    begin({ windows });
    await refused();
    env.past(three);
    assert.equal((await status()).found.refused, undefined);
  });

  describe("by a person's rollback", () => {
    beforeEach(async () => {
      begin();
      env.past(two, { previous: one });
      env.pointer = two;
      env.services = two;
      await rollbackThrough(env.ports, { owner: "ada", actor: "ada", reason: "payments fail" });
      env.promoted = three;
      env.told.length = 0;
      await refused(three);
    });

    it("is noted, with who holds it, and tried again by nobody", () => {
      const [{ note, reason, ...more }] = noted();
      assert.deepEqual([note, "gates" in more && more.gates], ["refused", ["hold"]]);
      assert.match(String(reason), /^the hold of \S+ by ada: payments fail$/);
      const [{ kind, nextSteps, retryAt }] = env.told;
      assert.deepEqual([kind, retryAt], ["held", undefined]);
      assert.match(
        String(nextSteps),
        /^Nobody tries it again by itself\. .*gantry resume --stack staging/,
      );
    });

    it("waits in the status for the end of the hold, and then for a retry", async () => {
      const held = (await status()).text;
      assert.match(
        held,
        /nobody tries it again by itself: gantry resume --stack staging, then retry/,
      );
      await resume(env.ports.ledger, { by: "grace", stack: "staging" });
      const { text } = await status();
      assert.match(
        text,
        /nobody tries it again by itself: once that is over, retry its stage \(gantry retry --stack staging\)/,
      );
    });
  });
});
