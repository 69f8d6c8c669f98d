import assert from "node:assert/strict";
import { deployThrough } from "../../../delivery/deploy";
import { closedTo, gateHeading, gateText } from "../../../delivery/gates";
import { overrideGates, type OverrideRequest } from "../../../delivery/override";
import { environmentStatus } from "../../../delivery/status";
import { historyText } from "../../../delivery/historyText";
import { statusText } from "../../../delivery/statusText";
import { aTarget } from "../support/aTarget";
import { ecsWith, running } from "../support/describedEcs";
import { FakeEnvironment, releaseNumber, web } from "../support/fakePorts";

const [one, two, three] = [1, 2, 3].map((n) => releaseNumber(n));
const windows = {
  ...{ timezone: "UTC", open: [{ days: "mon", from: "09:00", to: "16:00" }] },
};

describe("an override of gates", () => {
  let env: FakeEnvironment;

  beforeEach(() => {
    const pipeline = { promoteFrom: { stack: "dev" }, windows, alarms: true };
    env = FakeEnvironment.running(one, aTarget({ services: { web }, pipeline }));
    env.promoted = two;
  });

  const override = (more: Partial<OverrideRequest> = {}) =>
    overrideGates(
      env.ports.ledger,
      { by: "ada", reason: "fixes the checkout", hours: 2, ...more },
      env.clock,
    );
  const deploy = (release = two) =>
    deployThrough(env.ports, { release, owner: `execution-${release.id}`, actor: "bob" });
  const fire = () => {
    env.alarms = () => Promise.resolve({ firing: [{ name: "errors" }], unknown: [] });
  };
  const until = "2026-01-31T14:00:00.000Z";
  const told = `overridden until ${until} by ada: fixes the checkout`;

  it("lets a release past, at once, and says by whom", async () => {
    fire();
    await override();
    assert.equal((await deploy()).status, "deployed");
    assert.deepEqual(env.clock.pauses, []);
    for (const why of ["it is outside of the deployment windows", "the alarm errors fires"]) {
      assert.ok(
        env.log.includes(`deploy: ${why}; windows, alarms, soak ${told}`),
        env.log.join("\n"),
      );
    }
  });

  it("ends the wait for alarms within which it is set", async () => {
    await override({ gates: ["windows"] });
    let asked = 0;
    env.alarms = async () => {
      asked += 1;
      if (asked === 3) await override({ gates: ["alarms"], release: two.id });
      return { firing: [{ name: "errors" }], unknown: [] };
    };
    assert.equal((await deploy()).status, "deployed");
    assert.equal(asked, 4);
    const waited = env.log.findIndex((line) => line === "deploy: waiting: the alarm errors fires");
    const letPast = env.log.findIndex((line) =>
      line.startsWith(`deploy: the alarm errors fires; alarms overridden for ${two.id} until`),
    );
    assert.ok(waited >= 0 && letPast > waited, env.log.join("\n"));
  });

  it("is told by the refusal that it is for", async () => {
    await assert.rejects(
      deploy(),
      new RegExp(`gantry override --stack staging --reason "..." --release ${two.id}\\.`),
    );
  });

  it("lets past what it names alone", async () => {
    fire();
    await override({ gates: ["windows"] });
    await assert.rejects(deploy(), /not deployed to staging now: the alarm errors fires\. Nothing/);
  });

  it("lets one release past where it is for one", async () => {
    await override({ release: two.id });
    env.promoted = three;
    await assert.rejects(deploy(three), /outside of the deployment windows/);
    env.promoted = two;
    assert.equal((await deploy(two)).status, "deployed");
  });

  it("ends when its hours are over", async () => {
    await override({ hours: 0.5 });
    await env.clock.sleep(30 * 60_000);
    await assert.rejects(deploy(), /outside of the deployment windows/);
  });

  it("is in the evidence, the status and the history", async () => {
    await override();
    const [gate] = await closedTo(env.ports, { releaseId: two.id, view: env.view });
    assert.equal(
      `${gateHeading(gate)}: ${gateText(gate)}`,
      `Let past: it is outside of the deployment windows; windows, alarms, soak ${told}`,
    );
    const { target, clock, ports } = env;
    const { ledger, pointer, alarms } = ports;
    const status = await environmentStatus({
      ...{ target, clock, ledger, pointer, alarms, failures: () => Promise.resolve([]) },
      ecs: ecsWith(running("shop--staging--web", 1, [one.images.web.digest])),
    });
    const reader = { now: clock.now(), timezone: "Etc/UTC" };
    const read = told.replace(until, "2026-01-31 14:00");
    const text = statusText(status, reader);
    assert.ok(text.includes(`\nbut windows, alarms, soak ${read}\n`), text);
    const { records, notes } = env.view;
    assert.match(
      historyText(records, notes ?? [], reader),
      /override +until 2026-01-31 14:00 .*ada +windows, alarms, soak: fixes the checkout/,
    );
    const whatever = statusText({ ...status, gates: [] }, reader);
    assert.ok(whatever.includes(`\nwhatever closes: windows, alarms, soak ${read}\n`), whatever);
    await clock.sleep(3 * 3_600_000);
    const later = await environmentStatus({
      ...{ target, clock, ledger, pointer, alarms, failures: () => Promise.resolve([]) },
      ecs: ecsWith(running("shop--staging--web", 1, [one.images.web.digest])),
    });
    assert.deepEqual(later.overrides, []);
  });

  const faults: readonly (readonly [string, Partial<OverrideRequest>, RegExp])[] = [
    ["no reason", { reason: " " }, /no reason is given.*--reason/],
    ["no time", { hours: 0 }, /cannot be for 0 hours: more than 0, up to 72/],
    ["four days", { hours: 96 }, /cannot be for 96 hours/],
    ["no number", { hours: Number("two") }, /cannot be for NaN hours/],
    ["a gate that there is not", { gates: ["windows", "door"] }, /door is no gate; there are/],
    ["no gates", { gates: [] }, /nothing is no gate/],
    ["no id of a release", { release: "the-fix" }, /the-fix is no id.*--release 3f9c2a1b-17/],
  ];
  for (const [title, request, message] of faults) {
    it(`is refused with ${title}, and nothing is noted`, async () => {
      await assert.rejects(override(request), message);
      assert.equal(env.view.standing?.version, 0);
    });
  }
});
