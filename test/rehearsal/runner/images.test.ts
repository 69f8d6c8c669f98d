import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { arch } from "node:os";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { findBuilder } from "../../../delivery/images/builder";
import { findRegistry } from "../../../delivery/images/registry";
import { prepareBaseImages } from "../../../rehearsal/runner/baseImages";
import { findImageTools, type ImageTools } from "../../../rehearsal/runner/images";
import { OciClient, parseReference, type Manifest } from "../../../rehearsal/runner/ociClient";
import { simulatedLabel } from "../../../rehearsal/runner/standIn/label";
import { ImageBench } from "./imageBench";

/** With a builder: test/emulator/images.test.ts. */
describe("images of a rehearsal", function () {
  this.timeout(300_000);
  let bench: ImageBench;

  before(async () => {
    bench = await ImageBench.start();
  });

  after(() => {
    rmSync(bench.volumes, { recursive: true, force: true });
    bench.account.stop();
  });

  describe("without a builder", () => {
    let tools: ImageTools;
    let env: NodeJS.ProcessEnv;

    before(async () => {
      const bin = join(bench.account.folders.make(), "bin");
      mkdirSync(bin);
      for (const name of ["sh", "tar", "gzip", "npm", "ldd"]) {
        symlinkSync(execFileSync("which", [name], { encoding: "utf8" }).trim(), join(bin, name));
      }
      env = { PATH: bin, HOME: bench.account.folders.make() };
      const folder = bench.account.folders.make();
      bench.lines.length = 0;
      tools = await findImageTools({
        ...bench.account,
        folder,
        log: (line) => bench.lines.push(line),
        env,
      });
    });

    it("say that they are simulated, and what to install", () => {
      assert.equal(tools.builder, "simulated");
      assert.match(tools.simulated.join(), /not built but simulated/);
      assert.match(bench.lines.join("\n"), /apt-get install buildah skopeo/);
    });

    it("have real digests in the registry, and a label that tells them", async () => {
      const digest = await bench.buildAndPush(
        bench.environment(tools, env),
        "5e6f7a8b",
        "node:22-alpine",
      );
      assert.match(bench.lines.join(""), /SIMULATED: .*:5e6f7a8b/);
      const reference = parseReference(`${bench.uri}:5e6f7a8b`);
      const client = new OciClient();
      const { config } = JSON.parse((await client.manifest(reference)).text) as Manifest;
      const settings = JSON.parse(
        Buffer.from(await client.blob(reference, config?.digest ?? "")).toString(),
      ) as { config: { Labels: Record<string, string> } };
      assert.equal(settings.config.Labels[simulatedLabel], "true");
      assert.equal(
        await bench.buildAndPush(bench.environment(tools, env), "again", "node:22-alpine"),
        digest,
      );
    });

    it("have what the ignore file leaves, and are of the stage that is built", async () => {
      const context = bench.account.folders.make();
      const lay = (path: string, content: string) => writeFileSync(join(context, path), content);
      mkdirSync(join(context, "packages"));
      mkdirSync(join(context, "other"));
      lay("packages/a.js", "");
      lay("packages/a.log", "");
      lay("other/b.js", "");
      lay("Dockerfile", "FROM scratch AS runtime\nCOPY . /\nCMD run\nFROM scratch\nCOPY none /\n");
      lay("Dockerfile.dockerignore", "*\n!packages\n**/*.log\n");
      const reference = `${bench.uri}:6f7a8b9c`;
      const builder = await findBuilder({
        env: bench.environment(tools, env),
        onOutput: (chunk) => bench.lines.push(chunk),
      });
      await builder.build({
        ...{ context, dockerfile: join(context, "Dockerfile"), target: "runtime", buildArgs: {} },
        ...{ platform: "linux/amd64", reference },
      });
      await builder.push(reference);
      const client = new OciClient();
      const image = parseReference(reference);
      const { layers = [], config } = JSON.parse((await client.manifest(image)).text) as Manifest;
      const input = gunzipSync(await client.blob(image, layers[0].digest));
      const list = execFileSync("tar", ["-tf", "-"], { input, encoding: "utf8" }).split("\n");
      assert.deepEqual(
        list.filter((path) => /\.(js|log)$/.test(path)),
        ["./packages/a.js"],
      );
      const settings = Buffer.from(await client.blob(image, config?.digest ?? "")).toString();
      assert.match(settings, /"Cmd":\["\/bin\/sh","-c","run"\]/);
    });

    it("can be inspected and copied, byte for byte", async () => {
      const registry = await findRegistry(bench.environment(tools, env));
      await registry.copy(`${bench.uri}:5e6f7a8b`, `${bench.uri}:copy`);
      const [from, to] = await Promise.all([
        registry.inspect(`${bench.uri}:5e6f7a8b`),
        registry.inspect(`${bench.uri}:copy`),
      ]);
      assert.equal(to.digest, from.digest);
      assert.equal(from.architecture, arch() === "arm64" ? "ARM64" : "X86_64");
    });

    it("run as sources under this machine's node, with the image's settings", async () => {
      const image = `${bench.uri}:5e6f7a8b`;
      await bench.service("shop-staging-plain", image);
      const answer = await bench.serves(tools, "shop-staging-plain");
      assert.deepEqual([answer.commit, answer.level], ["1a2b3c4d", "debug"]);
      assert.equal(existsSync(answer.folder), false, "nothing is left of it");
    });

    it("need no base image, whatever the Dockerfile names", async () => {
      const dockerfile = join(bench.account.folders.make(), "Dockerfile");
      writeFileSync(dockerfile, "FROM registry.invalid/acme/base:1\n");
      const web = { name: "web", dockerfile, buildArgs: {} };
      assert.deepEqual((await prepareBaseImages([web], tools)).replaced, []);
    });
  });

  it("have a folder of this machine for what they mount of EFS", async () => {
    const bin = join(bench.account.folders.make(), "bin");
    mkdirSync(bin);
    // What it is run with is all that is asked of it.
    writeFileSync(
      join(bin, "podman"),
      '#!/bin/sh\n[ "$1" = run ] && echo "$@" && exit 3\nexit 0\n',
    );
    chmodSync(join(bin, "podman"), 0o755);
    const inspected = '{"OCIv1":{"config":{"Cmd":["run"]}}}';
    writeFileSync(
      join(bin, "buildah"),
      `#!/bin/sh\n[ "$1" = inspect ] && echo '${inspected}'\n[ "$1" = run ] && echo "$@" && exit 3\nexit 0\n`,
    );
    chmodSync(join(bin, "buildah"), 0o755);
    const mount = (sourceVolume: string, containerPath: string, readOnly: boolean) => ({
      ...{ sourceVolume, containerPath, readOnly },
    });
    await bench.service("shop-staging-files", `${bench.uri}:5e6f7a8b`, {
      volumes: [
        {
          name: "files",
          efsVolumeConfiguration: {
            fileSystemId: "fs-1",
            transitEncryption: "ENABLED",
            authorizationConfig: { accessPointId: "fsap-1" },
          },
        },
        { name: "scratch" },
      ],
      mountPoints: [mount("files", "/srv/files", true), mount("scratch", "/tmp", false)],
    });
    const env = { PATH: `${bin}:${process.env.PATH ?? ""}` };
    const tools = { builder: "podman", env, simulated: [] } as const;
    const folder = join(bench.volumes, "fs-1", "fsap-1");
    await assert.rejects(bench.serves(tools, "shop-staging-files"), ({ message }: Error) => {
      assert.ok(message.includes(`--volume /tmp --volume ${folder}:/srv/files:ro`), message);
      return true;
    });
    const byBuildah = { ...tools, builder: "buildah" } as const;
    await assert.rejects(bench.serves(byBuildah, "shop-staging-files"), ({ message }: Error) => {
      const empty = / --volume (\S+\/empty-\w+):\/tmp /.exec(message)?.[1] ?? message;
      assert.deepEqual(readdirSync(empty), []);
      return true;
    });
    assert.equal(statSync(folder).mode & 0o777, 0o777);
  });

  it("fails when a container ends before it listens, with its last lines", async () => {
    const bin = join(bench.account.folders.make(), "bin");
    mkdirSync(bin);
    writeFileSync(
      join(bin, "podman"),
      '#!/bin/sh\n[ "$1" = run ] && echo "no such user" && exit 3\nexit 0\n',
    );
    chmodSync(join(bin, "podman"), 0o755);
    await bench.service("shop-staging-ends", `${bench.uri}:5e6f7a8b`);
    const tools: ImageTools = {
      builder: "podman",
      env: { PATH: `${bin}:${process.env.PATH ?? ""}` },
      simulated: [],
    };
    await assert.rejects(bench.serves(tools, "shop-staging-ends"), /ended with 3:\nno such user/);
  });
});
