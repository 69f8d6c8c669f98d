import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build } from "../../delivery/build";
import { DeliveryError } from "../../delivery/errors";
import type { Values } from "../stacks/config/support";
import { aTarget, commit } from "./support/aTarget";
import { FakeBuilder } from "./support/fakeBuilder";
import { FakeClock } from "./support/fakeClock";
import { noSecrets } from "./support/fakeSecrets";
import { FakeEcr, scanned } from "./support/fakeEcr";

const tag = commit.slice(0, 8);
const next = "4a0d3b2c11111111111111111111111111111111";
const api = "shop/staging/api";
const jobs = "shop/staging/jobs";

describe("an image that several services run", () => {
  let folder: string;
  let ecr: FakeEcr;
  let builder: FakeBuilder;
  let clock: FakeClock;
  let lines: string[];
  let copies: [from: string, to: string][];
  /** What the next copies do in place of copying. */
  let insteadOfCopying: (() => void)[];

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "gantry-shared-"));
    mkdirSync(join(folder, "app"));
    writeFileSync(join(folder, "app/Dockerfile"), "FROM scratch\n");
    ecr = new FakeEcr([api, jobs]);
    builder = new FakeBuilder(ecr, api);
    clock = new FakeClock();
    lines = [];
    copies = [];
    insteadOfCopying = [];
  });

  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const shared: Values = {
    api: { build: "app", test: "echo ran" },
    jobs: { kind: "worker", imageOf: "api", command: ["node", "jobs.js"] },
  };

  function run(services: Values = shared, { id = commit, service = "api" } = {}) {
    return build({
      target: aTarget({ services }, folder),
      service,
      commit: { id, origin: "GANTRY_COMMIT" },
      clients: { ecr: ecr.client, ...noSecrets },
      clock,
      progress: (line) => lines.push(line),
      onOutput: () => undefined,
      withBuilder: (_, work) => work(builder),
      withRegistry: (uris, work) => {
        assert.deepEqual(uris, [ecr.uri(api), ecr.uri(jobs)]);
        return work({
          inspect: () => assert.fail("nothing is inspected"),
          copy: (from, to) => {
            copies.push([from, to]);
            const instead = insteadOfCopying.shift();
            return instead ? Promise.resolve().then(instead) : Promise.resolve(copy(from, to));
          },
        });
      },
    });
  }

  function copy(from: string, to: string): void {
    const [repository, digest] = from.slice(ecr.uri("").length).split("@");
    const [other, name] = to.slice(ecr.uri("").length).split(":");
    const image = ecr.repositories.get(repository)?.get(digest);
    assert.ok(image, from);
    ecr.push(other, name, image.manifest);
  }

  async function refusal(promise: Promise<unknown>): Promise<DeliveryError> {
    let refused: unknown;
    await promise.catch((error: unknown) => (refused = error));
    assert.ok(refused instanceof DeliveryError, String(refused));
    return refused;
  }

  it("is built once, and copied by its digest under both tags", async () => {
    const images = await run();
    assert.deepEqual([...images.keys()], ["api", "jobs"]);
    assert.equal(builder.built.length, 1);
    const [image, copied] = [...images.values()];
    assert.deepEqual(copied, { ...image, tests: "none" });
    assert.deepEqual(copies, [[`${ecr.uri(api)}@${image.digest}`, `${ecr.uri(jobs)}:${tag}`]]);
    assert.deepEqual(ecr.tags(jobs), ecr.tags(api));
    assert.equal(Object.keys(ecr.tags(jobs)).length, 2);
  });

  it("is shared by services of equal builds, whatever the order of arguments", async () => {
    const images = await run({
      api: { build: { context: "app", args: { A: "1", B: "2" } } },
      jobs: { kind: "worker", build: { context: "./app/", args: { B: 2, A: 1 } } },
    });
    assert.equal(builder.built.length, 1);
    assert.equal(images.get("jobs")?.digest, images.get("api")?.digest);
  });

  it("is not shared by builds that mount other secrets", async () => {
    const build = { context: "app", secrets: { NPM_TOKEN: "shop/npm" } };
    const services = { api: { build: "app" }, jobs: { kind: "worker", build } };
    assert.deepEqual([...(await run(services)).keys()], ["api"]);
  });

  it("has the tests of all of them before it: each command once, each result by its service", async () => {
    const images = await run({
      api: { build: "app", test: "echo ran" },
      jobs: { kind: "worker", imageOf: "api", test: "echo ran" },
    });
    assert.equal(lines.filter((line) => line.endsWith("echo ran")).length, 1);
    assert.match(images.get("jobs")?.tests ?? "", /^passed in/);
    const failing = { ...shared, jobs: { kind: "worker", imageOf: "api", test: "exit 3" } };
    const { message } = await refusal(run(failing, { id: next }));
    assert.match(message, /the tests of jobs failed .*nothing was built or pushed/);
    assert.equal(builder.built.length, 1);
  });

  it("is neither built nor copied again", async () => {
    const first = await run();
    const second = await run();
    const third = await run(shared, { id: next });
    assert.equal(builder.built.length, 1);
    assert.equal(copies.length, 1);
    for (const images of [second, third]) {
      assert.equal(images.get("jobs")?.digest, first.get("jobs")?.digest);
      assert.equal(images.get("jobs")?.tag, tag);
    }
  });

  it("is copied by the run after one that ended in between", async () => {
    insteadOfCopying = [1, 2, 3].map(() => () => {
      throw new DeliveryError("copying failed: connection reset");
    });
    assert.match((await refusal(run())).message, /connection reset/);
    assert.deepEqual(clock.pauses, [2_000, 10_000]);
    assert.deepEqual(ecr.tags(jobs), {});
    const images = await run();
    assert.equal(builder.built.length, 1);
    assert.equal(ecr.tags(jobs)[tag], images.get("jobs")?.digest);
  });

  it("is taken where another build of the commit copied it meanwhile", async () => {
    insteadOfCopying = [
      () => {
        copy(...copies[0]);
        throw new DeliveryError("copying failed: the tag is immutable");
      },
    ];
    const images = await run();
    assert.equal(ecr.tags(jobs)[tag], images.get("jobs")?.digest);
    assert.deepEqual(clock.pauses, []);
  });

  it("gets a tag of its own where the service's earlier image has the commit's, and the same the next time", async () => {
    ecr.push(jobs, tag, "of the build that jobs had");
    const images = await run();
    assert.equal(images.get("jobs")?.tag, `${tag}-api`);
    assert.equal(ecr.tags(jobs)[`${tag}-api`], images.get("api")?.digest);
    assert.equal((await run()).get("jobs")?.tag, `${tag}-api`);
    assert.equal(copies.length, 1);
  });

  it("is refused where its own tag is on another image too", async () => {
    ecr.push(jobs, tag, "of the build that jobs had");
    ecr.push(jobs, `${tag}-api`, "of somebody else");
    const { message, details } = await refusal(run());
    assert.match(message, /gets no tag in shop\/staging\/jobs/);
    assert.equal(details.length, 2);
    assert.equal(copies.length, 0);
  });

  it("is refused where the copy has another digest", async () => {
    insteadOfCopying = [() => void ecr.push(jobs, tag, "of somebody else")];
    const { message } = await refusal(run());
    assert.match(message, /jobs:3f9c2a1b is sha256:\w+ and not sha256:\w+, which was copied/);
  });

  it("is judged by the policy of each service before it is copied, and built again for all", async () => {
    const strict = {
      ...shared,
      jobs: { kind: "worker", imageOf: "api", scan: { severity: "HIGH" } },
    };
    const first = await run(strict);
    const { digest = "" } = first.get("api") ?? {};
    ecr.scans.set(digest, [scanned({ HIGH: 1 })]);
    const second = await run(strict, { id: next });
    assert.equal(builder.built.length, 2);
    assert.notEqual(second.get("jobs")?.digest, digest);
    assert.equal(second.get("jobs")?.digest, second.get("api")?.digest);
    assert.equal(second.get("jobs")?.tag, next.slice(0, 8));
    ecr.scan = [scanned({ HIGH: 1 })];
    writeFileSync(join(folder, "app/Dockerfile"), "FROM scratch \n");
    const third = "5b1e4c3d22222222222222222222222222222222";
    assert.match((await refusal(run(strict, { id: third }))).message, /is not released/);
    assert.equal(ecr.tags(jobs)[third.slice(0, 8)], undefined, "nothing refused is copied");
  });

  it("is not made by the build of another service, which names the one that makes it", async () => {
    const { message } = await refusal(run(shared, { service: "jobs" }));
    assert.match(message, /jobs runs the image of api.*gantry build --service api/);
    assert.match(message, /pulumi up --stack staging/);
    assert.equal(builder.built.length, 0);
  });
});
