import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { arch } from "node:os";
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { gunzipSync } from "node:zlib";
import { makeStandIn } from "../../rehearsal/runner/baseImage";
import { prepareBaseImages } from "../../rehearsal/runner/baseImages";
import type { DeliveryError } from "../../delivery/errors";
import { ECRClient } from "@aws-sdk/client-ecr";
import { findBuilder } from "../../delivery/images/builder";
import { withRegistryLogin } from "../../delivery/images/login";
import { findRegistry, imagetools } from "../../delivery/images/registry";
import { findImageTools, type ImageTools } from "../../rehearsal/runner/images";
import { OciClient, parseReference, type Manifest } from "../../rehearsal/runner/ociClient";
import { ImageBench } from "../rehearsal/runner/imageBench";
import type { DockerEngine } from "../support/dockerEngine";
import { builders } from "./builders";

/** Without a builder: test/rehearsal/runner/images.test.ts. */
for (const { title: builder, start } of builders) {
  describe(`images of a rehearsal by ${builder}`, () => {
    let bench: ImageBench;
    let tools: ImageTools;
    let engine: DockerEngine | undefined;

    before(async function () {
      const started = await start();
      if (typeof started === "string") {
        console.log(`      skipped: ${started}`);
        return this.skip();
      }
      engine = started.engine;
      bench = await ImageBench.start();
      tools = await findImageTools({
        ...bench.account,
        folder: bench.account.folders.make(),
        log: (line) => bench.lines.push(line),
        env: started.env,
      });
      assert.equal(tools.builder, started.env.GANTRY_BUILDER);
    });

    afterEach(function () {
      if (this.currentTest?.isFailed()) console.log(bench.lines.join("").slice(-4000));
    });

    after(async () => {
      bench?.account.stop();
      await engine?.stop();
    });

    it("can be inspected and copied by their digest, also where no engine answers", async () => {
      const base = await makeStandIn({ runtime: "node", system: "busybox" }, tools);
      const digest = await bench.buildAndPush(bench.environment(tools), "copied", base.reference);
      const env = {
        ...bench.environment(tools),
        HOME: bench.account.folders.make(),
        DOCKER_HOST: "unix:///nowhere.sock",
      };
      const access = {
        ecr: new ECRClient(bench.account.connection.root),
        repositories: [bench.uri],
      };
      const inspected = await withRegistryLogin(
        [access],
        async (own) => {
          const registry =
            builder === "docker with buildx" ? imagetools(own) : await findRegistry(own);
          await registry.copy(`${bench.uri}@${digest}`, `${bench.uri}:copy`);
          return registry.inspect(`${bench.uri}:copy`);
        },
        env,
      );
      assert.equal(inspected.digest, digest);
      assert.equal(inspected.architecture, arch() === "arm64" ? "ARM64" : "X86_64");
    });

    it("are built on this machine's node, pushed, and run as the service says", async () => {
      const base = await makeStandIn({ runtime: "node", system: "busybox" }, tools);
      assert.match(base.title, /^Node \d+\.\d+\.\d+ of this machine on busybox$/);
      const digest = await bench.buildAndPush(bench.environment(tools), "1a2b3c4d", base.reference);
      const { config } = JSON.parse(
        (await new OciClient().manifest(parseReference(`${bench.uri}@${digest}`))).text,
      ) as Manifest;
      assert.ok(config, "the registry has it under its digest");
      await bench.service("shop-staging-web", `${bench.uri}@${digest}`);
      assert.deepEqual(await bench.serves(tools, "shop-staging-web"), {
        commit: "1a2b3c4d",
        level: "debug",
        folder: "/app",
      });
    });

    const dockerfiles = {
      "of seven lines": `FROM node:carbon
RUN mkdir -p /usr/src/app
COPY . /usr/src/app
WORKDIR /usr/src/app
RUN npm install --production
EXPOSE 3000
ENTRYPOINT ["node", "server.js"]
`,
      "of Alpine, in stages, with an argument": `ARG VERSION=22-alpine
FROM --platform=linux/amd64 docker.io/library/node:\${VERSION} AS build
WORKDIR /app
COPY package.json ./
RUN npm install --prefix . --omit=dev && addgroup -S shop && adduser -S -G shop -u 1234 shop && test "$(id -u shop)" = 1234
FROM docker.io/library/node:\${VERSION}
COPY --from=build /app /app
COPY . /app
WORKDIR /app
USER node
CMD ["node", "server.js"]
`,
      "of Debian, with tools of its own": `FROM debian:bookworm-slim AS files
RUN groupadd --system shop && useradd --system --gid shop shop && mkdir /files && cp /etc/debian_version /files
FROM public.ecr.aws/docker/library/node:22-bookworm
COPY --from=files /files /files
WORKDIR /app
COPY . .
RUN chown -R node:node /app && bash -c 'test -s /files/debian_version'
USER node
CMD ["node", "server.js"]
`,
      "of Python and nginx": `FROM public.ecr.aws/docker/library/python:3.13-slim AS app
RUN pip install --no-cache-dir --target /packages 'redis==5.*' && PYTHONPATH=/packages python -c 'import redis, ssl, sqlite3'
FROM nginx:1.29-alpine
COPY --from=app /packages/redis/__init__.py /usr/share/nginx/html/index.html
RUN addgroup -S shop && adduser -S -D -G shop shop && nginx -t
USER nginx
`,
    };

    for (const [title, text] of Object.entries(dockerfiles)) {
      // A Debian with each of them takes a minute the first time, and is the same by every builder.
      if (title === "of Python and nginx" && builder !== "buildah in a chroot") continue;
      it(`are built of a Dockerfile ${title}, whose base images nobody can be asked for`, async () => {
        const context = bench.account.folders.make();
        const dockerfile = join(context, "Dockerfile");
        writeFileSync(dockerfile, text);
        writeFileSync(join(context, "server.js"), "require('is-odd');\n");
        const dependencies = { "is-odd": "3.0.1" };
        writeFileSync(join(context, "package.json"), JSON.stringify({ name: "a", dependencies }));
        const base = await prepareBaseImages([{ name: "web", dockerfile, buildArgs: {} }], tools);
        try {
          const builder = await findBuilder({
            env: bench.environment(tools),
            onOutput: (chunk) => bench.lines.push(chunk),
          });
          const reference = `${bench.uri}:${title.length}abcdef`;
          const platform = arch() === "arm64" ? "linux/arm64" : "linux/amd64";
          await builder.build({ context, dockerfile, buildArgs: {}, platform, reference });
        } finally {
          await base.release();
        }
      });
    }

    it("are built for the platforms of all services that have one base image, of which docker's store has one", async () => {
      const context = bench.account.folders.make();
      const dockerfile = join(context, "Dockerfile");
      writeFileSync(dockerfile, "FROM public.ecr.aws/docker/library/alpine:3\nRUN true\n");
      const platforms = ["linux/amd64", "linux/arm64"] as const;
      const services = platforms.map((platform, index) => ({
        ...{ name: `web${index}`, dockerfile, buildArgs: {}, platform },
      }));
      const isDocker = tools.builder === "docker";
      if (isDocker) {
        const refused = /several platforms.*GANTRY_BUILDER=buildah/;
        await assert.rejects(prepareBaseImages(services, tools), refused);
      }
      const built = isDocker ? services.slice(1) : services;
      // What was put into the store is gone afterwards, or there would be nothing to replace the second time.
      await (await prepareBaseImages(built, tools)).release();
      const base = await prepareBaseImages(built, tools);
      try {
        assert.equal(base.replaced.length, 1);
        const builder = await findBuilder({
          env: bench.environment(tools),
          onOutput: (chunk) => bench.lines.push(chunk),
        });
        for (const { platform } of built) {
          const reference = `${bench.uri}:${platform.replace("/", "-")}`;
          await builder.build({ context, dockerfile, buildArgs: {}, platform, reference });
        }
      } finally {
        await base.release();
      }
    });

    it("are for the platform that each is built for, where nothing else of them differs", async () => {
      const context = bench.account.folders.make();
      const dockerfile = join(context, "Dockerfile");
      writeFileSync(dockerfile, "FROM scratch\nCOPY Dockerfile /\nLABEL of=both\n");
      const builder = await findBuilder({
        env: bench.environment(tools),
        onOutput: (chunk) => bench.lines.push(chunk),
      });
      for (const [platform, architecture] of [
        ["linux/amd64", "X86_64"],
        ["linux/arm64", "ARM64"],
        ["linux/amd64", "X86_64"],
      ]) {
        const reference = `${bench.uri}:both`;
        const request = { context, dockerfile, buildArgs: {}, platform, reference };
        assert.equal(await builder.build(request), architecture);
      }
    });

    describe("of a stage of a monorepo", () => {
      const ignore = "*\n!packages/shared\n!services/api/src\n**/*.log\n";
      const files = {
        "packages/shared/a.js": "",
        "packages/shared/a.log": "",
        "packages/other/b.js": "",
        "services/api/src/main.js": "",
        ".env": "",
        // Only the first stage can be built.
        "services/api/Dockerfile": "FROM scratch AS runtime\nCOPY . /\nFROM runtime\nCOPY none /\n",
      };

      async function build(ignoreFile: string): Promise<string[]> {
        const context = bench.account.folders.make();
        for (const [path, content] of Object.entries({ ...files, [ignoreFile]: ignore })) {
          mkdirSync(dirname(join(context, path)), { recursive: true });
          writeFileSync(join(context, path), content);
        }
        const reference = `${bench.uri}:${ignoreFile.length}0123456`;
        const ecr = new ECRClient(bench.account.connection.root);
        const env = bench.environment(tools);
        await withRegistryLogin([{ ecr, repositories: [bench.uri] }], work, env);
        async function work(own: NodeJS.ProcessEnv) {
          const onOutput = (chunk: string) => bench.lines.push(chunk);
          const builder = await findBuilder({ env: own, onOutput });
          await builder.build({
            ...{ context, dockerfile: join(context, "services/api/Dockerfile") },
            ...{ target: "runtime", buildArgs: {}, reference },
            platform: arch() === "arm64" ? "linux/arm64" : "linux/amd64",
          });
          await builder.push(reference);
        }
        return filesOf(reference);
      }

      /** The files in the layers of an image. */
      async function filesOf(reference: string): Promise<string[]> {
        const client = new OciClient();
        const image = parseReference(reference);
        const { layers = [] } = JSON.parse((await client.manifest(image)).text) as Manifest;
        const lists = await Promise.all(
          layers.map(async ({ digest }) => {
            const input = gunzipSync(await client.blob(image, digest));
            return execFileSync("tar", ["-tf", "-"], { input, encoding: "utf8" }).split("\n");
          }),
        );
        const paths = lists.flat().map((path) => path.replace(/^\.?\//, ""));
        return paths.filter((path) => path !== "" && !path.endsWith("/")).sort();
      }

      // The old builder keeps these two, whatever the file says.
      const kept = [".dockerignore", "services/api/Dockerfile"];
      const copied = ["packages/shared/a.js", "services/api/src/main.js"];

      it("have the files that the context's ignore file leaves", async () => {
        const found = await build(".dockerignore");
        assert.deepEqual(
          found.filter((path) => !kept.includes(path)),
          copied,
        );
      });

      it("have those that the Dockerfile's own ignore file leaves, or are not built", async () => {
        const built = build("services/api/Dockerfile.dockerignore");
        if (builder === "docker without buildx") await assert.rejects(built, /does not heed/);
        else assert.deepEqual(await built, copied);
      });
    });

    it("fails when a base image is none of those that something stands in for, and names it", async () => {
      const dockerfile = join(bench.account.folders.make(), "Dockerfile");
      writeFileSync(dockerfile, "FROM registry.invalid/acme/base:1 AS a\nFROM node:carbon\n");
      await assert.rejects(
        prepareBaseImages([{ name: "api", dockerfile, buildArgs: {} }], tools),
        (error: DeliveryError) =>
          /stand-ins are made of node/.test(error.message) &&
          /registry\.invalid\/acme\/base:1 \(services\.api\)/.test(error.details.join()),
      );
    });

    it("fails when the service's image is not there, with the reason", async () => {
      await bench.service("shop--staging-none", `${bench.uri}:none`);
      await assert.rejects(bench.serves(tools, "shop--staging-none"), /pulling .*:none failed/);
    });
  });
}
