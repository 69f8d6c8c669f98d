import assert from "node:assert/strict";
import type { ECSClient } from "@aws-sdk/client-ecs";
import type { DriftMemory } from "../../delivery/drift/memory";
import { environmentStatus } from "../../delivery/status";
import { historyOf, historyText } from "../../delivery/historyText";
import { statusText } from "../../delivery/statusText";
import { aTarget } from "./support/aTarget";
import { ecsWith, running } from "./support/describedEcs";
import { FakeEnvironment, releaseNumber, web } from "./support/fakePorts";

const [one, two] = [1, 2].map((n) => releaseNumber(n));
const target = aTarget({ services: { web, jobs: { kind: "worker", build: "jobs" } } });
const digestOf = (release: typeof one) => release.images.web.digest;

describe("the status of an environment", () => {
  let env: FakeEnvironment;
  let ecs: ECSClient;
  const jobs = running("shop--staging--jobs", 3, [undefined, undefined, undefined]);
  let drift: DriftMemory | undefined;
  let logged: string[];
  const status = (of = target) => {
    const { ledger, pointer, alarms } = env.ports;
    const failures = (service: string) =>
      Promise.resolve([`${service}: a task stopped: proxy`, ...logged]);
    const ports = { ecs, ledger, pointer, alarms, failures };
    return environmentStatus({ target: of, ...ports, drift: () => Promise.resolve(drift) });
  };
  const whole = async (of = target, timezone = "Etc/UTC") =>
    statusText(await status(of), { now: new Date("2026-01-31T12:25:00Z"), timezone });
  /** Without the zone, which it ends with. */
  const text = async (of = target) => (await whole(of)).replace("\n\nTimes are of Etc/UTC.", "");

  beforeEach(() => {
    env = new FakeEnvironment(target);
    drift = undefined;
    logged = [];
    ecs = ecsWith(running("shop--staging--web", 2, [digestOf(one)]), jobs);
    env.past(one);
    env.pointer = one;
  });

  it("tells the release, its deployment, and each service with its tasks", async () => {
    const lines = (await text()).split("\n");
    assert.match(
      lines[0],
      /^staging runs 00000001-1 \(commit (00000001){5}\): deployment 1 \(deploy\), verified, since 2026-\d\d-\d\d \d\d:\d\d \(\d+ \w+ ago\), by ada$/,
    );
    assert.match(lines[3], /^web +1\/2 +00000001 +sha256:111111111111 \(1\) +yes$/);
    assert.match(lines[4], /^jobs +3\/3 +- +unknown \(3\) +yes$/);
  });

  it("has times by the clocks of who reads it, and leaves those of log lines", async () => {
    env.lock = { number: 2, owner: "e", at: "2026-01-31T12:00:00Z", releaseId: two.id };
    logged = ["  | 2026-01-31T12:00:00Z crashed"];
    const told = await whole(target, "Asia/Tokyo");
    assert.match(told, /since 2026-01-31 21:00 \(25 min ago\) for deployment 2/);
    assert.match(told, /^ {2}\| 2026-01-31T12:00:00Z crashed$/m);
    assert.match(told, /\n\nTimes are of Asia\/Tokyo\.$/);
  });

  it("tells why tasks failed of a service that is short of them, and of no other", async () => {
    assert.deepEqual((await text()).split("\n").slice(5), ["", "web: a task stopped: proxy"]);
    ecs = ecsWith(running("shop--staging--web", 1, [digestOf(one)]), jobs);
    assert.equal((await text()).split("\n").length, 5);
  });

  it("tells what the last check for drift found, when, and how to look", async () => {
    ecs = ecsWith(running("shop--staging--web", 1, [digestOf(one)]), jobs);
    const checkedAt = "2026-01-31T10:25:00Z";
    const finding = { id: "a", urn: "urn:a", type: "aws:sqs/queue:Queue", name: "a" };
    const gone = { ...finding, resourceId: "a", what: "gone" as const };
    drift = { checkedAt, findings: [{ ...gone, since: "2026-01-29T05:00:00Z" }] };
    const look = "  what there is now: gantry drift --stack staging";
    assert.deepEqual((await text()).split("\n").slice(5), [
      "",
      `drift: what was applied and what is there differ: 1 resource since 2026-01-29 05:00, as checked at 2026-01-31 10:25 (2 h ago)`,
      look,
    ]);
    assert.deepEqual((await status()).drift, drift);
    drift = { checkedAt, findings: [] };
    assert.deepEqual((await text()).split("\n").slice(5), [
      "",
      `drift: nothing differs from what was applied, as checked at 2026-01-31 10:25 (2 h ago)`,
      look,
    ]);
  });

  it("tells where the dashboard is, where there is one", async () => {
    const watched = aTarget({ dashboard: true, services: { web } });
    const url =
      "https://eu-west-1.console.aws.amazon.com/cloudwatch/home?region=eu-west-1#dashboards/dashboard/shop--staging";
    assert.equal((await status(watched)).dashboardUrl, url);
    assert.match(await text(watched), /\n\ndashboard: https:\S+\/shop--staging$/);
    assert.equal((await status()).dashboardUrl, undefined);
  });

  it("tells that nothing was released yet", async () => {
    env = new FakeEnvironment(target);
    assert.match(await text(), /^staging has no release yet/);
  });

  it("marks the drift of a service whose tasks run another image, and says what to do (row F1)", async () => {
    ecs = ecsWith(running("shop--staging--web", 2, [digestOf(two), digestOf(two)]), jobs);
    const told = await text();
    assert.match(told, /^staging SHOULD RUN 00000001-1/);
    assert.match(told, /^web +2\/2 +00000001 +sha256:222222222222 \(2\) +DRIFT$/m);
    assert.match(told, /web drifted: its tasks run sha256:222222222222 \(2\), and 00000001-1 has/);
    assert.match(told, /gantry restore --stack staging$/m);
    assert.equal((await status()).services[0].condition, "drift");
  });

  it("takes what rolls out for no drift: by ECS, and while a deployment holds the lock", async () => {
    const both = [digestOf(two), digestOf(one)];
    ecs = ecsWith(running("shop--staging--web", 2, both, "IN_PROGRESS"), jobs);
    assert.equal((await status()).services[0].condition, "rollingOut");
    ecs = ecsWith(running("shop--staging--web", 2, both), jobs);
    assert.equal((await status()).services[0].condition, "drift");
    env.lock = { number: 2, owner: "execution", at: "2026-01-31T12:00:00Z", releaseId: two.id };
    assert.equal((await status()).services[0].condition, "rollingOut");
  });

  it("tells which service is missing, and the command that makes it (row F2)", async () => {
    ecs = ecsWith(running("shop--staging--web", 1, [digestOf(one)]));
    const told = await text();
    assert.match(told, /^jobs +no service .* MISSING$/m);
    assert.match(told, /pulumi refresh --stack staging && pulumi up --stack staging/);
  });

  it("tells a service that is scaled to zero as unproven (row F3)", async () => {
    ecs = ecsWith(running("shop--staging--web", 0, []), jobs);
    const told = await text();
    assert.match(told, /^web +0\/0 .* UNPROVEN$/m);
    assert.match(told, /scale it up: gantry scale web <tasks> --stack staging/);
  });

  it("takes the next task of a service that waits for messages without one for what it runs", async () => {
    const scaling = { min: 0, max: 10, messagesPerTask: 100 };
    const waits = aTarget({
      services: {
        orders: { publishes: ["placed"] },
        web: { kind: "worker", subscribes: { placed: { from: "orders" } }, scaling },
      },
    });
    const told = async (release: typeof one) => {
      const { service } = running("shop--staging--web", 0, []);
      // Its fake ARN is the image.
      const taskDefinition = `shop/web@${digestOf(release)}`;
      ecs = ecsWith({ service: { ...service, taskDefinition }, digests: [] });
      return text(waits);
    };
    assert.match(await told(one), /^web +0\/0 +00000001 +sha256:111111111111 \(next task\) +yes$/m);
    assert.match(await told(two), /sha256:222222222222 \(next task\) +DRIFT$/m);
    assert.match(
      await told(two),
      /^web drifted: its next task has sha256:222222222222, and 00000001-1 has/m,
    );
  });

  it("tells verified once verified, also after it was put back", async () => {
    env.past(one, { kind: "restore", status: "deployed" });
    assert.match((await text()).split("\n")[0], /deployment 2 \(restore\), verified/);
  });

  it("tells the deployment that succeeded, and not a later one of the same release that failed", async () => {
    env.past(one, { status: "failed", reason: "crashed", restored: one.id });
    assert.equal((await status()).deployment?.number, 1);
  });

  it("tells of a deployment that failed and could not be taken back", async () => {
    env.past(two, { status: "failed", reason: "crashed\nbelow", previous: one });
    const told = await text();
    assert.match(told, /deployment 2 of 00000002-2 failed and was not taken back: crashed$/m);
    assert.match(told, /gantry rollback --stack staging --to 00000001-1/);
  });

  it("tells that the history was lost, and how to go on (row F4)", async () => {
    env.records = [];
    const told = await text();
    assert.match(told, /the history does not know since when/);
    assert.match(told, /the history of staging is empty[\s\S]*restore-table-to-point-in-time/);
  });

  it("tells who holds the lock, for how long, and what to do", async () => {
    env.lock = { number: 7, owner: "execution-7", at: "2026-01-31T12:00:00Z", releaseId: two.id };
    assert.match(
      await text(),
      /locked by execution-7 since 2026-01-31 12:00 \(25 min ago\) for deployment 7 of 00000002-2\n.*gantry unlock/,
    );
  });

  it("tells who holds it, since when and why, and how that ends", async () => {
    const hold = { by: "ada", reason: "payments fail", release: two.id };
    await env.notes.add({ note: "hold", ...hold }, env.records);
    const at = "2026-01-31T12:00:00.000Z";
    assert.deepEqual((await status()).hold, { ...hold, at });
    assert.match(
      await text(),
      /^staging is on hold since 2026-01-31 12:00 \(25 min ago\), by ada: payments fail\n.* left 00000002-2; .*gantry resume --stack staging$/m,
    );
  });
});

describe("the history of an environment", () => {
  const reader = { now: new Date("2026-01-31T12:25:00Z"), timezone: "Etc/UTC" };

  it("tells each deployment, newest first, with why it failed and what was put back", () => {
    const env = new FakeEnvironment(target);
    env.past(one);
    env.past(two, { status: "failed", reason: "web crashed\nlines below", restored: one.id });
    const [head, newest, oldest] = historyText(env.records, [], reader).split("\n");
    assert.match(head, /^NO +RELEASE +KIND +STATUS/);
    assert.match(newest, /^2 +00000002-2 .* failed .* web crashed \(00000001-1 put back\)$/);
    assert.match(oldest, /^1 +00000001-1 +deploy +verified/);
  });

  it("tells what is unproven (row F3)", () => {
    const env = new FakeEnvironment(target);
    env.past(one, { status: "deployed", unproven: ["web"] });
    assert.match(
      historyText(env.records, [], reader),
      /deployed, unproven .* no task of web should run$/m,
    );
  });

  it("tells what was noted after which deployment, and gives it to each of them", async () => {
    const env = new FakeEnvironment();
    const override = { by: "grace", reason: "hotfix", until: "2026-02-01T00:00:00Z" };
    await env.notes.add({ note: "override", ...override, gates: ["window", "soak"] }, env.records);
    env.past(releaseNumber(1));
    await env.notes.add({ note: "hold", by: "ada", reason: "500" }, env.records);
    const since = env.notes.standing.hold?.at ?? "";
    await env.notes.add({ note: "resumed", by: "grace", since }, env.records);
    env.past(releaseNumber(2));
    const { records, notes = [] } = env.view;
    const lines = historyText(records, notes, reader).split("\n");
    assert.deepEqual(
      lines.slice(1, -2).map((line) => line.split(/ +/)[2]),
      ["deploy", "resumed", "hold", "deploy", "override"],
    );
    assert.match(lines[3], /^- +- +hold +- +\S+ \S+ \(25 min ago\) +- +ada +500$/);
    assert.match(lines[5], /override +until 2026-02-01 00:00 .* window, soak: hotfix$/);
    const told = historyOf(records, notes);
    assert.deepEqual(
      told.map((record) => record.notes?.map(({ note }) => note)),
      [undefined, ["resumed", "hold"]],
    );
  });

  it("has times by the clocks of who reads it", () => {
    const env = new FakeEnvironment(target);
    const reason = "it opens at 2026-01-31T23:30:00Z";
    env.past(one, { begunAt: "2026-01-31T12:22:00.000Z", status: "failed", reason });
    const text = historyText(env.records, [], { ...reader, timezone: "Asia/Tokyo" });
    assert.match(text, / 2026-01-31 21:22 \(3 min ago\) .*it opens at 2026-02-01 08:30$/m);
    assert.ok(text.endsWith("\n\nTimes are of Asia/Tokyo."));
  });

  it("cuts long reasons, and tells that there is none", () => {
    const env = new FakeEnvironment(target);
    env.past(one, { status: "failed", reason: "x".repeat(500) });
    assert.match(historyText(env.records, [], reader), /x{97}\.\.\.$/m);
    assert.equal(
      historyText([], [], reader),
      "nothing has been deployed yet, or the history was lost",
    );
  });
});
