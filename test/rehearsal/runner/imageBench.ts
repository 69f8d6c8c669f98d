import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { symlinkSync, writeFileSync } from "node:fs";
import { arch, tmpdir } from "node:os";
import { randomUUID } from "node:crypto";
import { join } from "node:path";
import { CreateRepositoryCommand, ECRClient } from "@aws-sdk/client-ecr";
import {
  CreateClusterCommand,
  CreateServiceCommand,
  DescribeServicesCommand,
  ECSClient,
  RegisterTaskDefinitionCommand,
  type ContainerDefinition,
  type TaskDefinition,
} from "@aws-sdk/client-ecs";
import { findBuilder } from "../../../delivery/images/builder";
import { withRegistryLogin } from "../../../delivery/images/login";
import { startContainer } from "../../../rehearsal/runner/containers";
import { findImageTools, type ImageTools } from "../../../rehearsal/runner/images";
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

/** A service's sources, a repository for its images and a cluster to run them in. */
export class ImageBench {
  /** What builders printed. */
  readonly lines: string[] = [];
  /** Where containers have the folders of their volumes. */
  readonly volumes = join(tmpdir(), `gantry-volumes-${randomUUID()}`);

  private constructor(
    readonly account: Account,
    readonly uri: string,
    private readonly context: string,
  ) {}

  static async start(): Promise<ImageBench> {
    const account = await Account.start();
    const context = account.folders.make();
    writeFileSync(join(context, "server.js"), server);
    writeFileSync(join(context, "Dockerfile"), dockerfile);
    const ecr = new ECRClient(account.connection.root);
    const create = new CreateRepositoryCommand({ repositoryName: "shop-staging/web" });
    const { repository } = await ecr.send(create);
    const ecs = new ECSClient(account.connection.root);
    await ecs.send(new CreateClusterCommand({ clusterName: "shop-staging" }));
    return new ImageBench(account, repository?.repositoryUri ?? "", context);
  }

  /** Tools of a machine without a builder, and an environment in which they find what they run. */
  async simulated(): Promise<{ readonly tools: ImageTools; readonly env: NodeJS.ProcessEnv }> {
    const { folders, connection } = this.account;
    const bin = folders.make();
    for (const name of ["sh", "tar", "gzip", "npm", "ldd"]) {
      symlinkSync(execFileSync("which", [name], { encoding: "utf8" }).trim(), join(bin, name));
    }
    const env = { PATH: bin, HOME: folders.make() };
    const log = (line: string) => void this.lines.push(line);
    const tools = await findImageTools({ connection, folder: folders.make(), log, env });
    assert.equal(tools.builder, "simulated");
    return { tools, env };
  }

  /** What an action's environment would be. */
  environment(tools: ImageTools, env: NodeJS.ProcessEnv = process.env): NodeJS.ProcessEnv {
    const path = tools.bin ? { PATH: `${tools.bin}:${env.PATH ?? ""}` } : {};
    return { ...env, ...tools.env, ...path };
  }

  /** @returns the digest. */
  async buildAndPush(env: NodeJS.ProcessEnv, tag: string, base: string): Promise<string> {
    const access = {
      ecr: new ECRClient(this.account.connection.root),
      repositories: [this.uri],
    };
    return withRegistryLogin([access], (own) => this.build(own, tag, base), env);
  }

  private async build(env: NodeJS.ProcessEnv, tag: string, base: string): Promise<string> {
    const builder = await findBuilder({ env, onOutput: (chunk) => this.lines.push(chunk) });
    const reference = `${this.uri}:${tag}`;
    await builder.build({
      context: this.context,
      dockerfile: join(this.context, "Dockerfile"),
      buildArgs: { NODE_IMAGE: base, GANTRY_COMMIT: "1a2b3c4d" },
      platform: arch() === "arm64" ? "linux/arm64" : "linux/amd64",
      reference,
    });
    return builder.push(reference);
  }

  /** Has ECS run the image as a service. */
  async service(
    name: string,
    image: string,
    {
      volumes,
      mountPoints,
    }: Pick<TaskDefinition, "volumes"> & Pick<ContainerDefinition, "mountPoints"> = {},
  ): Promise<void> {
    const ecs = new ECSClient(this.account.connection.root);
    const { taskDefinition } = await ecs.send(
      new RegisterTaskDefinitionCommand({
        family: name,
        volumes,
        containerDefinitions: [
          {
            name: "app",
            image,
            memory: 128,
            mountPoints,
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

  /** What the service's container answers, run on this machine as a verification would have it. */
  async serves(tools: ImageTools, name: string): Promise<Record<string, string>> {
    const { connection } = this.account;
    const logFile = join(this.account.folders.make(), "container.log");
    const describe = new DescribeServicesCommand({ cluster: "shop-staging", services: [name] });
    const { services = [] } = await new ECSClient(connection.root).send(describe);
    const { taskDefinition = "" } = services[0];
    const container = await startContainer({
      ...{ connection, tools, logFile, service: name, taskDefinition },
      volumesFolder: this.volumes,
    });
    try {
      return (await (await fetch(container.url ?? "")).json()) as Record<string, string>;
    } finally {
      await container.stop();
      await assert.rejects(fetch(container.url ?? ""), "nothing listens any more");
    }
  }
}
