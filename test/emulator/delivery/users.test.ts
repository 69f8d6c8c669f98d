import assert from "node:assert/strict";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import {
  DescribeServiceDeploymentsCommand,
  ListServiceDeploymentsCommand,
  StopServiceDeploymentCommand,
  type ServiceDeployment,
} from "@aws-sdk/client-ecs";
import type { Release } from "../../../contract/manifest";
import { LoadBalancers } from "../../../rehearsal/loadBalancer/loadBalancers";
import { trafficCard } from "../../../rehearsal/page/traffic";
import { connectionTo } from "../../../rehearsal/runner/connection";
import { containerOf, taskDefinitionOf } from "../../../rehearsal/runner/taskDefinition";
import { countOf, type TrafficReport } from "../../../rehearsal/traffic/report";
import { TrafficWatch } from "../../../rehearsal/traffic/watch";
import { wrongAnswers } from "../../../rehearsal/traffic/wrong";
import { emptyPreview, up } from "../../../rehearsal/update";
import { Program } from "../../rehearsal/loadBalancer/program";
import { buildOnEachOther, log } from "../support";
import { StackBench, type Finished } from "./stackBench";

/** Passes where the service says its word. */
const check = `
const answer = await (await fetch(process.env.VERIFY_URL)).text();
if (answer !== "good") { console.log("FAIL", answer); process.exit(1); }
`;
const rolling = { deployment: { strategy: "rolling" } };

/** What users get while releases come, whatever becomes of these; a program stands for the tasks of each image. */
describe("the users of a production that releases come to", function () {
  buildOnEachOther();
  let bench: StackBench;
  let loadBalancers: LoadBalancers;
  let watch: TrafficWatch;
  let url: string;
  let time: NodeJS.Timeout;
  const programs = new Map<string, Program>();
  const verified = new Map<string, number>();

  const configured = (more: object = {}) => ({
    "gantry:services": {
      web: { build: "app", port: 3000, verify: "node check.mjs", cpu: 256, ...more },
    },
  });

  before(async () => {
    bench = await StackBench.start(configured(rolling)["gantry:services"], { stack: "production" });
    const app = join(bench.target.root, "app");
    mkdirSync(app, { recursive: true });
    writeFileSync(join(app, "check.mjs"), check);
    const connection = connectionTo(bench.bench.emulator);
    loadBalancers = new LoadBalancers(connection, async ({ task }) => {
      const { image = "" } = containerOf(
        await taskDefinitionOf(connection, task?.taskDefinition ?? ""),
      );
      return programs.get(image.split("@")[1])?.url;
    });
    const { loadBalancers: balancers = [] } = await bench.service();
    const told = "http://shop.example.com";
    const door = await loadBalancers.doorOf(told, balancers[0].targetGroupArn ?? "");
    url = `http://127.0.0.1:${await loadBalancers.open(door, 0)}`;
    const place = { stack: "production", service: "web", told };
    const { cluster } = bench.names;
    watch = new TrafficWatch({
      ...{ connection, product: "gantry", stack: "production", opened: [{ ...place, url }] },
      services: { loadBalancers, onGivesWay: () => Promise.resolve() },
      wanted: [{ ...place, cluster, serviceName: bench.names.service("web") }],
    });
    // A bake of five minutes takes five seconds, and nobody has to look for time to pass.
    await control({ minuteSeconds: 1, hookMinuteSeconds: 60 });
    time = setInterval(() => void control({ minutes: 0 }).catch(() => undefined), 250);
  });

  after(async () => {
    clearInterval(time);
    await loadBalancers?.close();
    for (const program of programs.values()) program.stop();
    await bench?.stop();
  });

  const control = (clock: object) => bench.bench.emulator.control("ecs/clock", clock);

  const ended = (finished: Finished, code: number) =>
    assert.equal(finished.code, code, finished.stderr);

  /** A release whose tasks answer with a word. */
  async function release(build: number, word: string): Promise<Release> {
    const made = await bench.release(build);
    programs.set(made.images.web.digest, await Program.start(word));
    return made;
  }

  async function verify(made: Release): Promise<string> {
    const folder = `verification-${made.id}`;
    const args = ["verify", "--release", bench.file(made), "--url", `web=${url}`];
    const finished = await bench.gantry([...args, "--timeout", "5", "--output", folder]);
    ended(finished, 0);
    const file = join(bench.target.folder, folder, "verification.json");
    const { passed } = JSON.parse(readFileSync(file, "utf8")) as { readonly passed: boolean };
    if (passed) verified.set(made.id, Date.now());
    return file;
  }

  const conclude = (made: Release, verification: string) =>
    bench.gantry(["conclude", "--release", bench.file(made), "--verification", verification]);

  /** As the pipeline delivers it. */
  async function deliver(made: Release): Promise<Finished> {
    ended(await bench.deploy(made), 0);
    return conclude(made, await verify(made));
  }

  const during = async (work: () => Promise<unknown>): Promise<TrafficReport> =>
    (await watch.during(work, () => verified))[1];

  /** Nobody was lost, nobody met what was not verified, and the report says so. */
  function isGood(traffic: TrafficReport): void {
    assert.deepEqual(wrongAnswers(traffic), []);
    const wrong = traffic.services[0].answers.filter(({ kind }) => kind !== "verified");
    assert.deepEqual(wrong, []);
    assert.ok(countOf(traffic) > 20, String(countOf(traffic)));
    const page = trafficCard(traffic, undefined);
    assert.match(page, /no request failed/);
    assert.match(page, /none answered by what was not verified/);
  }

  /** The releases that answered, in their order. */
  const answeredBy = ({ services: [{ answers, releases }] }: TrafficReport) =>
    answers
      .map(({ taskDefinition }) => releases[taskDefinition ?? ""])
      .filter((id, index, all) => id !== all[index - 1]);

  /** The newest deployment, once it has come to a stage. */
  async function deploymentAt(stage: string): Promise<ServiceDeployment> {
    const { cluster } = bench.names;
    const { ecs } = bench.clients;
    for (let looks = 0; looks < 300; looks++) {
      const { serviceDeployments: all = [] } = await ecs.send(
        new ListServiceDeploymentsCommand({ cluster, service: bench.names.service("web") }),
      );
      const serviceDeploymentArns = [all[0].serviceDeploymentArn ?? ""];
      const { serviceDeployments: [found] = [] } = await ecs.send(
        new DescribeServiceDeploymentsCommand({ serviceDeploymentArns }),
      );
      if (found.lifecycleStage === stage) return found;
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
    return assert.fail(`no deployment came to ${stage}`);
  }

  const shifted = ({ services: [{ shifts }] }: TrafficReport) =>
    shifts
      .filter(({ traffic }) => traffic === "production")
      .map(({ weights }) => Math.max(...Object.values(weights)));

  let first: Release;
  let second: Release;

  it("meet an unverified release where deployments are rolling", async () => {
    first = await release(1, "good");
    ended(await deliver(first), 0);
    const bad = await release(2, "bad");
    const traffic = await during(async () => ended(await deliver(bad), 1));
    assert.deepEqual(answeredBy(traffic), [first.id, bad.id, first.id]);
    assert.ok(countOf(traffic, "unverified") > 5);
    const failed = wrongAnswers(traffic).filter((line) => !line.includes(" unverified: "));
    assert.deepEqual(failed, []);
    assert.match(
      trafficCard(traffic, undefined),
      /✕<\/span> \d+ requests answered by what was not/,
    );
  });

  it("notice nothing of a change to blueGreen", async () => {
    isGood(await during(async () => up(await bench.stack(configured()), log)));
  });

  it("meet a good release once it is verified", async () => {
    second = await release(3, "good");
    const traffic = await during(async () => ended(await deliver(second), 0));
    isGood(traffic);
    assert.deepEqual(answeredBy(traffic), [first.id, second.id]);
    assert.deepEqual(shifted(traffic), [100]);
  });

  it("never meet a release that fails its verification, nor a change that somebody makes meanwhile", async () => {
    const bad = await release(4, "bad");
    const traffic = await during(async () => {
      ended(await bench.deploy(bad), 0);
      const changed = await bench.stack(configured({ cpu: 512 }));
      await assert.rejects(up(changed, log), /was not changed: a deployment of \S+ is under way/);
      await bench.stack(configured());
      ended(await conclude(bad, await verify(bad)), 1);
    });
    isGood(traffic);
    assert.deepEqual(answeredBy(traffic), [second.id]);
  });

  it("are led back from a release whose bake ECS ends, in which nobody can change the service", async () => {
    const third = await release(5, "good");
    const traffic = await during(async () => {
      ended(await bench.deploy(third), 0);
      const verification = await verify(third);
      await control({ minuteSeconds: 60 });
      const concluded = conclude(third, verification);
      const { serviceDeploymentArn } = await deploymentAt("BAKE_TIME");
      const changed = await bench.stack(configured({ cpu: 512 }));
      await assert.rejects(up(changed, log), /was not changed: a deployment of \S+ is under way/);
      await bench.stack(configured());
      await bench.clients.ecs.send(
        new StopServiceDeploymentCommand({ serviceDeploymentArn, stopType: "ROLLBACK" }),
      );
      await control({ minuteSeconds: 1, hookMinuteSeconds: 60 });
      ended(await concluded, 1);
    });
    isGood(traffic);
    assert.deepEqual(answeredBy(traffic), [second.id, third.id, second.id]);
    // There and back; then Pulumi's state is put back, by a deployment of what answers already.
    assert.deepEqual(shifted(traffic).slice(0, 2), [100, 100]);
  });

  it("get the release before by hand, and everybody agrees on it in the end", async () => {
    const traffic = await during(async () => ended(await bench.gantry(["rollback", "--yes"]), 0));
    isGood(traffic);
    assert.deepEqual(answeredBy(traffic), [second.id, first.id]);
    assert.equal((await bench.running()).digest, first.images.web.digest);
    assert.equal((await bench.ledger.recent()).lock, undefined);
    await emptyPreview(await bench.stack(), log);
  });
});
