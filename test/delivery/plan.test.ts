import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { PlannedChange } from "../../delivery/engine";
import { targetUrns } from "../../delivery/engine/targets";
import { DeliveryError } from "../../delivery/errors";
import { planThrough, type PlanRequest } from "../../delivery/plan";
import { deliveryTimes } from "../../contract/times";
import { aTarget } from "./support/aTarget";
import { FakeEnvironment, releaseNumber, web } from "./support/fakePorts";

const [one, two, three] = [1, 2, 3].map((n) => releaseNumber(n));
const evidence = {
  ...{ release: two.id, commit: two.commit, subject: "Sort the cart", author: "Ada" },
  ...{ tests: { web: "passed in 12 s" }, scans: { web: { HIGH: 1 } } },
  history: [{ release: one.id, commit: one.commit, at: "2026-01-01T00:00:00Z" }],
};

describe("plan", () => {
  let folder: string;
  let output: string;
  let env: FakeEnvironment;

  const bundle = (release: unknown = two, known: unknown = evidence) => {
    const text = (content: unknown) =>
      typeof content === "string" ? content : JSON.stringify(content);
    writeFileSync(join(folder, ".release", "release.json"), text(release));
    writeFileSync(join(folder, ".release", "evidence.json"), text(known));
  };
  const plan = (request: Partial<PlanRequest> = {}) =>
    planThrough(env.ports, { output, owner: "execution-2", ...request });
  const written = (name: string): unknown => JSON.parse(readFileSync(join(output, name), "utf8"));

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "gantry-plan-"));
    output = join(folder, "out");
    mkdirSync(join(folder, ".release"));
    bundle();
    env = FakeEnvironment.running(
      one,
      aTarget({ services: { web }, pipeline: {} }, folder, "production"),
    );
    env.promoted = two;
    env.stateVersion = "7";
  });

  afterEach(() => rmSync(folder, { recursive: true }));

  it("changes nothing: it looks, asks Pulumi, and stops what waits for an older approval", async () => {
    await plan();
    assert.deepEqual(env.done, [
      `preflight ${two.id}`,
      `preview ${two.id}`,
      `supersede for ${two.id}`,
    ]);
    assert.equal(env.records.length, 1);
    assert.equal(env.pointer, one);
  });

  it("tells people once that it waits for one of them, with the commit and what they are shown", async () => {
    const { summary } = await plan();
    const [{ kind, what, why, commits, lines = [] }, ...more] = env.told;
    assert.deepEqual([kind, why, more], ["waitsForApproval", summary, []]);
    assert.equal(what, `release ${two.id} waits for an approval`);
    assert.match(String(commits?.[0]), new RegExp(`^${two.commit.slice(0, 8)} `));
    // What is dangerous in production's config, each with its reason.
    assert.match(
      lines.join("\n"),
      /^gantry:loadBalancer.domain: plain HTTP.* \(rule plain-http\)$/m,
    );
  });

  it("shows what is dangerous in the images beside what is in config", async () => {
    const path = "gantry:services.web.user";
    env.imageDangers = [{ path, danger: "nobody here and in the image", verdict: "Safe: node" }];
    const { dangers = [] } = (await plan()).evidence;
    assert.ok(dangers.length > 1);
    assert.deepEqual(dangers.at(-1), env.imageDangers[0]);
    const text = readFileSync(join(output, "evidence.md"), "utf8");
    assert.match(text, /\n- gantry:services.web.user: nobody here and in the image. Safe: node\n/);
  });

  it("stops nothing where it fails: then nobody can be asked for it", async () => {
    env.failOn("preview", new DeliveryError("Pulumi says no"));
    await assert.rejects(plan(), /Pulumi says no/);
    env.promoted = three;
    await assert.rejects(plan(), /is superseded/);
    assert.ok(!env.done.some((step) => step.startsWith("supersede")));
  });

  it("writes what the plan was made on", async () => {
    await plan();
    assert.deepEqual(written("basis.json"), {
      ...{ release: two.id, running: one.id, deployment: 1, stateVersion: "7" },
    });
  });

  it("compares with what serves while another release waits, where that gives way to this one", async () => {
    const [held, serving] = [releaseNumber(1), releaseNumber(0)];
    const waits = (approval: unknown) => {
      const pipeline = { approval, promoteFrom: { stack: "staging" } };
      const target = aTarget({ services: { web }, pipeline }, folder, "production");
      env = FakeEnvironment.running(serving, target);
      env.lock = { ...{ number: 2, owner: "older", at: "" }, releaseId: held.id };
      env.past(held, { status: "held", previous: serving, owner: "older" });
      env.pointer = held;
      env.promoted = two;
    };
    waits("afterVerification");
    const { summary } = await plan();
    assert.match(summary, new RegExp(`which runs ${serving.id}\\. .*Settings since ${held.id},`));
    assert.match(
      readFileSync(join(output, "evidence.md"), "utf8"),
      new RegExp(`- compared with ${held.id}, which waited then`),
    );
    assert.deepEqual(written("basis.json"), {
      ...{ release: two.id, running: held.id, deployment: 2, stateVersion: "1" },
    });
    waits(true);
    assert.match((await plan()).summary, new RegExp(`which runs ${held.id}\\. .*Settings: `));
  });

  it("writes a basis before the first release too", async () => {
    env.records = [];
    env.pointer = undefined;
    const { summary } = await plan();
    assert.deepEqual(written("basis.json"), {
      ...{ release: two.id, running: null, deployment: 0, stateVersion: "7" },
    });
    assert.match(summary, /which runs no release yet/);
  });

  it("answers the summary, and writes the evidence as data and as a page", async () => {
    const [urn] = targetUrns(env.target);
    env.pending = [
      { ...change("replace", "x"), urn, oldInputs: { cpu: "256" }, newInputs: { cpu: "512" } },
    ];
    const { summary } = await plan();
    assert.match(
      summary,
      /^Release 00000002-2 \(Sort the cart\) by Ada for production, which runs/,
    );
    assert.match(summary, /Images: web 00000001 to 00000002\. Settings: web cpu 256 to 512\./);
    assert.match(summary, /Tests: web passed in 12 s\. Scan: web 1 HIGH\. Verified: nowhere yet\./);
    const { settings, plannedBy } = written("evidence.json") as Record<string, unknown>;
    assert.deepEqual(settings, [{ service: "web", property: "cpu", from: "256", to: "512" }]);
    assert.equal(plannedBy, "execution-2");
    assert.match(readFileSync(join(output, "evidence.md"), "utf8"), /- web cpu: 256 -> 512/);
  });

  it("has what the policy pack advises in the evidence", async () => {
    env.advice = ["policy sqs-dead-letters (orders): no dead letters"];
    const { evidence } = await plan();
    assert.deepEqual(evidence.policy, env.advice);
    const page = readFileSync(join(output, "evidence.md"), "utf8");
    assert.match(page, /\n## What the policy pack advises\n\n- policy sqs-dead-letters \(orders\)/);
  });

  it("links to the commits, or else to the pipeline", async () => {
    const region = "eu-west-1";
    assert.equal(
      (await plan()).link,
      `https://${region}.console.aws.amazon.com/codesuite/codepipeline/pipelines/shop--production/view?region=${region}`,
    );
    assert.match((await plan({ pipeline: "other" })).link, /pipelines\/other\/view/);
    const repository = "https://github.com/acme/shop";
    bundle(two, { ...evidence, repository });
    assert.equal((await plan()).link, `${repository}/compare/${one.commit}...${two.commit}`);
  });

  describe("is refused", () => {
    const refused = async (expected: RegExp): Promise<DeliveryError> => {
      try {
        await plan();
      } catch (error) {
        assert.ok(error instanceof Error, String(error));
        assert.match(error.message, expected);
        assert.throws(() => readdirSync(join(output, "basis.json")));
        return error as DeliveryError;
      }
      throw new assert.AssertionError({ message: "it was planned" });
    };

    it("where a newer release has been promoted (row 16)", async () => {
      env.promoted = three;
      await refused(new RegExp(`superseded: ${three.id}`));
      assert.deepEqual(env.done, []);
    });

    it("where a newer release runs (row 22)", async () => {
      env.pointer = three;
      await refused(new RegExp(`superseded: production runs ${three.id}`));
    });

    it("where another release bears its id", async () => {
      env.pointer = { ...one, id: two.id, commit: two.commit };
      await refused(/other images than the release of that id/);
    });

    it("where the preflight finds a fault", async () => {
      env.failOn("preflight", new DeliveryError("the image is missing"));
      await refused(/the image is missing/);
    });

    it("where it needs infrastructure that nobody applied (row 44)", async () => {
      env.pending = [change("create", "shop--production-uploads")];
      const { message, details } = await refused(/needs infrastructure of production/);
      assert.match(message, /pulumi up --stack production/);
      assert.deepEqual(details, ["create aws:s3:Bucket shop--production-uploads"]);
    });

    it("where it runs already, and config has other settings, which no release applies", async () => {
      bundle(one, { ...evidence, release: one.id, commit: one.commit });
      env.promoted = one;
      assert.match((await plan()).summary, /Settings: none changes\./);
      rmSync(output, { recursive: true });
      const inputs = { oldInputs: { cpu: "256" }, newInputs: { cpu: "512" } };
      env.pending = [{ ...change("replace", "x"), urn: targetUrns(env.target)[0], ...inputs }];
      const { message, details } = await refused(/runs on production already, as deployment 1/);
      assert.match(message, /Nothing was changed\. Apply them: pulumi up --stack production$/);
      assert.deepEqual(details, ["web cpu: 256 -> 512"]);
    });

    it("where the folder is no bundle", async () => {
      rmSync(join(folder, ".release"), { recursive: true });
      await refused(/not the bundle of a release/);
    });

    it("where the manifest is malformed (row 42)", async () => {
      for (const release of ["{", { ...two, images: { web: { tag: "a" } } }, { ...two, id: "x" }]) {
        bundle(release);
        await refused(/release\.json is malformed; nothing was changed/);
      }
      assert.deepEqual(env.done, []);
    });

    it("where the evidence is malformed, or of another release", async () => {
      for (const known of ["{", { ...evidence, tests: ["passed"] }, { ...evidence, history: 1 }]) {
        bundle(two, known);
        await refused(/evidence\.json is malformed\. Nothing was changed/);
      }
      bundle(two, { ...evidence, release: one.id });
      await refused(new RegExp(`is of release ${one.id}, and the bundle of ${two.id}`));
    });
  });

  describe("while a deployment is in progress", () => {
    const lockedFor = (minutes: number) => {
      const at = new Date(env.clock.now().getTime() - minutes * 60_000).toISOString();
      env.lock = { number: 2, owner: "execution-1", at, releaseId: one.id };
    };

    it("waits for its end, since a plan made before would be stale", async () => {
      env.past(one, { status: "inProgress" });
      lockedFor(1);
      const { clock } = env;
      const sleep = clock.sleep.bind(clock);
      clock.sleep = async (milliseconds) => {
        await sleep(milliseconds);
        if (clock.pauses.length === 3) env.lock = undefined;
        if (clock.pauses.length === 3) env.past(one);
      };
      await plan();
      assert.deepEqual(clock.pauses, [15_000, 15_000, 15_000]);
      assert.equal((written("basis.json") as { deployment: number }).deployment, 3);
      assert.equal(env.log.filter((line) => /waiting for deployment 2/.test(line)).length, 1);
    });

    it("waits no longer than a deployment takes", async () => {
      lockedFor(deliveryTimes(env.target.config).lockMinutes - 1);
      await plan();
      assert.equal(env.clock.pauses.length, 4);
    });

    it("ends when one deployment follows another until its own time is over", async () => {
      const { clock } = env;
      const sleep = clock.sleep.bind(clock);
      lockedFor(0);
      clock.sleep = async (milliseconds) => {
        await sleep(milliseconds);
        lockedFor(1);
      };
      await assert.rejects(plan(), /the time is over: the plan was not begun/);
    });

    it("does not wait for one that was left", async () => {
      lockedFor(600);
      await plan();
      assert.deepEqual(env.clock.pauses, []);
      assert.match(env.log.join("\n"), /not waited for any longer/);
    });
  });
});

function change(op: PlannedChange["op"], name: string): PlannedChange {
  const type = "aws:s3/bucket:Bucket";
  const urn = `urn:pulumi:production::shop::${type}::${name}`;
  return { urn, type, name, op, properties: [], oldInputs: {}, newInputs: {} };
}
