import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { EcsEngine } from "../../delivery/deploy/ecsEngine";
import type { UpOptions } from "../../delivery/engine";
import { StackLockedError } from "../../delivery/engine/locks";
import { targetUrns } from "../../delivery/engine/targets";
import { DeliveryError } from "../../delivery/errors";
import { prepareThrough, type PrepareRequest } from "../../delivery/prepare";
import { settleThrough } from "../../delivery/settle";
import { DeploymentFailure } from "../../delivery/steadyState";
import { aTarget } from "./support/aTarget";
import { FakeEnvironment, releaseNumber, web } from "./support/fakePorts";

const services = { web, jobs: { kind: "worker", build: "jobs" } };
const [one, two, three] = [1, 2, 3].map((n) => releaseNumber(n, ["web", "jobs"]));
const pipeline = {
  deploy: "ecs",
  source: { type: "codecommit", repository: "shop" },
};
const actor = "codepipeline/shop--staging";

describe("a deployment by CodePipeline's ECS action", () => {
  let env: FakeEnvironment;
  let output: string;
  const prepare = (request: Partial<PrepareRequest> = {}) =>
    prepareThrough(env.ports, { release: two, owner: "execution", actor, output, ...request });
  const settle = (request: { owner?: string } = {}) =>
    settleThrough(env.ports, { release: two, owner: "execution", ...request });
  const written = (file: string): unknown => JSON.parse(readFileSync(join(output, file), "utf8"));

  /** A new task definition, of which this differs beside the image. */
  const pending = (more: object) => ({
    ...{ urn: targetUrns(env.target)[0], type: "", name: "", op: "replace" as const },
    ...{ properties: [], oldInputs: { cpu: "256" }, newInputs: { cpu: "256", ...more } },
  });

  function anew(given: object = services): void {
    env = FakeEnvironment.running(one, aTarget({ services: given, pipeline }));
  }

  beforeEach(() => {
    output = join(mkdtempSync(join(tmpdir(), "gantry-images-")), "images");
    anew();
  });

  afterEach(() => rmSync(join(output, ".."), { recursive: true }));

  describe("prepared", () => {
    it("records where the release comes from", async () => {
      const origin = { committedAt: "2026-01-01T10:00:00.000Z" };
      assert.deepEqual((await prepare({ origin })).origin, origin);
    });

    it("checks and locks, and leaves the services and the pointer alone", async () => {
      const record = await prepare();
      assert.deepEqual(env.done, [
        `preflight ${two.id}`,
        `preview ${two.id}`,
        `begin deploy ${two.id}`,
        "note updating",
      ]);
      assert.equal(record.status, "inProgress");
      assert.equal(env.lock?.owner, "execution");
      assert.equal(env.pointer, one);
    });

    it("writes a file for each service, as the action reads it", async () => {
      await prepare();
      assert.deepEqual(readdirSync(output), [
        "imagedefinitions-jobs.json",
        "imagedefinitions-web.json",
      ]);
      const { uri, digest } = two.images.web;
      assert.deepEqual(written("imagedefinitions-web.json"), [
        { name: "app", imageUri: `${uri}@${digest}` },
      ]);
    });

    it("names each container with its image: a sidecar's own, or its service's", async () => {
      const sidecars = { nginx: { image: "nginx:1.29" }, warm: { command: ["warm.sh"] } };
      anew({ web: { ...web, sidecars } });
      const nginx = { ...two.images.web, uri: "registry.example.com/shop/staging/web.nginx" };
      const images = { ...two.images, "web.nginx": nginx };
      await prepare({ release: { ...two, images } });
      const { uri, digest } = two.images.web;
      assert.deepEqual(written("imagedefinitions-web.json"), [
        { name: "app", imageUri: `${uri}@${digest}` },
        { name: "nginx", imageUri: `${nginx.uri}@${digest}` },
        { name: "warm", imageUri: `${uri}@${digest}` },
      ]);
    });

    it("has Pulumi make what the action cannot, a setting beside the image", async () => {
      env.pending = [pending({ memory: "512" })];
      await prepare();
      assert.deepEqual(env.done.slice(-2), ["note updating", `up ${two.id}`]);
      assert.deepEqual(env.ups[0].targets, targetUrns(env.target));
    });

    it("leaves an image alone to the action", async () => {
      const containerDefinitions = JSON.stringify([{ name: "app", image: "example.com/web@b" }]);
      env.pending = [pending({ containerDefinitions })];
      await prepare();
      assert.deepEqual(env.ups, []);
    });

    it("runs release commands, once", async () => {
      const releaseCommand = { command: ["node", "migrate.js"] };
      anew({ web: { ...web, releaseCommand } });
      await prepare();
      await prepare();
      assert.equal(env.done.filter((step) => step.startsWith("command web")).length, 1);
      assert.equal(env.records.length, 2);
    });

    it("ends in the ledger where its release command fails, and nothing is put back", async () => {
      const releaseCommand = { command: ["node", "migrate.js"] };
      anew({ web: { ...web, releaseCommand } });
      env.failOn("command", new DeliveryError("the migration failed"));
      await assert.rejects(prepare(), /the migration failed/);
      assert.deepEqual(env.done.slice(-2), [`command web ${two.id}!`, "end failed"]);
      assert.equal(env.lock, undefined);
    });

    it("does not update against somebody else's update", async () => {
      env.pending = [pending({ memory: "512" })];
      env.failOn("up", new StackLockedError("locked by ada@laptop", []));
      await assert.rejects(prepare(), /locked by ada@laptop/);
      assert.equal(env.ups.length, 1);
      assert.equal(env.records[0].status, "failed");
    });

    it("puts the release before back where Pulumi's part fails", async () => {
      env.pending = [pending({ memory: "512" })];
      env.failOn("up", new DeliveryError("no capacity"));
      await assert.rejects(prepare(), /no capacity/);
      assert.equal(env.ups.at(-1)?.release?.id, one.id);
      assert.equal(env.pointer?.id, one.id);
    });

    it("writes the files again for a release that runs, since the actions come anyway", async () => {
      env.past(two);
      env.pointer = two;
      await prepare();
      assert.equal(readdirSync(output).length, 2);
      assert.deepEqual(env.done, []);
    });

    it("is refused as a deployment is: superseded, locked, lacking infrastructure", async () => {
      env.pointer = three;
      await assert.rejects(prepare(), /is superseded/);
      env.pointer = one;
      env.pending = [{ ...pending({}), urn: "urn:pulumi:staging::shop::aws:s3/bucket:Bucket::b" }];
      await assert.rejects(prepare(), /needs infrastructure of staging/);
      env.pending = [];
      env.lock = { number: 9, owner: "ada@laptop", at: "2026-01-01T00:00:00Z", releaseId: "x" };
      await assert.rejects(prepare(), /is locked: .* held by ada@laptop/);
      assert.throws(() => readdirSync(output));
    });
  });

  describe("settled", () => {
    it("moves the pointer, has Pulumi take over what the action made, proves and records", async () => {
      await prepare();
      env.done.length = 0;
      const record = await settle();
      assert.deepEqual(env.done, [
        `point ${two.id}`,
        `up ${two.id}`,
        `steady ${two.id}`,
        `truth ${two.id}`,
        `tag ${two.id} 2`,
        "end deployed",
      ]);
      assert.equal(record.status, "deployed");
      assert.equal(env.lock, undefined);
    });

    it("puts the release before back where it does not become steady, and says why", async () => {
      await prepare();
      env.failOn("steady", new DeploymentFailure("web did not come up", ["web"]));
      await assert.rejects(settle(), (error: DeliveryError) => {
        assert.match(error.message, /web did not come up/);
        assert.ok(error.details.includes("web: exit code 137"));
        return true;
      });
      assert.equal(env.ups.at(-1)?.release?.id, one.id);
      assert.equal(env.pointer?.id, one.id);
      assert.deepEqual([env.records[0].status, env.records[0].restored], ["failed", one.id]);
    });

    it("puts it back too where it failed before Pulumi was asked: the action has changed services", async () => {
      await prepare();
      env.failOn("point", new Error("SSM is away"));
      await assert.rejects(settle(), /SSM is away/);
      assert.equal(env.ups.at(-1)?.release?.id, one.id);
    });

    it("is refused without its first half, and names who holds the lock", async () => {
      await assert.rejects(settle(), /nobody holds the lock.*Run gantry prepare first/);
      await prepare();
      await assert.rejects(settle({ owner: "execution-9" }), /execution holds the lock/);
      assert.equal(env.records[0].status, "inProgress");
    });

    it("again takes over what a repeated action has registered, and proves it", async () => {
      await prepare();
      await settle();
      env.done.length = 0;
      const { number } = await settle();
      assert.equal(number, 2);
      assert.deepEqual(env.done, [`up ${two.id}`, `steady ${two.id}`, `truth ${two.id}`]);
    });
  });

  describe("whose action failed", () => {
    const next = (request: Partial<PrepareRequest> = {}) =>
      prepare({ owner: "execution-2", release: three, ...request });

    it("is taken back by the next execution, which goes on then", async () => {
      await prepare();
      env.done.length = 0;
      const record = await next();
      const [, left] = env.records;
      assert.deepEqual([left.number, left.status, left.restored], [2, "failed", one.id]);
      assert.match(left.reason ?? "", /ECS action failed, or the execution was stopped/);
      assert.ok(env.log.some((line) => line.includes("web: exit code 137")));
      assert.equal(env.ups[0].release?.id, one.id);
      assert.equal(record.number, 3);
      assert.equal(env.lock?.owner, "execution-2");
    });

    it("does not keep the next one from going on where putting back fails", async () => {
      await prepare();
      env.failOn("up", new DeliveryError("no capacity"));
      const record = await next();
      assert.equal(record.number, 3);
      assert.match(env.records[1].reason ?? "", /rollback to .* failed too: no capacity/);
    });

    it("is left alone by a person and by another pipeline: it may be in progress", async () => {
      await prepare();
      for (const other of ["ada@laptop", "codepipeline/other"]) {
        await assert.rejects(next({ actor: other }), /is locked: .* execution since/);
      }
      assert.equal(env.records[0].status, "inProgress");
    });

    it("is taken up by its own execution, where the stage is retried", async () => {
      await prepare();
      const record = await prepare();
      assert.equal(record.number, 2);
      assert.equal(env.records.length, 2);
    });

    it("is not a rollback that is in progress", async () => {
      await prepare();
      env.records = env.records.map((record, index) =>
        index === 0 ? { ...record, kind: "rollback" as const } : record,
      );
      await assert.rejects(next(), /is locked: .* execution since/);
    });
  });
});

describe("Pulumi beside CodePipeline's ECS action", () => {
  it("reads back what the action changed before every update", async () => {
    const given: UpOptions[] = [];
    const pulumi = new FakeEnvironment().ports.pulumi;
    const engine = new EcsEngine({
      ...pulumi,
      up: (options) => Promise.resolve(void given.push(options)),
    });
    const options = { release: one, targets: ["urn"], resumes: false };
    await engine.up({ ...options, ownership: { hosts: [], since: new Date(0) } });
    assert.equal(given[0].refresh, true);
    assert.equal(given[0].release, one);
  });
});
