import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { PipelineRun } from "../../rehearsal/runner/run";
import { countOf } from "../../rehearsal/traffic/report";
import { wrongAnswers } from "../../rehearsal/traffic/wrong";
import { actionsOf, Clone, project } from "./clone";
import { startDockerEngine, whyNoDockerEngine, type DockerEngine } from "../support/dockerEngine";
import { buildOnEachOther, log } from "./support";

const staging = ["Source", "Build-web", "Release", "Deploy", "Verify", "Conclude", "Promote"];
const production = ["Source", "Plan", "Approve", "Deploy", "Verify", "Conclude"];

const outcomesOf = (run: PipelineRun) => [
  run.pipeline,
  run.status,
  actionsOf(run).map(({ name, status }) => [name, status]),
];
const allSucceeded = (names: readonly string[]) => names.map((name) => [name, "Succeeded"]);

/** By Docker where an engine can be started, else by what this machine has; products.test.ts has buildah alone. */
describe("npm start", function () {
  buildOnEachOther();
  let engine: DockerEngine | undefined;
  let clone: Clone;
  let folder: string;

  before(async () => {
    const reason = whyNoDockerEngine();
    if (reason) console.log(`      without Docker: ${reason}`);
    else engine = await startDockerEngine({ log });
    clone = new Clone();
    folder = clone.folder;
  });

  after(async () => {
    await clone?.end();
    await engine?.stop();
  });

  const npmStart = (...args: string[]) => clone.npmStart(args, engine?.env);
  const report = () => clone.report();

  it("--help says what there is, and does nothing", async () => {
    const { code, stdout } = await npmStart("--help");
    assert.equal(code, 0);
    assert.match(stdout, /--keep[\s\S]*--destroy/);
    assert.equal(existsSync(join(folder, ".gantry")), false);
  });

  it("fails when it is given an unknown option, and names it", async () => {
    const { code, stderr } = await npmStart("--destory");
    assert.equal(code, 2);
    assert.match(
      stderr,
      /unknown option '--destory'[\s\S]*Did you mean --destroy\?[\s\S]*npm start -- --help/,
    );
  });

  it("--destroy without anything running says so", async () => {
    const { code, stderr } = await npmStart("--destroy");
    assert.equal(code, 0);
    assert.match(stderr, /Nothing is running/);
  });

  it("--keep brings both environments up and delivers three commits, and leaves everything", async () => {
    const { code, stdout, stderr } = await npmStart("--keep");
    assert.equal(code, 0, stderr);
    const { succeeded, environments } = report();
    assert.equal(succeeded, true);
    assert.match(stdout, /^gantry--production +Approve +Approve +\d+\.\d +succeeded$/m);
    assert.match(stdout, /^production +web +\S+ +yes +sha256:[0-9a-f]{64}$/m);
    assert.match(stdout, /pulumi -C .* preview --stack staging/);
    const names = ["up", "preview", "preview after delivery"];
    assert.deepEqual(
      environments.map(({ stack, phases }) => [stack, phases.map(({ name }) => name)]),
      [
        ["staging", names],
        ["production", names],
      ],
    );
    for (const { phases } of environments) {
      assert.deepEqual(Object.keys(phases[2].changes), ["same"]);
    }
  });

  it("leaves the service where it is to be opened: its address answers in both environments", async () => {
    const { addresses, running } = report();
    assert.deepEqual(
      addresses.map(({ stack, service }) => [stack, service]),
      [
        ["staging", "web"],
        ["production", "web"],
      ],
    );
    for (const { stack, url } of addresses) {
      const response = await fetch(`${url}/version`);
      const answer = (await response.json()) as { readonly commit: string };
      const release = running.find((one) => one.stack === stack)?.release ?? "";
      assert.ok(release.startsWith(answer.commit.slice(0, 8)), `${release} ${answer.commit}`);
    }
  });

  it("delivers the first commit all the way, and the digest that was built is the one that runs", () => {
    const { deliveries, running } = report();
    const [{ runs, asExpected, evidence }] = deliveries;
    assert.equal(asExpected, true);
    assert.deepEqual(runs.map(outcomesOf), [
      ["gantry--staging", "Succeeded", allSucceeded(staging)],
      ["gantry--production", "Succeeded", allSucceeded(production)],
    ]);
    const built = actionsOf(runs[0]).find(({ name }) => name === "Build-web")?.outputVariables;
    const digest = built?.GANTRY_IMAGE.split("@")[1] ?? "";
    assert.match(digest, /^sha256:[0-9a-f]{64}$/);
    for (const { stack, services } of running) {
      assert.deepEqual(
        services,
        [
          {
            service: "web",
            checked: true,
            digest,
            registry: digest,
            taskDefinition: digest,
            ledger: digest,
          },
        ],
        stack,
      );
    }
    assert.deepEqual(
      running.map(({ stack, verified }) => [stack, verified]),
      [
        ["staging", true],
        ["production", true],
      ],
    );
    assert.match(evidence[runs[1].executionId], /feat: gantry/);
  });

  it("asks production all the while: nobody is lost, and nobody meets what was not verified", () => {
    const { traffic } = report().deliveries[0];
    assert.equal(traffic?.stack, "production");
    assert.ok(countOf(traffic, "verified") > 0);
    assert.deepEqual(wrongAnswers(traffic), []);
    const [{ shifts }] = traffic.services;
    assert.ok(shifts.some(({ lifecycleStage }) => lifecycleStage === "PRODUCTION_TRAFFIC_SHIFT"));
  });

  it("lets each action work under a role of its own", () => {
    const runs = report().deliveries[0].runs;
    const roles = runs.flatMap(actionsOf).map(({ role }) => role);
    assert.equal(new Set(roles).size, roles.length, roles.join("\n"));
  });

  it("rolls the second commit back in staging, whose container does not start", () => {
    const { deliveries } = report();
    const [, { runs, asExpected }] = deliveries;
    assert.equal(asExpected, true);
    const reached = ["Source", "Build-web", "Release"];
    assert.deepEqual(runs.map(outcomesOf), [
      [
        "gantry--staging",
        "Failed",
        staging.map((name) => [
          name,
          reached.includes(name) ? "Succeeded" : name === "Deploy" ? "Failed" : "Skipped",
        ]),
      ],
    ]);
    const deploy = actionsOf(runs[0]).find(({ name }) => name === "Deploy");
    const tail = deploy?.tail.join("\n") ?? "";
    assert.match(tail, /circuit breaker/);
    assert.match(tail, /start\.sh: not found/, "what the container said last");
  });

  it("rolls the third commit back in staging, whose verification fails, and never promotes it", () => {
    const { deliveries, running } = report();
    assert.equal(deliveries.length, 3);
    const [{ runs, asExpected, commit }] = deliveries.slice(2);
    assert.equal(asExpected, true);
    const ended = staging.map((name) => [
      name,
      { Conclude: "Failed", Promote: "Skipped" }[name] ?? "Succeeded",
    ]);
    assert.deepEqual(runs.map(outcomesOf), [["gantry--staging", "Failed", ended]]);
    const conclude = actionsOf(runs[0]).find(({ name }) => name === "Conclude");
    const tail = conclude?.tail.join("\n") ?? "";
    assert.match(tail, /FAIL  version is the expected commit/);
    assert.match(tail, /Rolled back: .* runs, as deployment \d/);
    assert.ok(running.every(({ release }) => !release.startsWith(commit.slice(0, 8))));
  });

  it("makes at most 20 calls before a deployment waits, and says how many", () => {
    const { callsBeforeWait = Infinity, deliveries } = report();
    const made = deliveries.flatMap(({ runs }) =>
      runs.flatMap(actionsOf).filter(({ name }) => name === "Deploy"),
    );
    const told = made.map((action) => [action.callsBeforeWait, action.apiCallsByAction]);
    assert.ok(callsBeforeWait > 5 && callsBeforeWait <= 20, JSON.stringify(told));
  });

  it("shows all of it on a page that fetches nothing", () => {
    const page = readFileSync(join(folder, ".gantry/report.html"), "utf8");
    for (const { commit } of report().deliveries) assert.ok(page.includes(commit.slice(0, 8)));
    assert.match(page, /version is the expected commit/);
    assert.doesNotMatch(page, /<(script|link|img)[^>]+(src|href)=/);
  });

  it("writes nothing into the project's own stack files", () => {
    for (const name of ["Pulumi.staging.yaml", "Pulumi.production.yaml", "Pulumi.yaml"]) {
      assert.equal(
        readFileSync(join(folder, name), "utf8"),
        readFileSync(join(project, name), "utf8"),
      );
    }
  });

  it("takes up what was kept: pulumi, aws and gantry work as it said", () => {
    const shell = (command: string) =>
      execFileSync("bash", ["-c", `source .gantry/local/env.sh; ${command}`], {
        cwd: folder,
        encoding: "utf8",
      });
    assert.match(shell("pulumi -C .gantry/local preview --stack staging"), /\d+ unchanged/);
    assert.match(shell("pulumi -C .gantry/local about --stack production"), /language +nodejs/);
    const gantry = (command: string) => shell(`npx --no-install gantry ${command}`);
    assert.match(gantry("status staging"), /^staging runs /);
    assert.match(gantry("logs production --since 1h"), /"message":"request"/);
    assert.match(
      gantry("build-logs staging --action Verify"),
      /FAIL {2}version is the expected commit/,
    );
  });

  it("brings the environments up again, and what pipelines delivered stays", async () => {
    const { running } = report();
    const { code, stderr } = await npmStart("--environments");
    assert.equal(code, 0, stderr);
    for (const { phases, outputs } of report().environments) {
      assert.deepEqual(Object.keys(phases[0].changes), ["same"]);
      assert.equal(outputs.release, running[0].release);
    }
  });

  it("--destroy tears everything down, production too", async () => {
    const { addresses } = report();
    const { code, stderr } = await npmStart("--destroy");
    assert.equal(code, 0, stderr);
    assert.equal(addresses.length, 2);
    for (const { url } of addresses) await assert.rejects(fetch(url), "nothing answers any more");
    assert.equal(existsSync(join(folder, ".gantry/services.json")), false);
    assert.match(stderr, /Torn down/);
    assert.equal(existsSync(join(folder, ".gantry/emulator.json")), false);
    assert.equal(existsSync(join(folder, ".gantry/local")), false);
  });

  it("fails when the config is bad, with the config's own message and a report", async () => {
    const file = join(folder, "Pulumi.staging.yaml");
    const own = readFileSync(file, "utf8");
    assert.match(own, /port: 3000/);
    writeFileSync(file, own.replace("port: 3000", "prot: 3000"));
    const { code, stderr } = await npmStart("--environments");
    assert.equal(code, 1);
    assert.match(stderr, /gantry:services\.web\.prot[\s\S]*did you mean port\?/);
    assert.doesNotMatch(stderr, /at .*\.ts:\d+/, "no stack trace for what the person can fix");
    assert.equal(report().succeeded, false);
    assert.match(report().error ?? "", /did you mean port\?/);
  });
});
