import assert from "node:assert/strict";
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build, type BuildOptions } from "../../delivery/build";
import { DeliveryError } from "../../delivery/errors";
import type { Values } from "../stacks/config/support";
import { aTarget, commit } from "./support/aTarget";
import { FakeBuilder } from "./support/fakeBuilder";
import { FakeClock } from "./support/fakeClock";
import { FakeSecrets, noSecrets } from "./support/fakeSecrets";
import { awsError, FakeEcr, scanned } from "./support/fakeEcr";

const repository = "shop/staging/web";
const tag = commit.slice(0, 8);
const next = "4a0d3b2c11111111111111111111111111111111";

describe("build", () => {
  let folder: string;
  let ecr: FakeEcr;
  let builder: FakeBuilder;
  let clock: FakeClock;
  let lines: string[];
  let output: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "gantry-build-"));
    mkdirSync(join(folder, "app"));
    writeFileSync(join(folder, "app/Dockerfile"), "FROM scratch\n");
    ecr = new FakeEcr([repository]);
    builder = new FakeBuilder(ecr, repository);
    clock = new FakeClock();
    lines = [];
    output = "";
  });

  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  async function run(web: Values = {}, options: Partial<BuildOptions> & { id?: string } = {}) {
    const { id = commit, ...rest } = options;
    const images = await build({
      target: aTarget({ services: { web: { build: "app", ...web } } }, folder),
      service: "web",
      commit: { id, origin: "GANTRY_COMMIT" },
      clients: { ecr: ecr.client, ...noSecrets },
      clock,
      progress: (line) => lines.push(line),
      onOutput: (chunk) => (output += chunk),
      withBuilder: (uri, work) => {
        assert.equal(uri, ecr.uri(repository));
        return work(builder);
      },
      withRegistry: () => assert.fail("nothing is copied"),
      ...rest,
    });
    const [image] = images.values();
    return image;
  }

  async function refusal(promise: Promise<unknown>): Promise<DeliveryError> {
    let refused: unknown;
    await promise.catch((error: unknown) => (refused = error));
    assert.ok(refused instanceof DeliveryError, String(refused));
    return refused;
  }

  const contentTags = () => Object.keys(ecr.tags(repository)).filter((t) => t.startsWith("src-"));

  it("tests, builds, pushes under both tags, and answers tag and digest", async () => {
    const image = await run({ test: "echo all is well" });
    assert.equal(image.tag, tag);
    assert.equal(image.digest, ecr.tags(repository)[tag]);
    assert.equal(image.reused, false);
    assert.match(image.tests, /^passed in \d/);
    assert.match(output, /all is well/);
    assert.equal(contentTags().length, 1);
    assert.equal(ecr.tags(repository)[contentTags()[0]], image.digest);
  });

  it("builds for the service's architecture, with its arguments and the whole commit", async () => {
    const args = { MODE: "fast", LEVEL: 3 };
    await run({ architecture: "ARM64", build: { context: "app", target: "runtime", args } });
    const [{ layerCache, ...request }] = builder.built;
    assert.ok(layerCache);
    assert.deepEqual(request, {
      context: join(folder, "app"),
      dockerfile: join(folder, "app/Dockerfile"),
      target: "runtime",
      buildArgs: { MODE: "fast", LEVEL: "3", GANTRY_COMMIT: commit },
      platform: "linux/arm64",
      reference: `${ecr.uri(repository)}:${tag}`,
    });
  });

  describe("secrets of the build", () => {
    const build = { context: "app", secrets: { NPM_TOKEN: "shop/npm:token" } };

    it("are read when something is built, and handed over by their ids", async () => {
      const kept = new FakeSecrets({ "shop/npm": '{"token":"tr0ub4dor"}' });
      const clients = { ecr: ecr.client, ...kept.clients };
      await run({ build }, { clients });
      assert.deepEqual(builder.built[0].secrets, { NPM_TOKEN: "tr0ub4dor" });
      assert.equal(kept.asked.length, 1);
      await run({ build }, { clients });
      assert.equal(kept.asked.length, 1, "nothing is built, and nothing read");
      assert.doesNotMatch(lines.join(), /tr0ub4dor/);
    });

    it("that are missing are named, and nothing is built", async () => {
      const { details } = await refusal(run({ build }));
      assert.match(details.join(), /^NPM_TOKEN: there is none of that name in eu-west-1/);
      assert.equal(builder.built.length, 0);
    });
  });

  it("says that nothing was tested where there is no test command", async () => {
    assert.equal((await run()).tests, "none");
  });

  describe("what is there already", () => {
    it("is not built again for the same commit", async () => {
      const first = await run();
      const second = await run();
      assert.equal(builder.built.length, 1);
      assert.deepEqual(second, { ...first, reused: true });
    });

    it("gets the content's tag that an earlier run did not come to", async () => {
      const digest = ecr.push(repository, tag, "{}");
      assert.equal((await run()).digest, digest);
      assert.equal(ecr.tags(repository)[contentTags()[0]], digest);
    });

    it("is taken for another commit with the same content, under the tag that built it", async () => {
      const first = await run();
      const second = await run({}, { id: next });
      assert.deepEqual(second, { ...first, reused: true });
      assert.equal(ecr.tags(repository)[next.slice(0, 8)], undefined);
    });

    it("is not taken for other content", async () => {
      await run();
      writeFileSync(join(folder, "app/Dockerfile"), "FROM scratch \n");
      const second = await run({}, { id: next });
      assert.equal(second.tag, next.slice(0, 8));
      assert.equal(builder.built.length, 2);
      assert.equal(contentTags().length, 2);
    });

    it("is tested nevertheless", async () => {
      await run();
      await refusal(run({ test: "exit 3" }));
    });

    it("is built again when its scan refuses it by now, since the base may be fixed", async () => {
      const first = await run();
      ecr.scans.set(first.digest, [scanned({ CRITICAL: 1 })]);
      const second = await run({}, { id: next });
      assert.equal(second.tag, next.slice(0, 8));
      assert.notEqual(second.digest, first.digest);
      assert.equal(ecr.tags(repository)[contentTags()[0]], first.digest, "the tag does not move");
      assert.match(lines.join("\n"), /stays on the image that had it before/);
    });
  });

  describe("fails when", () => {
    it("the tests fail: nothing is built or pushed", async () => {
      const refused = await refusal(run({ test: "echo two is not three; exit 3" }));
      assert.match(
        refused.message,
        /tests of web failed .*nothing was built or pushed.*exit code 3/,
      );
      assert.deepEqual(refused.details, ["two is not three"]);
      assert.deepEqual(ecr.tags(repository), {});
      assert.equal(builder.built.length, 0);
    });

    it("the build fails: nothing is pushed", async () => {
      builder.failingBuild = true;
      await refusal(run());
      assert.equal(builder.pushes, 0);
      assert.deepEqual(ecr.tags(repository), {});
    });

    it("the image is for another architecture: nothing is pushed", async () => {
      builder.wrongArchitecture = "ARM64";
      const { message } = await refusal(run());
      assert.match(message, /image of web is for ARM64, and .*architecture is X86_64; nothing was/);
      assert.equal(builder.pushes, 0);
    });

    it("the push breaks off each time; no tag is left, and the next run succeeds", async () => {
      builder.failingPushes = 3;
      assert.match((await refusal(run())).message, /connection reset/);
      assert.deepEqual(ecr.tags(repository), {});
      assert.equal((await run()).digest, ecr.tags(repository)[tag]);
    });

    it("the registry has another digest under the tag than was pushed", async () => {
      const pushed = `sha256:${"f".repeat(64)}`;
      builder.push = () => {
        ecr.push(repository, tag, "of somebody else");
        return Promise.resolve(pushed);
      };
      const { message } = await refusal(run());
      assert.match(
        message,
        new RegExp(`is not what was pushed: .*sha256:.* and ${pushed} was pushed`),
      );
    });

    it("the registry has nothing under the tag after the push", async () => {
      builder.push = () => Promise.resolve(`sha256:${"f".repeat(64)}`);
      assert.match((await refusal(run())).message, /the registry has nothing there/);
    });

    it("the scan finds too much: the image is there, and its name is not answered", async () => {
      ecr.scan = [scanned({ CRITICAL: 1 })];
      assert.match((await refusal(run())).message, /is not released/);
      assert.match((await refusal(run())).message, /is not released/, "nor the second time");
    });

    it("the commit's tag is on an image of other files: it is neither taken nor given their tag", async () => {
      const first = await run();
      writeFileSync(join(folder, "app/Dockerfile"), "FROM scratch \n");
      const { message } = await refusal(run());
      assert.ok(message.includes(`${repository}:${tag} is ${first.digest}`), message);
      assert.match(
        message,
        /built from other files \(src-\w+\) than those here \(src-\w+\); nothing/,
      );
      assert.equal(builder.built.length, 1);
      assert.equal(contentTags().length, 1);
    });

    it("the tag came to be while it built: nothing is pushed over it, and nothing tried again", async () => {
      builder.beforePush = () => {
        ecr.push(repository, tag, "of somebody else");
        builder.failingPushes = 1;
      };
      const { message, details } = await refusal(run());
      assert.match(message, /:3f9c2a1b is sha256:\w+ since this build began, and does not move/);
      assert.deepEqual(details, ["pushing failed: connection reset"]);
      assert.equal(builder.pushes, 1);
      assert.deepEqual(clock.pauses, []);
    });

    it("there is no such service, naming the one that may be meant", async () => {
      const { message } = await refusal(run({}, { service: "wbe" }));
      assert.match(message, /staging has no service wbe; it has web\. Is web meant\?/);
      await refusal(run({}, { service: "constructor" }));
    });

    it("the repository is missing, naming the command that makes it", async () => {
      ecr.repositories.clear();
      assert.match((await refusal(run())).message, /pulumi up --stack staging/);
    });

    it("there is no Dockerfile", async () => {
      rmSync(join(folder, "app/Dockerfile"));
      assert.match((await refusal(run())).message, /no .*\/app\/Dockerfile to build: write one/);
    });

    it("AWS refuses something: its error is kept", async () => {
      const client = { send: () => Promise.reject(awsError("AccessDeniedException")) };
      await assert.rejects(run({}, { clients: { ecr: client as never, ...noSecrets } }), {
        name: "AccessDeniedException",
      });
    });
  });

  it("tries a push that broke off again", async () => {
    builder.failingPushes = 1;
    assert.equal((await run()).digest, ecr.tags(repository)[tag]);
    assert.equal(builder.pushes, 2);
    assert.deepEqual(clock.pauses, [2_000]);
  });

  it("judges by the stack's policy", async () => {
    ecr.scan = [scanned({ HIGH: 1 })];
    const services = { web: { build: "app" } };
    const source = { type: "s3", bucket: "shop-source", key: "source.zip" };
    const pipeline = { source, scan: { severity: "HIGH" } };
    const target = aTarget({ services, pipeline }, folder);
    await refusal(run({}, { target }));
    assert.deepEqual((await run()).findings, { HIGH: 1 });
  });

  it("gives the tests the environment that it is given, in the service's folder", async () => {
    const env = { PATH: process.env.PATH, MARK: "here" };
    await run({ test: 'test "$MARK" = here && touch marked' }, { env });
    assert.ok(existsSync(join(folder, "app/marked")));
  });
});
