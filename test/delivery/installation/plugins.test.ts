import assert from "node:assert/strict";
import { renameSync } from "node:fs";
import { join } from "node:path";
import { modulesFolders, topFolder } from "../../../delivery/installation/packages";
import { installPlugins, pluginsOf } from "../../../delivery/installation/plugins";
import { InstallationBench } from "./support";

describe("the plugins of a program", () => {
  let bench: InstallationBench;

  beforeEach(() => (bench = new InstallationBench()));
  afterEach(() => bench.remove());

  /** Packages by their folders, as npm installs and notes them. */
  function installed(packages: Readonly<Record<string, object>>): string {
    const top = join(bench.root, "all");
    const lock = JSON.stringify({ packages: { "": {}, ...packages } });
    bench.write(join(top, "package-lock.json"), lock);
    bench.write(join(top, "node_modules/.package-lock.json"), lock);
    for (const [path, about] of Object.entries(packages)) {
      bench.write(join(top, path, "package.json"), JSON.stringify(about));
    }
    return top;
  }

  it("are those of packages that bring one, and of components in the versions that they are pinned to", async () => {
    const resource = true;
    const top = installed({
      "node_modules/@pulumi/pulumi": { name: "@pulumi/pulumi", version: "3.248.0" },
      "node_modules/@pulumi/aws": { name: "@pulumi/aws", version: "7.48.0", pulumi: { resource } },
      "node_modules/@pulumi/awsx": {
        ...{ name: "@pulumi/awsx", version: "3.9.0", pulumi: { resource, version: "v3.9.0" } },
        dependencies: { "@pulumi/aws": "^7.43.0", "@pulumi/pulumi": "^3.142.0", mime: "^2.0.0" },
      },
      "node_modules/pulumi-acme": {
        ...{ name: "pulumi-acme", version: "1.2.3" },
        pulumi: { resource, name: "acme", server: "https://plugins.example.com" },
      },
    });
    assert.deepEqual(await pluginsOf(top), [
      { name: "acme", version: "1.2.3", server: "https://plugins.example.com" },
      { name: "aws", version: "7.43.0", ofComponent: true },
      { name: "aws", version: "7.48.0" },
      { name: "awsx", version: "3.9.0" },
    ]);
  });

  it("are looked for where npm-shrinkwrap.json is the lock file, too", async () => {
    const path = "node_modules/@pulumi/random";
    const about = { name: "@pulumi/random", version: "4.18.0", pulumi: { resource: true } };
    const top = installed({ [path]: about });
    renameSync(join(top, "package-lock.json"), join(top, "npm-shrinkwrap.json"));
    assert.equal(topFolder(top), top);
    assert.deepEqual(await pluginsOf(top), [{ name: "random", version: "4.18.0" }]);
  });

  it("are looked for in the packages of a workspace's members, too", async () => {
    const path = "infra/node_modules/@pulumi/random";
    const about = { name: "@pulumi/random", version: "4.18.0", pulumi: { resource: true } };
    const top = installed({ "node_modules/mime": { name: "mime" }, [path]: about });
    assert.deepEqual(await modulesFolders(top), ["infra/node_modules", "node_modules"]);
    assert.deepEqual(await pluginsOf(top), [{ name: "random", version: "4.18.0" }]);
  });

  describe("when they are installed", () => {
    const plugins = [
      { name: "aws", version: "7.43.0", ofComponent: true },
      { name: "aws", version: "7.48.0" },
    ];
    const tell = (line: string) => void bench.told.push(line);
    const onlyNot = (version: string) =>
      bench.program("pulumi", `[ "$5" != ${version} ] || { echo "403 HTTP error"; exit 255; }`);

    it("are those that are missing", async () => {
      bench.write(join(bench.work, "pulumi/plugins/resource-aws-v7.48.0/program"), "");
      assert.equal(await installPlugins(plugins, bench.env, tell), true);
      assert.deepEqual(bench.calls(), [
        "pulumi plugin install resource aws 7.43.0 --non-interactive",
      ]);
    });

    it("are none where Pulumi shall get none of its own accord", async () => {
      const env = { ...bench.env, PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true" };
      assert.equal(await installPlugins(plugins, env, tell), true);
      assert.deepEqual(bench.calls(), []);
    });

    it("fail by a package's own that cannot be had (row 46)", async () => {
      onlyNot("7.48.0");
      await assert.rejects(
        installPlugins(plugins, bench.env, tell),
        /plugin aws 7\.48\.0 failed, and nothing was changed\. If Pulumi's download site/,
      );
    });

    it("are not whole without a component's, which is said", async () => {
      onlyNot("7.43.0");
      assert.equal(await installPlugins(plugins, bench.env, tell), false);
      assert.match(bench.told.join(), /aws 7\.43\.0, which a component may run, is left to/);
    });
  });
});
