import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { arch, platform } from "node:os";
import { join } from "node:path";
import { CreateRepositoryCommand, ECRClient } from "@aws-sdk/client-ecr";
import {
  CreateClusterCommand,
  CreateServiceCommand,
  ECSClient,
  RegisterTaskDefinitionCommand,
} from "@aws-sdk/client-ecs";
import { findBuilder } from "../../../delivery/images/builder";
import { findRegistry } from "../../../delivery/images/registry";
import { makeBaseImage } from "../../../local/rehearsal/baseImage";
import { startContainer } from "../../../local/rehearsal/containers";
import { findImageTools, type ImageTools } from "../../../local/rehearsal/images";
import { simulatedLabel } from "../../../local/rehearsal/standIn/label";
import { OciClient, parseReference, type Manifest } from "../../../local/rehearsal/ociClient";
import { Account } from "./support";

const server = `
require("node:http")
  .createServer((_request, response) => response.end(JSON.stringify({
    commit: process.env.GANTRY_COMMIT, level: process.env.LOG_LEVEL, folder: process.cwd(),
  })))
  .listen(Number(process.env.PORT));
`;

const dockerfile = `ARG NODE_IMAGE
FROM \${NODE_IMAGE}
WORKDIR /app
COPY . .
RUN test -f server.js && chmod a+r server.js
USER 1000:1000
CMD ["node", "server.js"]
ARG GANTRY_COMMIT=unknown
ENV GANTRY_COMMIT=\${GANTRY_COMMIT}
`;

describe("images of a rehearsal", function () {
  this.timeout(120_000);
  let account: Account;
  let context: string;
  let uri: string;
  const lines: string[] = [];

  before(async () => {
    account = await Account.start();
    context = account.folders.make();
    writeFileSync(join(context, "server.js"), server);
    writeFileSync(join(context, "Dockerfile"), dockerfile);
    const ecr = new ECRClient(account.connection.root);
    const create = new CreateRepositoryCommand({ repositoryName: "shop-staging/web" });
    uri = (await ecr.send(create)).repository?.repositoryUri ?? "";
    const ecs = new ECSClient(account.connection.root);
    await ecs.send(new CreateClusterCommand({ clusterName: "shop-staging" }));
  });

  after(() => account.stop());

  /** What an action's environment would be. */
  const environment = (tools: ImageTools, env: NodeJS.ProcessEnv = process.env) => ({
    ...env,
    ...tools.env,
    ...(tools.bin ? { PATH: `${tools.bin}:${env.PATH ?? ""}` } : {}),
  });

  async function buildAndPush(env: NodeJS.ProcessEnv, tag: string, base: string): Promise<string> {
    const builder = await findBuilder({ env, onOutput: (chunk) => lines.push(chunk) });
    const reference = `${uri}:${tag}`;
    await builder.build({
      context,
      dockerfile: join(context, "Dockerfile"),
      buildArgs: { NODE_IMAGE: base, GANTRY_COMMIT: "1a2b3c4d" },
      platform: arch() === "arm64" ? "linux/arm64" : "linux/amd64",
      reference,
    });
    return builder.push(reference);
  }

  async function service(name: string, image: string): Promise<void> {
    const ecs = new ECSClient(account.connection.root);
    const { taskDefinition } = await ecs.send(
      new RegisterTaskDefinitionCommand({
        family: name,
        containerDefinitions: [
          {
            name: "app",
            image,
            memory: 128,
            portMappings: [{ containerPort: 3000 }],
            environment: [
              { name: "PORT", value: "3000" },
              { name: "LOG_LEVEL", value: "debug" },
            ],
          },
        ],
      }),
    );
    const arn = taskDefinition?.taskDefinitionArn;
    const cluster = "shop-staging";
    await ecs.send(
      new CreateServiceCommand({
        cluster,
        serviceName: name,
        taskDefinition: arn,
        desiredCount: 1,
      }),
    );
  }

  async function serves(tools: ImageTools, name: string): Promise<Record<string, string>> {
    const { connection } = account;
    const logFile = join(account.folders.make(), "container.log");
    const place = { connection, tools, logFile, cluster: "shop-staging", service: name };
    const container = await startContainer(place);
    try {
      return (await (await fetch(container.url)).json()) as Record<string, string>;
    } finally {
      await container.stop();
      await assert.rejects(fetch(container.url), "nothing listens any more");
    }
  }

  describe("with a builder", () => {
    let tools: ImageTools;

    before(async function () {
      if (platform() !== "linux") return this.skip();
      const folder = account.folders.make();
      tools = await findImageTools({ ...account, folder, log: (line) => lines.push(line) });
      if (tools.builder === "simulated") this.skip();
    });

    it("are built on this machine's node, pushed, and run as the service says", async () => {
      const base = await makeBaseImage(account.connection, tools);
      assert.ok(base);
      assert.match(base.reference, /\/mirror\/node:\d+\.\d+\.\d+$/);
      const digest = await buildAndPush(environment(tools), "1a2b3c4d", base.reference);
      const { config } = JSON.parse(
        (await new OciClient().manifest(parseReference(`${uri}@${digest}`))).text,
      ) as Manifest;
      assert.ok(config, "the registry has it under its digest");
      await service("shop-staging-web", `${uri}@${digest}`);
      assert.deepEqual(await serves(tools, "shop-staging-web"), {
        commit: "1a2b3c4d",
        level: "debug",
        folder: "/app",
      });
    });

    it("make the base image twice alike", async () => {
      const first = await makeBaseImage(account.connection, tools);
      assert.equal((await makeBaseImage(account.connection, tools))?.digest, first?.digest);
    });

    it("fails when the service's image is not there, with the reason", async () => {
      await service("shop-staging-none", `${uri}:none`);
      await assert.rejects(serves(tools, "shop-staging-none"), /pulling .*:none failed/);
    });
  });

  describe("without a builder", () => {
    let tools: ImageTools;
    let env: NodeJS.ProcessEnv;

    before(async () => {
      const bin = join(account.folders.make(), "bin");
      mkdirSync(bin);
      for (const name of ["sh", "tar", "gzip"]) {
        symlinkSync(execFileSync("which", [name], { encoding: "utf8" }).trim(), join(bin, name));
      }
      env = { PATH: bin, HOME: account.folders.make() };
      const folder = account.folders.make();
      lines.length = 0;
      tools = await findImageTools({ ...account, folder, log: (line) => lines.push(line), env });
    });

    it("say that they are simulated, and what to install", () => {
      assert.equal(tools.builder, "simulated");
      assert.match(tools.simulated.join(), /not built but simulated/);
      assert.match(lines.join("\n"), /apt-get install buildah skopeo/);
    });

    it("have real digests in the registry, and a label that tells them", async () => {
      const digest = await buildAndPush(environment(tools, env), "5e6f7a8b", "none");
      assert.match(lines.join(""), /SIMULATED: .*:5e6f7a8b/);
      const reference = parseReference(`${uri}:5e6f7a8b`);
      const client = new OciClient();
      const { config } = JSON.parse((await client.manifest(reference)).text) as Manifest;
      const settings = JSON.parse(
        Buffer.from(await client.blob(reference, config?.digest ?? "")).toString(),
      ) as { config: { Labels: Record<string, string> } };
      assert.equal(settings.config.Labels[simulatedLabel], "true");
      assert.equal(await buildAndPush(environment(tools, env), "again", "none"), digest);
    });

    it("can be inspected and copied, byte for byte", async () => {
      const registry = await findRegistry(environment(tools, env));
      await registry.copy(`${uri}:5e6f7a8b`, `${uri}:copy`);
      const [from, to] = await Promise.all([
        registry.inspect(`${uri}:5e6f7a8b`),
        registry.inspect(`${uri}:copy`),
      ]);
      assert.equal(to.digest, from.digest);
      assert.equal(from.architecture, arch() === "arm64" ? "ARM64" : "X86_64");
    });

    it("run as sources under this machine's node, with the image's settings", async () => {
      const image = `${uri}:5e6f7a8b`;
      await service("shop-staging-plain", image);
      const answer = await serves(tools, "shop-staging-plain");
      assert.deepEqual([answer.commit, answer.level], ["1a2b3c4d", "debug"]);
      assert.equal(existsSync(answer.folder), false, "nothing is left of it");
    });

    it("has no base image of its own", async () => {
      assert.equal(await makeBaseImage(account.connection, tools), undefined);
    });
  });

  it("fails when a container ends before it listens, with its last lines", async () => {
    const bin = join(account.folders.make(), "bin");
    mkdirSync(bin);
    writeFileSync(
      join(bin, "podman"),
      '#!/bin/sh\n[ "$1" = run ] && echo "no such user" && exit 3\nexit 0\n',
    );
    chmodSync(join(bin, "podman"), 0o755);
    await service("shop-staging-ends", `${uri}:5e6f7a8b`);
    const tools: ImageTools = {
      builder: "podman",
      env: { PATH: `${bin}:${process.env.PATH ?? ""}` },
      simulated: [],
    };
    await assert.rejects(serves(tools, "shop-staging-ends"), /ended with 3:\nno such user/);
  });
});
