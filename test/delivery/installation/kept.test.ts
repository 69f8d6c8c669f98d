import assert from "node:assert/strict";
import { existsSync, mkdirSync, readFileSync, readlinkSync } from "node:fs";
import { delimiter, join } from "node:path";
import type { Installation } from "../../../contract/installation";
import { installationOf } from "../../../delivery/installation";
import { copyInstallation } from "../../../delivery/installation/copy";
import { keptByRelease, type Kept } from "../../../delivery/installation/kept";
import { InstallationStore } from "../../../delivery/installation/store";
import { InstallationBench } from "./support";

describe("what a command takes of what its release has kept", () => {
  let bench: InstallationBench;
  let installation: Installation;
  let told: string[];

  beforeEach(async () => {
    bench = new InstallationBench();
    installation = await bench.keep();
    bench.calls();
    told = [];
  });

  afterEach(() => bench.remove());

  const root = () => join(bench.work, "source");
  const folder = () => join(root(), "infra");

  /** An action on another host: a source without packages, an empty home folder, and no Pulumi. */
  function act(kept: Partial<Kept> = {}, env: NodeJS.ProcessEnv = {}): NodeJS.ProcessEnv {
    bench.write(join(folder(), "package-lock.json"), readFileSync(lock(), "utf8"));
    bench.write(join(folder(), "aws.json"), readFileSync(join(bench.folder, "aws.json"), "utf8"));
    const given = { HOME: join(bench.work, "other"), PATH: bench.env.PATH, ...env };
    const all = { installation, store: bench.store, root: root(), ...kept };
    const tell = (line: string) => void told.push(line);
    action = installationOf({ folder: folder(), kept: all, tell, env: given });
    return given;
  }
  let action: ReturnType<typeof installationOf>;
  const lock = () => join(bench.folder, "package-lock.json");
  const object = (bucket: string, part: { sha256: string }) =>
    `${bucket}/installations/${part.sha256}.tar.gz`;

  it("is both, where they belong, without npm or Pulumi's site", async () => {
    const env = act();
    await action.done();
    assert.deepEqual(bench.calls(), []);
    assert.ok(existsSync(join(folder(), "node_modules/@pulumi/aws/package.json")));
    const home = join(bench.work, "other/.pulumi");
    assert.ok(existsSync(join(home, "plugins/resource-aws-v7.48.0/program")));
    assert.equal(env.PATH, [join(home, "bin"), bench.env.PATH].join(delimiter));
    assert.equal(env.PULUMI_SKIP_UPDATE_CHECK, "true");
    // Where the system's own home folder is another, the CLI would look there.
    assert.equal(env.PULUMI_HOME, home);
    assert.deepEqual(told, [
      "the program's packages and Pulumi are there, as the release has kept them (1 MB)",
    ]);
  });

  const gone = (part: "packages" | "pulumi") => () => {
    bench.s3.objects.delete(object("acme-artifacts", installation[part]));
    return {};
  };
  const overwritten = () => {
    const other = readFileSync(process.execPath).subarray(0, 5000);
    bench.s3.objects.set(object("acme-artifacts", installation.packages), other);
    return {};
  };
  const elsewhere = () => ({ installation: { ...installation, host: "linux-arm64-1" } });

  const broken: Readonly<
    Record<string, [breaks: () => Partial<Kept>, says: RegExp, from: RegExp, byNpm: boolean]>
  > = {
    "packages that are gone": [
      gone("packages"),
      /^s3:\/\/acme-artifacts\/installations\/\w+\.tar\.gz cannot be had: AccessDenied/,
      /It is got from the npm registry instead; the next release keeps it anew/,
      true,
    ],
    "packages with another content": [
      overwritten,
      /is not what was kept there: its content has another hash/,
      /from the npm registry instead/,
      true,
    ],
    "a CLI that is gone": [
      gone("pulumi"),
      /cannot be had: AccessDenied/,
      /from Pulumi's download site instead/,
      false,
    ],
    "what is for another host": [
      elsewhere,
      /what the release has kept is for linux-arm64-1, and this is/,
      /(?=[\s\S]*from the npm registry instead)(?=[\s\S]*from Pulumi's download site instead)/,
      true,
    ],
  };
  for (const [what, [breaks, says, from, byNpm]] of Object.entries(broken)) {
    it(`is not ${what}: who has it otherwise is asked, and no other, which is said`, async () => {
      act(breaks());
      await action.done();
      assert.match(told[0], says);
      assert.match(told.join("\n"), from);
      assert.equal(
        bench.calls().some((call) => call.startsWith("npm ci")),
        byNpm,
      );
      assert.ok(existsSync(join(folder(), "node_modules/@pulumi/aws/package.json")));
      assert.equal(told.at(-1), "the program's packages and Pulumi are there");
    });
  }

  it("is nothing where a builder image has all", async () => {
    mkdirSync(folder(), { recursive: true });
    act({}, { GANTRY_NODE_MODULES: "/opt/packages" });
    await action.done();
    assert.equal(readlinkSync(join(folder(), "node_modules")), "/opt/packages");
    assert.ok(!bench.calls().some((call) => call.startsWith("npm")));
  });

  describe("by the evidence beside the release", () => {
    const url = "s3://acme-artifacts/installations";
    const found = async (content: string, place: NodeJS.ProcessEnv) => {
      const file = join(bench.work, "evidence.json");
      bench.write(file, content);
      const s3 = bench.s3.client as Parameters<typeof keptByRelease>[1]["s3"];
      return (await keptByRelease(file, { s3 }, "/shop", place))?.installation;
    };

    it("is what that says", async () => {
      const evidence = JSON.stringify({ release: "3f9c2a1b-17", installation });
      assert.deepEqual(await found(evidence, { GANTRY_INSTALLATIONS: url }), installation);
    });

    it("is nothing of a release that kept none, or where nobody says where", async () => {
      const place = { GANTRY_INSTALLATIONS: url };
      assert.equal(await found(JSON.stringify({ release: "3f9c2a1b-17" }), place), undefined);
      assert.equal(await found(JSON.stringify({ installation }), {}), undefined);
      assert.equal(await found("{", place), undefined);
    });

    for (const way of ["../..", "/etc", "infra/../../etc", "a\\b"]) {
      it(`is nothing that would be unpacked to ${way}`, async () => {
        const packages = { ...installation.packages, folder: way };
        const evidence = JSON.stringify({ installation: { ...installation, packages } });
        assert.equal(await found(evidence, { GANTRY_INSTALLATIONS: url }), undefined);
      });
    }
  });

  describe("in the next environment", () => {
    it("is copied into its bucket once, and found there by the same hashes", async () => {
      const there = bench.storeOf("acme-releases");
      await copyInstallation(installation, bench.store, there);
      const puts = () => bench.s3.calls.filter((call) => call.startsWith("put acme-releases"));
      assert.equal(puts().length, 2);
      await copyInstallation(installation, bench.store, there);
      assert.equal(puts().length, 2);
      for (const name of bench.s3.names("acme-artifacts")) bench.s3.objects.delete(name);
      act({ store: there });
      await action.done();
      assert.match(told.join(), /as the release has kept them/);
    });

    it("is nothing that is not what was kept", async () => {
      const name = object("acme-artifacts", installation.packages);
      bench.s3.objects.set(name, Buffer.from("other"));
      const there = bench.storeOf("acme-releases");
      await assert.rejects(copyInstallation(installation, bench.store, there), /another hash/);
      assert.deepEqual(bench.s3.names("acme-releases"), []);
    });
  });

  it("fails where the place is none", () => {
    assert.throws(() => new InstallationStore(bench.s3.client, "acme"), /give s3:\/\/<bucket>/);
  });
});
