import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { createServer } from "node:http";
import { dirname, join } from "node:path";
import { startEmulator, type Emulator } from "../../rehearsal/emulator";
import { ensureEngine } from "../../rehearsal/engine";
import type { BuildHost, BuildResult, Reached } from "../../rehearsal/runner/buildHost";
import { findBuildHost } from "../../rehearsal/runner/buildHost/find";
import { standardImage } from "../../rehearsal/runner/buildHost/standardImage";
import { parseBuildspec } from "../../rehearsal/runner/buildspec";
import { startDockerEngine, whyNoDockerEngine, type DockerEngine } from "../support/dockerEngine";
import { buildOnEachOther } from "./support";

describe("a build in a container that stands in for CodeBuild's", function () {
  buildOnEachOther();
  let docker: DockerEngine;
  let emulator: Emulator;
  let host: BuildHost;
  let folder: string;

  before(async function () {
    const reason = whyNoDockerEngine();
    if (reason !== undefined) {
      console.log(`      ${reason}`);
      this.skip();
    }
    folder = mkdtempSync(join(tmpdir(), "gantry-build-host-"));
    docker = await startDockerEngine({ buildx: false });
    emulator = await startEmulator({ logFile: join(folder, "emulator.log") });
    const log = () => undefined;
    host = await findBuildHost({
      engine: await ensureEngine({ log }),
      engineIsElsewhere: false,
      port: emulator.port,
      tools: { builder: "docker", env: docker.env, simulated: [] },
      log,
    });
  });

  after(async () => {
    await emulator?.stop();
    await docker?.stop();
    if (folder) rmSync(folder, { recursive: true, force: true });
  });

  const logFile = () => join(folder, "build.log");

  /** What the commands printed, without CodeBuild's own lines. */
  const printed = () =>
    readFileSync(logFile(), "utf8")
      .split("\n")
      .filter((line) => line !== "" && !line.startsWith("[Container]"));

  function build(
    commands: readonly string[],
    options: {
      privileged?: boolean;
      timeoutSeconds?: number;
      more?: string;
      reached?: readonly Reached[];
      variables?: Readonly<Record<string, string>>;
    } = {},
  ): Promise<BuildResult> {
    const {
      privileged = false,
      timeoutSeconds = 120,
      more = "",
      reached = [],
      variables,
    } = options;
    const own = mkdtempSync(join(folder, "build-"));
    const source = join(own, "src/Source");
    mkdirSync(source, { recursive: true });
    writeFileSync(join(source, "given.txt"), "given");
    const text = `version: 0.2\nphases: { build: { commands: ${JSON.stringify(commands)} } }\n${more}`;
    return host.run({
      image: standardImage.name,
      privileged,
      buildspec: parseBuildspec(text, "of the test"),
      sources: new Map([["Source", source]]),
      primary: "Source",
      variables: { GIVEN: "it's\n$given", AWS_ENDPOINT_URL: emulator.url, ...variables },
      machine: { ONLY_HERE: "of this machine" },
      reached,
      folder: own,
      logFile: logFile(),
      timeoutSeconds,
    });
  }

  it("is root's, with an empty home folder, and variables that are the build's or the image's", async () => {
    const { error } = await build([
      "id -un; echo $HOME; pwd",
      "env -0 | cut -z -d= -f1 | tr '\\0' ' '",
    ]);
    assert.equal(error, undefined, printed().join("\n"));
    const [user, home, source, names] = printed();
    assert.deepEqual(
      [user, home, source],
      [standardImage.user, standardImage.home, "/codebuild/src/Source"],
    );
    const expected = new Set([
      ...Object.keys(standardImage.env),
      ...host.gives,
      ...["AWS_ENDPOINT_URL", "CODEBUILD_SRC_DIR", "GIVEN"],
      // Of every container and shell.
      ...["HOME", "HOSTNAME", "PATH", "PWD", "OLDPWD", "SHLVL", "_"],
    ]);
    assert.deepEqual(
      names
        .trim()
        .split(" ")
        .filter((name) => !expected.has(name)),
      [],
    );
  });

  it("has the image's tools, its versions of Node and docker's plugins, and nothing that it lacks", async () => {
    const { tools, absent, dockerPlugins, nodeVersions } = standardImage;
    const missing = (names: readonly string[]) =>
      `for tool in ${names.join(" ")}; do command -v $tool > /dev/null || echo missing $tool; done`;
    const versions = Object.keys(nodeVersions);
    const { error } = await build([
      missing(Object.keys(tools)),
      `for tool in ${absent.join(" ")}; do ! command -v $tool || echo there is $tool; done`,
      ...Object.keys(dockerPlugins).map((name) => `docker ${name} version > /dev/null`),
      "node --version",
      ...versions.map(
        (version) => `n --offline ${version} > /dev/null && node --version && npm --version`,
      ),
    ]);
    assert.equal(error, undefined, printed().join("\n"));
    assert.deepEqual(printed(), [
      `v${standardImage.node}`,
      ...versions.flatMap((version) => [`v${version}`, nodeVersions[version].npm]),
    ]);
  });

  it("has Docker's engine only where the project is privileged", async () => {
    const command = "docker version --format '{{.Server.Version}}'";
    assert.match((await build([command])).error ?? "", /^build failed/);
    const { error } = await build([command], { privileged: true });
    assert.equal(error, undefined, printed().join("\n"));
    assert.match(printed().at(-1) ?? "", /^\d+\./);
  });

  it("reaches the emulator, and finds Pulumi where it is to be kept for later actions", async () => {
    const keeps = { GANTRY_INSTALLATIONS: "s3://acme/kept", GANTRY_RESULTS: "s3://acme/results" };
    const commands = [
      'curl -fsS "$AWS_ENDPOINT_URL/gantry-emulator/identity" > /dev/null',
      "pulumi version",
    ];
    const { error } = await build(commands, { variables: keeps });
    assert.equal(error, undefined, printed().join("\n"));
  });

  it("reaches services by the names and ports that it is told, and the emulator as well", async () => {
    const servers = ["first", "second"].map((text) => {
      const server = createServer((request, response) =>
        response.end(`${text}, asked as ${request.headers.host}`),
      );
      const socket = join(mkdtempSync(join(tmpdir(), "gantry-reached-")), "server.sock");
      return { server, socket };
    });
    await Promise.all(
      servers.map(({ server, socket }) => new Promise<void>((done) => server.listen(socket, done))),
    );
    const [shop, api] = servers.map(({ socket }) => socket);
    try {
      const { error } = await build(
        [
          "curl -fsS http://shop.example.com/path; echo",
          "curl -fsS http://api.example.com:8443/; echo",
          'curl -fsS "$AWS_ENDPOINT_URL/gantry-emulator/identity" > /dev/null',
          "case $HOSTNAME in codebuild-*) ;; *) exit 1;; esac",
        ],
        {
          reached: [
            { host: "shop.example.com", port: 80, socket: shop },
            { host: "api.example.com", port: 8443, socket: api },
          ],
        },
      );
      assert.equal(error, undefined, printed().join("\n"));
      assert.deepEqual(printed(), [
        "first, asked as shop.example.com",
        "second, asked as api.example.com:8443",
      ]);
    } finally {
      for (const { server, socket } of servers) {
        server.close();
        rmSync(dirname(socket), { recursive: true, force: true });
      }
    }
    assert.equal(await docker.docker("ps", "--all", "--quiet"), "");
  });

  it("hands on its artifacts and exported variables, and its sources as they were given", async () => {
    const result = await build(
      [
        'test "$(cat given.txt)" = given',
        "mkdir out; printf '%s' \"$GIVEN\" > out/made.txt",
        "export MADE=yes",
      ],
      {
        more: "env: { exported-variables: [MADE] }\nartifacts: { base-directory: out, files: [made.txt] }",
      },
    );
    assert.equal(result.error, undefined, printed().join("\n"));
    assert.deepEqual(result.exportedVariables, { MADE: "yes" });
  });

  it("fails with the phase and its last lines, and leaves no container", async () => {
    const result = await build(["echo what went wrong; exit 3"]);
    assert.match(result.error ?? "", /^a command ended the shell of build with exit code 3$/);
    assert.ok(result.tail.includes("what went wrong"));
    assert.equal(await docker.docker("ps", "--all", "--quiet"), "");
  });

  it("is ended when its time is over", async () => {
    const result = await build(["sleep 300"], { timeoutSeconds: 3 });
    assert.match(result.error ?? "", /longer than its 3 s/);
    assert.equal(await docker.docker("ps", "--all", "--quiet"), "");
  });
});
