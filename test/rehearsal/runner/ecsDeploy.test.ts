import assert from "node:assert/strict";
import {
  CreateClusterCommand,
  CreateServiceCommand,
  DescribeServicesCommand,
  DescribeTaskDefinitionCommand,
  ECSClient,
  RegisterTaskDefinitionCommand,
} from "@aws-sdk/client-ecs";
import { rehearse } from "../../../rehearsal/runner/rehearse";
import type { SourceRepository } from "../../../rehearsal/runner/repository";
import {
  Account,
  actionOf,
  buildAction,
  command,
  rehearsalOptions,
  repositoryWith,
  sourceStage,
} from "./support";

const place = { cluster: "shop-staging", service: "shop-staging-web" };

describe("CodePipeline's ECS action", function () {
  this.timeout(60_000);
  let account: Account;
  let source: SourceRepository;
  let ecs: ECSClient;

  before(async () => {
    account = await Account.start();
    source = await repositoryWith(account.folders, { a: "1" });
    ecs = new ECSClient(account.connection.root);
    await ecs.send(new CreateClusterCommand({ clusterName: place.cluster }));
    await ecs.send(
      new RegisterTaskDefinitionCommand({
        family: place.service,
        containerDefinitions: [
          {
            name: "app",
            image: "example.com/web:1",
            memory: 128,
            environment: [{ name: "A", value: "1" }],
          },
          { name: "proxy", image: "example.com/proxy:1", memory: 64 },
        ],
        tags: [{ key: "team", value: "shop" }],
      }),
    );
    const { cluster, service: serviceName } = place;
    const taskDefinition = place.service;
    await ecs.send(
      new CreateServiceCommand({ cluster, serviceName, taskDefinition, desiredCount: 1 }),
    );
  });

  after(() => account.stop());

  /** A pipeline whose first action leaves this file, which the ECS action reads. */
  async function deploy(
    name: string,
    content: string,
    configuration: Readonly<Record<string, string>> = {},
  ) {
    const file = "imagedefinitions-web.json";
    await account.project(
      `${name}-prepare`,
      `${command(`echo '${content}' > ${file}`)}artifacts: { files: [${file}] }\n`,
    );
    const ecsAction = {
      name: "Ecs-web",
      actionTypeId: { category: "Deploy", owner: "AWS", provider: "ECS", version: "1" } as const,
      runOrder: 2,
      configuration: {
        ClusterName: place.cluster,
        ServiceName: place.service,
        FileName: file,
        ...configuration,
      },
      inputArtifacts: [{ name: "Images" }],
    };
    const prepare = buildAction("Prepare", `${name}-prepare`, { output: "Images" });
    await account.pipeline([sourceStage, { name: "Deploy", actions: [prepare, ecsAction] }], name);
    const run = await rehearse(rehearsalOptions(account, source), name);
    assert.equal(actionOf(run, "Prepare").error, undefined);
    return actionOf(run, "Ecs-web");
  }

  const images = (name: string, image: string) => JSON.stringify([{ name, imageUri: image }]);

  async function running() {
    const { services } = await ecs.send(
      new DescribeServicesCommand({ cluster: place.cluster, services: [place.service] }),
    );
    const { taskDefinition, tags } = await ecs.send(
      new DescribeTaskDefinitionCommand({
        taskDefinition: services?.[0].taskDefinition,
        include: ["TAGS"],
      }),
    );
    const containers = taskDefinition?.containerDefinitions ?? [];
    return { revision: taskDefinition?.revision, containers, tags };
  }

  it("deploys the images that the file names, in a copy of what runs", async () => {
    const action = await deploy("shop-ecs", images("app", "example.com/web:2"));
    assert.equal(action.error, undefined);
    const { containers, tags } = await running();
    assert.deepEqual(
      containers.map(({ name, image }) => [name, image]),
      [
        ["app", "example.com/web:2"],
        ["proxy", "example.com/proxy:1"],
      ],
    );
    assert.deepEqual(containers[0].environment, [{ name: "A", value: "1" }]);
    assert.deepEqual(tags, [{ key: "team", value: "shop" }]);
    assert.match(action.role, /:role\/pipeline$/);
  });

  const refused: [string, string, Record<string, string>, RegExp][] = [
    [
      "the file names a container that there is not",
      images("web", "example.com/web:3"),
      {},
      /imagedefinitions-web\.json names web, which .* does not have \(it has: app, proxy\)/,
    ],
    ["the file is no list of images", "{}", {}, /missing from the artifact, or no list of/],
    ["the file is missing", "[]", { FileName: "none.json" }, /none\.json is missing/],
    [
      "there is no such service",
      images("app", "example.com/web:3"),
      { ServiceName: "shop-staging-none" },
      /shop-staging has no service shop-staging-none/,
    ],
  ];
  for (const [index, [what, content, configuration, wanted]] of refused.entries()) {
    it(`fails when ${what}, and deploys nothing`, async () => {
      const before = await running();
      const action = await deploy(`shop-ecs-${index}`, content, configuration);
      assert.match(action.error ?? "", wanted);
      assert.equal((await running()).revision, before.revision);
    });
  }

  const ends: [string, string, RegExp][] = [
    ["fails", "the deployment circuit breaker says so", /circuit breaker says so/],
    ["rollsBack", "tasks failed to start", /was rolled back to|tasks failed to start/],
  ];
  for (const [outcome, reason, wanted] of ends) {
    it(`fails when the deployment ${outcome} (rows 8, 13)`, async () => {
      await account.emulator.control("ecs/next-deployment", { ...place, outcome, reason });
      const action = await deploy(`shop-ecs-${outcome}`, images("app", `example.com/${outcome}:4`));
      assert.equal(action.status, "Failed");
      assert.match(action.error ?? "", wanted);
    });
  }
});
