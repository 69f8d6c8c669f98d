import assert from "node:assert/strict";
import { existsSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ensureEngine, type Engine, type EngineChoice } from "../../rehearsal/engine";
import { awsPackage } from "./engine/awsPackage";
import { addFile, folderWith, removeFolders } from "./engine/support";

describe("ensureEngine", () => {
  afterEach(removeFolders);

  const plugin = "plugins/resource-aws-v7.48.0/pulumi-resource-aws";

  /** A `pulumi` of a version whose `plugin install` works, or is refused as on a closed network. */
  const pulumi = (version: string, network: "open" | "closed" = "closed") => `#!/bin/sh
case "$1" in
version) echo v${version} ;;
plugin)
  ${
    network === "open"
      ? `mkdir -p "$PULUMI_HOME/plugins/resource-aws-v7.48.0"
  touch "$PULUMI_HOME/${plugin}"`
      : `echo 'warning: Error downloading plugin: dial tcp: no such host' >&2
  exec sleep 60`
  } ;;
esac
`;

  /** A `go` that builds by writing a file that says what was built, and notes it down. */
  const go = `#!/bin/sh
[ "$1" = env ] && echo go1.26.0 && exit
echo "building" >> "$HOME/builds"
while [ "$1" != -o ]; do shift; done
${"cat <<'END' > \"$2\""}
${pulumi("3.245.0")}
END
chmod +x "$2"
`;

  class Machine {
    readonly root = folderWith();
    readonly log: string[] = [];

    constructor(files: Record<string, string> = {}) {
      addFile(this.root, "provider", "#!/bin/sh\n");
      for (const [name, text] of Object.entries(awsPackage)) {
        addFile(this.root, `project/node_modules/@pulumi/aws/${name}`, text);
      }
      for (const [name, text] of Object.entries(files)) addFile(this.root, name, text);
    }

    path(...parts: string[]): string {
      return join(this.root, ...parts);
    }

    ensure(choice?: EngineChoice, env: NodeJS.ProcessEnv = {}): Promise<Engine> {
      return ensureEngine({
        choice,
        project: this.path("project"),
        log: (line) => this.log.push(line),
        env: {
          HOME: this.root,
          PATH: `${this.path("bin")}:/usr/bin:/bin`,
          TERRAFORM_AWS_PROVIDER: this.path("provider"),
          ...env,
        },
      });
    }

    get builds(): number {
      const file = this.path("builds");
      return existsSync(file) ? readFileSync(file, "utf8").trim().split("\n").length : 0;
    }
  }

  describe("with what is installed", () => {
    it("uses the CLI on the PATH and the official plugin", async () => {
      const machine = new Machine({ "bin/pulumi": pulumi("3.250.0"), [`.pulumi/${plugin}`]: "#!" });
      const engine = await machine.ensure();
      assert.deepEqual(engine, {
        pulumi: machine.path("bin/pulumi"),
        home: machine.path(".pulumi"),
        env: {
          PATH: `${machine.path("bin")}:${machine.path("bin")}:/usr/bin:/bin`,
          PULUMI_HOME: machine.path(".pulumi"),
          PULUMI_SKIP_UPDATE_CHECK: "true",
        },
        version: "3.250.0",
        origin: "path",
        awsPlugin: "official",
      });
      assert.deepEqual(machine.log, []);
    });

    it("passes over a CLI that is too old and one that does not run, and says so", async () => {
      const machine = new Machine({
        "bin/pulumi": pulumi("3.60.0"),
        ".pulumi/bin/pulumi": "#!/bin/sh\nexit 1\n",
        ".pulumi/versions/3.230.0/bin/pulumi": pulumi("3.230.0"),
        ".pulumi/versions/3.245.0/bin/pulumi": pulumi("3.245.0"),
        [`.pulumi/${plugin}`]: "#!",
      });
      const engine = await machine.ensure();
      assert.equal(engine.pulumi, machine.path(".pulumi/versions/3.245.0/bin/pulumi"));
      assert.equal(engine.origin, "npm");
      assert.deepEqual(machine.log, [
        `engine: ${machine.path("bin/pulumi")} is 3.60.0, and 3.200.0 or newer is needed; not used`,
        `engine: ${machine.path(".pulumi/bin/pulumi")} does not run; not used`,
      ]);
    });

    it("downloads the official plugin where the network lets it", async () => {
      const machine = new Machine({ "bin/pulumi": pulumi("3.250.0", "open") });
      const engine = await machine.ensure();
      assert.equal(engine.awsPlugin, "official");
      assert.equal(machine.builds, 0);
    });

    it("fails under the choice `installed` when the plugin cannot be had, naming both ways out", async () => {
      const machine = new Machine({ "bin/pulumi": pulumi("3.250.0") });
      await assert.rejects(
        machine.ensure("installed"),
        /AWS plugin 7\.48\.0 is not installed and cannot be downloaded: dial tcp: no such host[^]*pulumi plugin install resource aws 7\.48\.0[^]*unset GANTRY_ENGINE/,
      );
    });

    it("fails under the choice `installed` when there is no usable CLI, naming those passed over", async () => {
      const machine = new Machine({ "bin/pulumi": pulumi("3.60.0"), "bin/go": go });
      await assert.rejects(
        machine.ensure(undefined, { GANTRY_ENGINE: "installed" }),
        /No Pulumi CLI 3\.200\.0 or newer is installed\.[^]*bin\/pulumi is 3\.60\.0/,
      );
    });
  });

  describe("on a closed network", () => {
    it("builds the bridge alone for an installed CLI, in a home of its own", async () => {
      const machine = new Machine({ "bin/pulumi": pulumi("3.250.0"), "bin/go": go });
      const engine = await machine.ensure();
      assert.equal(engine.origin, "path");
      assert.equal(engine.awsPlugin, "bridge");
      assert.ok(engine.home.startsWith(machine.path(".cache/gantry/engine/")));
      assert.equal(engine.env.TERRAFORM_AWS_PROVIDER, machine.path("provider"));
      assert.equal(engine.env.PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION, "true");
      assert.ok(existsSync(join(engine.home, plugin)));
      assert.equal(existsSync(machine.path(".pulumi", plugin)), false);
      assert.equal(machine.builds, 1);
    });

    it("builds everything where nothing is installed, and says what, of how many, and that it is done", async () => {
      const machine = new Machine({ "bin/go": go });
      const engine = await machine.ensure();
      assert.equal(engine.origin, "built");
      assert.equal(engine.pulumi, join(engine.home, "bin/pulumi"));
      assert.ok(existsSync(join(engine.home, "bin/pulumi-language-nodejs")));
      assert.ok(engine.env.PATH.startsWith(`${join(engine.home, "bin")}:`));
      assert.equal(machine.builds, 3);
      const log = machine.log.join("\n");
      assert.match(
        log,
        /building the Pulumi CLI 3\.\d+\.\d+ \(1 of 2, about 4 min the first time\) \.\.\./,
      );
      assert.match(
        log,
        /downloading the AWS plugin 7\.48\.0: not possible: dial tcp: no such host/,
      );
      assert.match(
        log,
        /building the AWS plugin 7\.48\.0 over a Terraform provider .*: done \(0 s\)/,
      );
    });

    it("builds nothing a second time, and does not try the network again", async () => {
      const machine = new Machine({ "bin/go": go });
      const first = await machine.ensure();
      machine.log.length = 0;
      assert.deepEqual(await machine.ensure(), first);
      assert.equal(machine.builds, 3);
      assert.deepEqual(machine.log, []);
    });

    it("does not take a built engine for an installed one when it runs under that itself", async () => {
      const machine = new Machine({ "bin/go": go });
      const first = await machine.ensure();
      const nested = await machine.ensure(undefined, { ...first.env });
      assert.deepEqual(
        [nested.origin, nested.awsPlugin, nested.home],
        ["built", "bridge", first.home],
      );
    });

    it("keeps the CLI when only @pulumi/aws changes", async () => {
      const machine = new Machine({ "bin/go": go });
      const first = await machine.ensure("build");
      const newer = { name: "@pulumi/aws", version: "7.49.0" };
      writeFileSync(
        machine.path("project/node_modules/@pulumi/aws/package.json"),
        JSON.stringify(newer),
      );
      const second = await machine.ensure("build");
      assert.equal(machine.builds, 4);
      assert.notEqual(second.home, first.home);
      assert.ok(existsSync(join(second.home, "plugins/resource-aws-v7.49.0/pulumi-resource-aws")));
    });

    it("leaves nothing half-built when a build fails, and keeps what Go said", async () => {
      const failing =
        '#!/bin/sh\n[ "$1" = env ] && echo go1.26.0 && exit\necho "x: 403 Forbidden" >&2\nexit 1\n';
      const machine = new Machine({ "bin/go": failing });
      await assert.rejects(machine.ensure("build"), /a Go module could not be downloaded/);
      const cache = machine.path(".cache/gantry/engine");
      assert.deepEqual(readdirSync(cache), ["cli.log"]);
      assert.equal(readFileSync(join(cache, "cli.log"), "utf8"), "x: 403 Forbidden\n");
    });

    it("says that no provider is there before it builds anything", async () => {
      const machine = new Machine({ "bin/go": go });
      const missing = machine.ensure("build", { TERRAFORM_AWS_PROVIDER: machine.path("gone") });
      await assert.rejects(missing, /TERRAFORM_AWS_PROVIDER does not name an executable file/);
      assert.equal(machine.builds, 0);
    });
  });

  it("fails when GANTRY_ENGINE has another value, and gives the two that it may have", async () => {
    const failing = new Machine().ensure(undefined, { GANTRY_ENGINE: "docker" });
    await assert.rejects(failing, /GANTRY_ENGINE is "docker"\.[^]*"installed" or "build"/);
  });
});
