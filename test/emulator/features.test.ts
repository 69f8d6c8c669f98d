import assert from "node:assert/strict";
import { ECRClient, GetLifecyclePolicyCommand } from "@aws-sdk/client-ecr";
import { CreateHostedZoneCommand, Route53Client } from "@aws-sdk/client-route-53";
import { CreateSecretCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import type { StackConfig } from "../../rehearsal/stackFile";
import { destroy, emptyPreview, emptyRefresh, plainOutputs, up } from "../../rehearsal/update";
import { buildOnEachOther, log, startBench, type Bench } from "./support";

const permissions = [
  { actions: ["s3:GetObject"], resources: ["arn:aws:s3:::acme-assets/*"] },
  {
    actions: ["cloudwatch:PutMetricData"],
    resources: ["*"],
    conditions: { "ForAnyValue:StringLike": { "cloudwatch:namespace": ["acme", "acme/*"] } },
  },
];

/** Everything that a config can turn on and that an emulator without awsx and Docker can have. */
const everything: StackConfig = {
  "gantry:name": "acme-shop-long-name",
  "gantry:tags": { team: "shop", "cost center": 4711 },
  "gantry:loadBalancer": {
    domain: { name: "shop.example.com", zone: "example.com" },
    allowedCidrs: ["203.0.113.0/24", "198.51.100.0/24"],
    idleTimeoutSeconds: 120,
  },
  "gantry:services": {
    web: {
      build: "app",
      architecture: "ARM64",
      scaling: { min: 2, max: 6, requestsPerTarget: 500 },
      environment: { LOG_LEVEL: "debug" },
      secrets: { DATABASE_URL: "shop/database:url", API_KEY: "/shop/api-key" },
      user: "node",
    },
    api: {
      architecture: "ARM64",
      port: 8080,
      route: { hosts: ["api.example.com"], paths: ["/v1/*", "/v2/*"] },
      healthCheck: { path: "/ready", matcher: "200-299", intervalSeconds: 15, timeoutSeconds: 10 },
      exec: false,
      permissions,
    },
    jobs: {
      ...{ architecture: "ARM64", kind: "worker", scaling: { min: 1, max: 3 }, permissions },
      ...{ ulimits: { nofile: { soft: 1024, hard: 65_536 }, core: 0 }, initProcess: false },
    },
  },
};

const changed: StackConfig = {
  "gantry:logs": { retentionDays: 30 },
  "gantry:tags": { team: "checkout" },
  "gantry:registry": { keepReleases: 30 },
  "gantry:loadBalancer": {
    ...(everything["gantry:loadBalancer"] as object),
    allowedCidrs: ["203.0.113.0/24"],
    idleTimeoutSeconds: 60,
  },
};

const capacities: Readonly<Record<string, StackConfig>> = {
  // What is changed below turns the export off again.
  fargate: { "gantry:logs": { export: true } },
  fargateSpot: { "gantry:cluster": { capacity: "fargateSpot", containerInsights: "enhanced" } },
  ec2: {
    "gantry:cluster": { capacity: "ec2", ec2: { instanceType: "t4g.medium", maxInstances: 5 } },
  },
};

describe("every feature on the emulator", function () {
  for (const [capacity, cluster] of Object.entries(capacities)) {
    describe(`with capacity ${capacity}`, function () {
      buildOnEachOther();
      // An emulator for each: what one leaves where it fails is no failure of the next.
      let bench: Bench;

      before(async () => {
        bench = await startBench();
        await new Route53Client(bench.client).send(
          new CreateHostedZoneCommand({ Name: "example.com", CallerReference: "features" }),
        );
        await new SecretsManagerClient(bench.client).send(
          new CreateSecretCommand({ Name: "shop/database", SecretString: '{"url":"postgres://"}' }),
        );
      });

      after(() => bench?.stop());

      const stack = (more: StackConfig = {}) =>
        bench.workspace.stack("staging", { ...everything, ...cluster, ...more });

      it("comes up", async () => {
        await up(await stack(), log);
        const outputs = plainOutputs(await (await stack()).outputs());
        assert.deepEqual(outputs.serviceUrls, {
          web: "https://shop.example.com",
          api: "https://api.example.com/v1",
        });
      });

      it("previews empty", async () => {
        await emptyPreview(await stack(), log);
      });

      it("refreshes empty", async () => {
        await emptyRefresh(await stack(), log);
      });

      it("takes a change of much at once", async () => {
        const { changes } = await up(await stack(changed), log);
        // ECR's lifecycle policies know no update.
        assert.deepEqual(Object.keys(changes).sort(), ["delete", "replace", "same", "update"]);
        const { lifecyclePolicyText } = await new ECRClient(bench.client).send(
          new GetLifecyclePolicyCommand({ repositoryName: "acme-shop-long-name/staging/web" }),
        );
        assert.match(lifecyclePolicyText ?? "", /"countNumber":30/);
        await emptyPreview(await stack(changed), log);
      });

      it("is destroyed", async () => {
        assert.deepEqual(Object.keys((await destroy(await stack(), log)).changes), ["delete"]);
      });
    });
  }
});
