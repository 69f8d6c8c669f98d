import assert from "node:assert/strict";
import { types } from "../components/service/support";
import { parsed, type Recording } from "../support/record";
import { aRelease, digest, environment } from "./support";

const services = {
  web: {
    sidecars: {
      nginx: {
        image: "nginx:1.29",
        port: 8080,
        secrets: { KEY: "/shop/key" },
        environment: { TABLE: { from: "table" } },
        dependsOn: { app: "healthy" },
      },
      migrate: { command: ["node", "migrate.js"], essential: false },
    },
    dependsOn: { migrate: "success" },
    healthCheck: { command: "wget -q -O- localhost:3000/health" },
    route: { container: "nginx" },
  },
};
const resources = () => ({ values: { table: "orders" } });
const running = (images: readonly string[]) =>
  environment({ services }, { resources, release: images.length ? aRelease(images) : undefined });

function containers({ one }: Recording<unknown>): Record<string, unknown>[] {
  return parsed(one(types.taskDefinition), "containerDefinitions");
}

function target({ one }: Recording<unknown>): unknown {
  const { loadBalancers } = one(types.service).inputs as { loadBalancers: object[] };
  const [balancer] = loadBalancers as { containerName: string; containerPort: number }[];
  return [balancer.containerName, balancer.containerPort];
}

describe("sidecars of an environment", () => {
  it("run from the environment's own repositories, by the digests of the release", async () => {
    const recording = await running(["web", "web.nginx"]);
    const [app, nginx, migrate] = containers(recording);
    const registry = "123456789012.dkr.ecr.eu-west-1.amazonaws.com/shop/staging";
    assert.equal(nginx.image, `${registry}/web.nginx@${digest}`);
    assert.equal(migrate.image, `${registry}/web@${digest}`);
    assert.deepEqual(migrate.command, ["node", "migrate.js"]);
    assert.deepEqual(nginx.environment, [{ name: "TABLE", value: "orders" }]);
    assert.deepEqual(app.dependsOn, [{ containerName: "migrate", condition: "SUCCESS" }]);
    assert.deepEqual(nginx.dependsOn, [{ containerName: "app", condition: "HEALTHY" }]);
    assert.deepEqual(app.healthCheck, {
      command: ["CMD-SHELL", "wget -q -O- localhost:3000/health"],
      interval: 10,
      timeout: 5,
      retries: 3,
      startPeriod: 0,
    });
    assert.deepEqual(target(recording), ["nginx", 8080]);
  });

  it("are not there before the first release, when the placeholder takes the requests", async () => {
    const recording = await running([]);
    const [app, ...others] = containers(recording);
    assert.deepEqual(others, []);
    assert.ok(!("dependsOn" in app) && !("healthCheck" in app));
    assert.deepEqual(target(recording), ["app", 3000]);
  });

  it("come with the first release that has their images; until then the service takes the requests", async () => {
    const recording = await running(["web"]);
    assert.deepEqual(
      containers(recording).map(({ name }) => name),
      ["app", "migrate"],
    );
    assert.deepEqual(target(recording), ["app", 3000]);
  });

  it("have repositories and rights before they have images: a deployment makes neither", async () => {
    const rights = async (images: readonly string[]) => {
      const recording = await running(images);
      const { repositoryUrls } = recording.value;
      assert.deepEqual(Object.keys(repositoryUrls), ["web", "web.nginx"]);
      return recording.one(types.rolePolicy, "shop--staging--web-executionPolicy").inputs.policy;
    };
    const before = String(await rights([]));
    assert.match(before, /repository\/shop\/staging\/web\.nginx/);
    assert.match(before, /parameter\/shop\/key/);
    assert.equal(await rights(["web", "web.nginx"]), before);
  });
});
