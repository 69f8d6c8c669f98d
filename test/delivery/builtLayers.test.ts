import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build } from "../../delivery/build";
import type { Target } from "../../delivery/target";
import { aTarget, commit } from "./support/aTarget";
import { FakeBuilder } from "./support/fakeBuilder";
import { FakeClock } from "./support/fakeClock";
import { FakeEcr, scanned } from "./support/fakeEcr";
import { noSecrets } from "./support/fakeSecrets";

const repository = "shop/staging/web";
const tag = commit.slice(0, 8);
const next = "4a0d3b2c11111111111111111111111111111111";
const services = { web: { build: "app" } };

describe("the layers of builds", () => {
  let folder: string;
  let ecr: FakeEcr;
  let builder: FakeBuilder;
  let lines: string[];

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "gantry-layers-"));
    mkdirSync(join(folder, "app"));
    writeFileSync(join(folder, "app/Dockerfile"), "FROM scratch\n");
    ecr = new FakeEcr([repository]);
    builder = new FakeBuilder(ecr, repository);
    lines = [];
  });

  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  async function run(id = commit, target: Target = aTarget({ services }, folder)) {
    const images = await build({
      ...{ target, service: "web", commit: { id, origin: "GANTRY_COMMIT" } },
      clients: { ecr: ecr.client, ...noSecrets },
      clock: new FakeClock(),
      progress: (line) => lines.push(line),
      onOutput: () => undefined,
      withBuilder: (_uri, work) => work(builder),
      withRegistry: () => assert.fail("nothing is copied"),
    });
    return [...images.values()][0];
  }

  const uri = () => ecr.uri(repository);
  const cacheOf = (index: number) => {
    const { layerCache } = builder.built[index];
    assert.ok(layerCache);
    return layerCache;
  };

  it("are kept under the commit, and taken from the newest that is for the same platform", async () => {
    await run();
    assert.equal(cacheOf(0).to, `${uri()}:cache.amd64.${tag}`);
    assert.equal(await cacheOf(0).from(), undefined);
    for (const pushed of ["cache.amd64.1a000000", "cache.amd64.2b000000", "cache.arm64.3c000000"]) {
      ecr.push(repository, pushed, pushed);
    }
    assert.equal(await cacheOf(0).from(), `${uri()}:cache.amd64.2b000000`);
    assert.match(lines.join("\n"), /web: layers are taken from cache\.amd64\.2b000000/);
  });

  it("are neither kept nor taken where config says so", async () => {
    await run(commit, aTarget({ services, registry: { layerCache: false } }, folder));
    assert.equal(builder.built[0].layerCache, undefined);
  });

  it("of an image that its scan refuses are not taken", async () => {
    const first = await run();
    ecr.push(repository, "cache.amd64.1a000000", "layers");
    ecr.scans.set(first.digest, [scanned({ CRITICAL: 1 })]);
    await run(next);
    assert.deepEqual(
      builder.built.map(({ fresh }) => fresh),
      [undefined, true],
    );
    assert.equal(await cacheOf(1).from(), undefined);
  });
});
