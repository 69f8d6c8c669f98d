import assert from "node:assert/strict";
import { connect, createServer, type Server } from "node:net";
import { arch } from "node:os";
import { once } from "node:events";
import { randomBytes } from "node:crypto";
import { CreateSecretCommand } from "@aws-sdk/client-secrets-manager";
import { variables } from "../../contract/variables";
import { makeClients } from "../../delivery/clients";
import { withRegistryLogin } from "../../delivery/images/login";
import { makeStandIn } from "../../rehearsal/runner/baseImage";
import { tryRun } from "../../delivery/run";
import { buildkitImage } from "../../stacks/pipelineActions";
import { makeBuildkitImage } from "../support/buildkitImage";
import { startDockerEngine, whyNoDockerEngine, type DockerEngine } from "../support/dockerEngine";
import { assertNowhereIn } from "./blobs";
import {
  createRepository,
  region,
  root,
  stackFile,
  startImageBench,
  type ImageBench,
} from "./delivery/imageBench";
import { log } from "./support";

const platform = arch() === "arm64" ? "arm64" : "amd64";
const token = `s3cr3t-${randomBytes(12).toString("hex")}`;
const service = "{ build: { context: app, secrets: { TOKEN: shop/token } } }";
const commits = ["1a", "2b", "3c", "4d"].map((start) => start.padEnd(40, "0"));

/**
 * `gantry build` as on CodeBuild: an engine that keeps no layers in a registry itself, and a BuildKit of the version that pipelines
 * name. Each build starts its own and ends it, so that each is on another host as far as layers go.
 */
describe("the layer cache", function () {
  this.timeout(900_000);
  let engine: DockerEngine;
  let bench: ImageBench;
  let toEmulator: Server;
  let uri: string;

  before(async function () {
    const reason = whyNoDockerEngine();
    if (reason !== undefined) {
      console.log(`      skipped: ${reason}`);
      return this.skip();
    }
    engine = await startDockerEngine({ log });
    bench = await startImageBench({ ...process.env, ...engine.env, GANTRY_BUILDER: "docker" });
    const { port } = bench.emulator;
    toEmulator = await forward(await gatewayOf(engine), port);
    await makeBuildkitImage(engine, buildkitImage, port, log);
    uri = `127.0.0.1:${port}/123456789012/eu-west-1`;
    const { secrets } = makeClients(region, root, bench.emulator.url);
    await secrets.send(new CreateSecretCommand({ Name: "shop/token", SecretString: token }));
    await pushBase();
  });

  after(async () => {
    toEmulator?.close();
    await bench?.stop();
    await engine?.stop();
  });

  /** BuildKit takes no image from the engine's store: what a Dockerfile is built on comes from a registry. */
  async function pushBase(): Promise<void> {
    await createRepository(bench.ecr, "base");
    const tools = { builder: "docker", env: bench.toolEnv, simulated: [] } as const;
    const { reference } = await makeStandIn({ runtime: "none", system: "busybox" }, tools);
    await engine.docker("tag", reference, `${uri}/base:1`);
    const access = { ecr: bench.ecr, repositories: [`${uri}/base`] };
    await withRegistryLogin(
      [access],
      async (env) => {
        const pushed = await tryRun("docker", ["push", `${uri}/base:1`], { env });
        assert.equal(pushed.code, 0, pushed.output);
      },
      bench.env,
    );
  }

  const dockerfile = () => `FROM ${uri}/base:1 AS packages
WORKDIR /app
COPY list .
RUN --mount=type=secret,id=TOKEN test -s /run/secrets/TOKEN && echo ran: packages && date > installed
FROM ${uri}/base:1
COPY --from=packages /app /app
COPY hello /app/
RUN echo ran: hello
ARG GANTRY_COMMIT
LABEL at=$GANTRY_COMMIT
`;

  /** The steps that were run, and what was said. */
  async function build(commit: string): Promise<{ readonly ran: string[]; readonly said: string }> {
    const { code, stderr } = await bench.gantry(
      ["build", "--stack", "staging", "--service", "web"],
      {
        GANTRY_COMMIT: commit,
        [variables.buildkitImage]: buildkitImage,
      },
    );
    assert.equal(code, 0, stderr);
    assert.doesNotMatch(stderr, /is not used/);
    assert.equal(await engine.docker("ps", "--all", "--quiet"), "", "no BuildKit is left");
    const ran = [...stderr.matchAll(/^#\d+ [\d.]+ ran: (\w+)$/gm)].map(([, step]) => step);
    return { ran, said: stderr };
  }

  const caches = async () =>
    Object.keys(await bench.images("shop/staging/web"))
      .filter((tag) => tag.startsWith("cache."))
      .sort();

  it("lets a build on another host run what changed alone, whatever was built before it", async () => {
    bench.lay("Pulumi.staging.yaml", stackFile(service));
    bench.lay("app/Dockerfile", dockerfile());
    bench.lay("app/list", "one\n");
    const first = await build(commits[0]);
    assert.deepEqual(first.ran, ["packages", "hello"]);
    assert.deepEqual(await caches(), [`cache.${platform}.1a000000`]);
    await assertNowhereIn(`${uri}/shop/staging/web:cache.${platform}.1a000000`, token);

    // The image's own registry may not answer any more: there is a copy.
    assert.match(first.said, /is kept as \S+\/shop\/staging\/web:buildkit\.v0/);
    await engine.docker("rmi", buildkitImage);
    bench.lay("app/hello", "good morning\n");
    const second = await build(commits[1]);
    assert.match(second.said, new RegExp(`layers are taken from cache\\.${platform}\\.1a000000`));
    assert.deepEqual(second.ran, ["hello"]);

    bench.lay("app/hello", "good evening\n");
    assert.deepEqual((await build(commits[2])).ran, ["hello"]);

    bench.lay("app/list", "one\ntwo\n");
    assert.deepEqual((await build(commits[3])).ran, ["packages", "hello"]);
    assert.equal((await caches()).length, 4);
  });

  it("is done without where no BuildKit starts, which the log says", async () => {
    bench.lay("app/hello", "good night\n");
    const { code, stderr } = await bench.gantry(
      ["build", "--stack", "staging", "--service", "web"],
      {
        GANTRY_COMMIT: "5e".padEnd(40, "0"),
        [variables.buildkitImage]: `${uri}/base:none`,
      },
    );
    assert.equal(code, 0, stderr);
    assert.match(stderr, /the layer cache is not used, since \S+\/base:none does not start: /);
    assert.equal(await engine.docker("ps", "--all", "--quiet"), "");
  });
});

/** The address of the engine's bridge, by which its containers know this machine. */
async function gatewayOf(engine: DockerEngine): Promise<string> {
  const format = "{{(index .IPAM.Config 0).Gateway}}";
  return engine.docker("network", "inspect", "bridge", "--format", format);
}

async function forward(host: string, port: number): Promise<Server> {
  const server = createServer((client) => {
    const target = connect(port, "127.0.0.1");
    client.on("error", () => target.destroy());
    target.on("error", () => client.destroy());
    client.pipe(target).pipe(client);
  });
  server.listen(port, host);
  await once(server, "listening");
  return server;
}
