import assert from "node:assert/strict";
import { mkdtempSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { unpack } from "../../../delivery/installation/archive";
import { packagesKey } from "../../../delivery/installation/packages";
import { commit, InstallationBench } from "./support";

describe("what a release keeps to run Pulumi", () => {
  let bench: InstallationBench;

  beforeEach(() => (bench = new InstallationBench()));
  afterEach(() => bench.remove());

  const plugin = (version: string) => `pulumi plugin install resource aws ${version}`;
  const installs = (calls: readonly string[]) => [
    calls.some((call) => call.startsWith("npm ci --omit=dev")),
    calls.some((call) => call.startsWith("pulumi plugin install")),
  ];

  it("is packages and Pulumi, each an archive under the hash of its content", async () => {
    const kept = await bench.keep();
    assert.match(kept.host, new RegExp(`^${process.platform}-${process.arch}-\\d+$`));
    assert.equal(kept.packages.folder, "infra");
    const { packages, pulumi } = kept;
    assert.deepEqual(
      bench.s3.names("acme-artifacts", ".tar.gz").sort(),
      [packages, pulumi].map((one) => `acme-artifacts/installations/${one.sha256}.tar.gz`).sort(),
    );
    assert.match(bench.told.join(), /are kept in s3:\/\/acme-artifacts\/installations \(1 MB\)/);
  });

  it("has of Pulumi the CLI, the host of Node programs, and the packages' plugins", async () => {
    const { pulumi } = await bench.keep();
    const folder = mkdtempSync(join(bench.work, "unpacked-"));
    await bench.store.get(pulumi, join(bench.work, "file"));
    await unpack(join(bench.work, "file"), folder, 60_000);
    assert.deepEqual(readdirSync(join(folder, "bin")).sort(), ["pulumi", "pulumi-language-nodejs"]);
    assert.deepEqual(readdirSync(join(folder, "plugins")), ["resource-aws-v7.48.0"]);
    assert.deepEqual(readdirSync(join(folder, "plugins/resource-aws-v7.48.0")), ["program"]);
    assert.ok(bench.calls().some((call) => call.startsWith(plugin("7.48.0"))));
  });

  it("is made once: the next release with the same lock file asks neither npm nor Pulumi", async () => {
    const first = await bench.keep();
    assert.deepEqual(installs(bench.calls()), [true, true]);
    assert.deepEqual(await bench.keep(), first);
    assert.deepEqual(await bench.keep({ commit: "0".repeat(40) }), first);
    assert.deepEqual(installs(bench.calls()), [false, false]);
    assert.match(bench.told.join(), /are kept already/);
  });

  it("is made anew where an archive is gone or cut short", async () => {
    const { packages } = await bench.keep();
    bench.calls();
    const name = `acme-artifacts/installations/${packages.sha256}.tar.gz`;
    bench.s3.objects.delete(name);
    await bench.keep();
    assert.deepEqual(installs(bench.calls()), [true, false], "Pulumi is there still");
    const [other] = bench.s3.names("acme-artifacts", ".tar.gz");
    bench.s3.objects.set(other, Buffer.from("short"));
    await bench.keep();
    assert.equal(installs(bench.calls())[0], true);
  });

  it("is made anew with another lock file, Pulumi only with another plugin", async () => {
    await bench.keep();
    bench.calls();
    bench.write(join(bench.folder, ".npmrc"), "registry=https://npm.example.com\n");
    await bench.keep();
    assert.deepEqual(installs(bench.calls()), [true, false]);
    bench.lay({ version: "7.49.0" });
    await bench.keep();
    assert.ok(bench.calls().some((call) => call.startsWith(plugin("7.49.0"))));
  });

  it("asks nobody for a CLI that is kept already", async () => {
    const { pulumi } = await bench.keep();
    bench.program("pulumi", "exit 127");
    bench.program("curl", "exit 7");
    bench.write(join(bench.folder, ".npmrc"), "registry=https://npm.example.com\n");
    assert.deepEqual((await bench.keep()).pulumi, pulumi);
    assert.ok(!bench.calls().some((call) => call.startsWith("curl")));
  });

  it("is no release where npm does not answer (row 46)", async () => {
    bench.program("npm", `[ "$1" = --version ] && echo 11.7.0 && exit; exit 3`);
    await assert.rejects(bench.keep(), /npm ci failed, and nothing was changed/);
    assert.deepEqual(bench.s3.names("acme-artifacts"), []);
  });

  it("is no release where the bucket denies it, and says what grants it", async () => {
    const denied = Object.assign(new Error("not authorized"), { name: "AccessDenied" });
    Object.assign(bench.store, { s3: { send: () => Promise.reject(denied) } });
    await assert.rejects(bench.keep(), (error: Error & { details: readonly string[] }) => {
      assert.match(error.message, /cannot be kept in s3:.*no release is made.*pulumi up/);
      assert.deepEqual(error.details, ["not authorized"]);
      return true;
    });
  });

  describe("by its key", () => {
    const key = (id = commit) => packagesKey(bench.folder, bench.root, id, bench.env);

    it("is of every file that npm reads, up to the repository's root", async () => {
      const keys = new Set([await key()]);
      for (const file of ["infra/.npmrc", "package.json", "package-lock.json", ".npmrc"]) {
        bench.write(join(bench.root, file), file.endsWith(".json") ? "{}" : "a=b");
        keys.add(await key());
      }
      assert.equal(keys.size, 5);
      bench.write(join(bench.work, "package.json"), "{}");
      assert.ok(keys.has(await key()), "of nothing above");
    });

    it("is of the commit only where the product's own scripts run at an installation", async () => {
      const other = "0".repeat(40);
      assert.equal(await key(), await key(other));
      bench.lay({ version: "7.48.0", scripts: { test: "mocha" } });
      assert.equal(await key(), await key(other));
      bench.lay({ version: "7.48.0", scripts: { postinstall: "patch-package" } });
      assert.notEqual(await key(), await key(other));
    });

    it("is of npm's version", async () => {
      const before = await key();
      bench.program("npm", "echo 12.0.0");
      assert.notEqual(await key(), before);
    });
  });
});
