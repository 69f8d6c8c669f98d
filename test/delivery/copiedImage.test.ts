import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { build } from "../../delivery/build";
import { DeliveryError } from "../../delivery/errors";
import type { Values } from "../stacks/config/support";
import { aTarget, commit } from "./support/aTarget";
import { FakeClock } from "./support/fakeClock";
import { FakeEcr, scanned } from "./support/fakeEcr";
import { noSecrets } from "./support/fakeSecrets";

const tag = commit.slice(0, 8);
const next = "4a0d3b2c11111111111111111111111111111111";
const repository = "shop/staging/cache";
const sha = (text: string) => `sha256:${createHash("sha256").update(text).digest("hex")}`;

describe("an image that is built elsewhere", () => {
  let ecr: FakeEcr;
  let clock: FakeClock;
  let lines: string[];
  let asked: string[];
  let copies: [from: string, to: string][];
  let accesses: (readonly string[])[];
  /** What the registry has under a tag now: a manifest by architecture. */
  let published: Record<string, string>;
  let failing: DeliveryError | undefined;

  beforeEach(() => {
    ecr = new FakeEcr([repository, "shop/staging/follows"]);
    clock = new FakeClock();
    [lines, asked, copies, accesses] = [[], [], [], []];
    published = { X86_64: "redis 7.4.1 for x86", ARM64: "redis 7.4.1 for arm" };
    failing = undefined;
  });

  function run(more: Values = {}, id = commit) {
    const cache = { kind: "worker", image: "redis:7.4", ...more };
    return build({
      target: aTarget({ services: { cache } }),
      service: "cache",
      commit: { id, origin: "GANTRY_COMMIT" },
      clients: { ecr: ecr.client, ...noSecrets },
      clock,
      progress: (line) => lines.push(line),
      onOutput: () => undefined,
      withBuilder: () => assert.fail("nothing is built"),
      withRegistry: (uris, work) => {
        accesses.push(uris);
        return work({ inspect, copy });
      },
    }).then((images) => {
      const [image] = images.values();
      return image;
    });
  }

  function inspect(reference: string) {
    asked.push(reference);
    if (failing) return Promise.reject(failing);
    const digests = Object.fromEntries(
      Object.entries(published).map(([architecture, manifest]) => [architecture, sha(manifest)]),
    );
    const architectures = Object.keys(published);
    const [architecture] = architectures;
    return Promise.resolve({
      digest: sha("index"),
      architecture,
      architectures,
      os: "linux",
      digests,
    });
  }

  function copy(from: string, to: string): Promise<void> {
    copies.push([from, to]);
    const manifest = Object.values(published).find((one) => from.endsWith(`@${sha(one)}`));
    assert.ok(manifest, from);
    const [name, toTag] = to.slice(ecr.uri("").length).split(":");
    return Promise.resolve(void ecr.push(name, toTag, manifest));
  }

  async function refusal(promise: Promise<unknown>): Promise<DeliveryError> {
    const refused = await promise.catch((error: unknown) => error);
    assert.ok(refused instanceof DeliveryError, String(refused));
    return refused;
  }

  it("is copied by the digest that its tag has for the architecture, under both tags", async () => {
    const image = await run();
    const digest = sha(published.X86_64);
    assert.deepEqual(image, { tag, digest, reused: false, tests: "none", findings: {} });
    assert.deepEqual(asked, ["docker.io/library/redis:7.4"]);
    assert.deepEqual(copies, [
      [`docker.io/library/redis@${digest}`, `${ecr.uri(repository)}:${tag}`],
    ]);
    assert.deepEqual(ecr.tags(repository), {
      [tag]: digest,
      [`src-${digest.slice(7, 23)}`]: digest,
    });
    assert.deepEqual(accesses, [[ecr.uri(repository)]]);
  });

  it("is of the architecture that the service has", async () => {
    assert.equal((await run({ architecture: "ARM64" })).digest, sha(published.ARM64));
  });

  it("is read with the role's rights where it is in ECR", async () => {
    const image = "123456789012.dkr.ecr.eu-central-1.amazonaws.com/tools/redis";
    await run({ image: `${image}:7.4` });
    assert.deepEqual(accesses, [[image, ecr.uri(repository)]]);
  });

  it("stays what the commit got, wherever its tag has been moved to since", async () => {
    const first = await run();
    published = { X86_64: "redis 7.4.2 for x86" };
    assert.deepEqual(await run(), { ...first, reused: true });
    assert.equal(asked.length, 1);
    const second = await run({}, next);
    assert.deepEqual([second.tag, second.digest], [next.slice(0, 8), sha(published.X86_64)]);
  });

  it("is not copied again where its tag has not moved", async () => {
    const first = await run();
    assert.deepEqual(await run({}, next), { ...first, reused: true });
    assert.equal(copies.length, 1);
  });

  it("is not even asked for again where it is named by its digest, that of an index too", async () => {
    const image = `redis:7.4@${sha("index")}`;
    const first = await run({ image });
    assert.deepEqual(asked, [`docker.io/library/redis@${sha("index")}`]);
    failing = new DeliveryError("its registry is down");
    assert.deepEqual(await run({ image }, next), { ...first, reused: true });
  });

  it("is judged by its scan, before anything is released of it", async () => {
    ecr.scan = [scanned({ CRITICAL: 1 })];
    assert.match((await refusal(run())).message, /is not released/);
  });

  it("is refused where it is for no such architecture: nothing is copied", async () => {
    published = { ARM64: "for arm" };
    const { message } = await refusal(run());
    assert.match(message, /redis:7\.4 is for ARM64, and services\.cache\.architecture is X86_64/);
    assert.equal(copies.length, 0);
  });

  for (const [title, image, told, fix] of [
    [
      "takes no more requests",
      "redis:7.4",
      "toomanyrequests: You have reached",
      /public\.ecr\.aws/,
    ],
    ["asks who pulls", "ghcr.io/acme/redis:7.4", "unauthorized", /ECR alone, for now/],
    ["does not answer", "redis:7.4", "no such host", /Check its name and tag/],
    [
      "is another account's ECR",
      "210987654321.dkr.ecr.eu-west-1.amazonaws.com/redis:7.4",
      "denied",
      /repository of account 210987654321.*repository policy/,
    ],
  ] as const) {
    it(`is refused with what to do where its registry ${title}`, async () => {
      failing = new DeliveryError("reading failed", [told]);
      const { message, details } = await refusal(run({ image }));
      assert.match(
        message,
        /which services\.cache\.image names, cannot be read; nothing was copied/,
      );
      assert.match(message, fix);
      assert.deepEqual(details, ["reading failed", told]);
      assert.deepEqual(ecr.tags(repository), {});
    });
  }
});
