import assert from "node:assert/strict";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import {
  inProduction,
  lastWords,
  mistakesIn,
  placeOfMistakes,
  rolledBackBy,
} from "../../rehearsal/deliveries";
import { readProduct } from "../../rehearsal/product";
import type { PipelineRun } from "../../rehearsal/runner/run";
import { cannotStart, failsVerification } from "../../rehearsal/runner/mistakes";
import { delivered } from "./reportFixture";
import { Folders } from "./runner/support";

const [good, bad] = delivered.deliveries.map(({ runs }) => runs);
const [, production] = good;
/** Its Conclude says what verification found. */
const [failed] = bad.map((run) => saying(run, "Conclude", "web: FAIL  version is the expected"));
const failedAtDeploy = {
  ...failed,
  stages: failed.stages.map((stage) => ({
    ...stage,
    actions: stage.actions.map((action) => ({
      ...action,
      status: action.name === "Deploy" ? ("Failed" as const) : action.status,
    })),
  })),
};

function saying(run: PipelineRun, name: string, line: string): PipelineRun {
  const stages = run.stages.map((stage) => ({
    ...stage,
    actions: stage.actions.map((action) =>
      action.name === name ? { ...action, tail: [...action.tail, line] } : action,
    ),
  }));
  return { ...run, stages };
}

describe("what is expected of a commit that nothing is wrong with", () => {
  it("is that it runs in both environments", () => {
    assert.deepEqual(inProduction(good), {
      outcome: "It runs in staging and in production.",
      asExpected: true,
    });
  });

  for (const [title, runs, outcome] of [
    ["starts nothing", [], "It started no pipeline."],
    ["never arrives in production", [good[0]], "It started no second pipeline."],
    ["fails", bad, "shop-staging failed."],
    [
      "fails in production",
      [good[0], { ...production, status: "Failed" }],
      "shop-production failed.",
    ],
  ] as const) {
    it(`is not met when it ${title}`, () =>
      assert.deepEqual(inProduction(runs), { outcome, asExpected: false }));
  }
});

describe("what is expected of a commit that verification finds wrong", () => {
  it("is that it is rolled back in staging", () => {
    assert.deepEqual(rolledBackBy(failsVerification)([failed]), {
      outcome: "It was rolled back in staging, and never reached production.",
      asExpected: true,
    });
  });

  for (const [title, runs, outcome] of [
    ["passes", [good[0]], /nothing failed/],
    ["fails before its verification", [failedAtDeploy], /by Conclude; Deploy failed/],
    ["reaches production", [failed, production], /should have been rolled back/],
    ["starts nothing", [], /nothing failed/],
  ] as const) {
    it(`is not met when it ${title}`, () => {
      const judged = rolledBackBy(failsVerification)(runs);
      assert.equal(judged.asExpected, false);
      assert.match(judged.outcome, outcome);
    });
  }
});

describe("what is expected of a commit whose container cannot start", () => {
  it("is that its deployment fails in staging", () =>
    assert.ok(
      rolledBackBy(cannotStart)([saying(failedAtDeploy, "Deploy", "sh: start.sh: not found")])
        .asExpected,
    ));

  it("is not met when the deployment fails for another reason", () => {
    const { asExpected, outcome } = rolledBackBy(cannotStart)([failedAtDeploy]);
    assert.equal(asExpected, false);
    assert.match(outcome, /by Deploy; Deploy failed for another reason/);
  });

  it("is not met when only verification finds it", () => {
    const { asExpected, outcome } = rolledBackBy(cannotStart)(bad);
    assert.equal(asExpected, false);
    assert.match(outcome, /by Deploy; Conclude failed/);
  });
});

describe("what a rehearsal tells of a delivery that did not go as expected", () => {
  it("is what the failed action said last, and where the rest is", () =>
    assert.deepEqual(lastWords([saying(failedAtDeploy, "Deploy", "ECS: no space left")]), [
      "shop-staging: Deploy/Deploy said last (the whole: .gantry/rehearsal/logs/staging/Deploy.log):",
      "  | [Container] Running command node ~/gantry.cjs deploy",
      "  | ECS: no space left",
    ]));

  it("is nothing more where no action failed", () => assert.deepEqual(lastWords(good), []));
});

describe("the mistakes of later commits", () => {
  const sample = readFileSync(join(__dirname, "../../app/Dockerfile"), "utf8");

  it("are both for the sample: a container that cannot start, and a verification that fails", () => {
    const verify = "node verify/main.mjs";
    assert.deepEqual(mistakesIn({ verify }, sample), [cannotStart, failsVerification]);
  });

  for (const [title, verify, dockerfile] of [
    ["another verification", "curl -fsS $VERIFY_URL", sample],
    ["no verification", undefined, sample],
    ["an image that is not told its commit", "node verify/main.mjs", "FROM node:carbon\n"],
  ] as const) {
    it(`is that the container cannot start where there is ${title}`, () =>
      assert.deepEqual(mistakesIn({ verify }, dockerfile), [cannotStart]));
  }
});

describe("the file that later commits break", () => {
  const folders = new Folders();
  after(() => folders.remove());
  const stackFile = "Pulumi.staging.yaml";

  async function broken(services: object) {
    const folder = folders.make();
    writeFileSync(join(folder, "Pulumi.yaml"), "name: shop\nruntime: nodejs\n");
    const config = {
      "aws:region": "eu-west-1",
      "gantry:loadBalancer": { domain: { name: "shop.example.com", zone: "example.com" } },
      "gantry:services": services,
    };
    for (const name of [stackFile, "Pulumi.production.yaml"]) {
      writeFileSync(join(folder, name), JSON.stringify({ config }));
    }
    for (const name of ["web", "jobs"]) {
      mkdirSync(join(folder, name));
      writeFileSync(join(folder, name, "Dockerfile"), "FROM scratch\n");
    }
    const product = await readProduct(folder);
    const place = placeOfMistakes({ product, stackFile });
    assert.ok(place);
    // What is kept in a bucket no commit can break; a Dockerfile any.
    const kept = placeOfMistakes({ product });
    assert.equal(kept?.file, place.file === stackFile ? undefined : place.file);
    const { file, mistakes } = place;
    const own = readFileSync(join(folder, file), "utf8");
    const [{ make }, ...more] = mistakes(own);
    assert.deepEqual(more, []);
    return [file, make(own) ?? ""] as const;
  }

  const entrypoint = ["/usr/bin/node", "server.js"];
  const web = { build: "web", command: ["server.js"] };
  const jobs = { build: "jobs", kind: "worker" };
  const cache = { image: "redis:7.4", kind: "worker" };

  it("is the Dockerfile of the first service whose image says what it starts", async () => {
    assert.equal((await broken({ web, jobs }))[0], "web/Dockerfile");
    assert.equal((await broken({ web: { ...web, entrypoint }, jobs }))[0], "jobs/Dockerfile");
    assert.equal((await broken({ cache, jobs }))[0], "jobs/Dockerfile");
  });

  for (const [title, services, name] of [
    ["config has every entry point", { web: { ...web, entrypoint } }, "web"],
    ["every image is built elsewhere", { cache }, "cache"],
  ] as const) {
    it(`is the stack file where ${title}, and nothing else changes in it`, async () => {
      const [file, text] = await broken(services);
      assert.equal(file, stackFile);
      const { config } = JSON.parse(JSON.stringify(parse(text))) as {
        readonly config: { readonly "gantry:services": Record<string, { entrypoint?: string[] }> };
      };
      const { [name]: changed, ...others } = config["gantry:services"];
      assert.match(changed.entrypoint?.at(-1) ?? "", /start\.sh: not found.*exit 127/);
      const { [name]: own, ...ownOthers }: Record<string, object> = services;
      assert.deepEqual({ ...changed, entrypoint }, { ...own, entrypoint });
      assert.deepEqual(others, ownOthers);
    });
  }
});
