import assert from "node:assert/strict";
import type { Service, TaskDefinition } from "@aws-sdk/client-ecs";
import { placement, releaseTaskDefinition } from "../../../delivery/releaseCommand/definition";

const current: TaskDefinition = {
  taskDefinitionArn: "arn:aws:ecs:eu-west-1:123456789012:task-definition/shop--staging--web:3",
  family: "shop--staging--web",
  revision: 3,
  status: "ACTIVE",
  taskRoleArn: "arn:aws:iam::123456789012:role/task",
  executionRoleArn: "arn:aws:iam::123456789012:role/execution",
  networkMode: "awsvpc",
  requiresCompatibilities: ["FARGATE"],
  compatibilities: ["EC2", "FARGATE"],
  cpu: "256",
  memory: "512",
  runtimePlatform: { cpuArchitecture: "ARM64", operatingSystemFamily: "LINUX" },
  volumes: [{ name: "exec-state" }],
  containerDefinitions: [
    {
      name: "app",
      image: "example.com/web@sha256:old",
      command: ["node", "-e", "placeholder"],
      user: "node",
      healthCheck: { command: ["CMD", "true"] },
      environment: [{ name: "A", value: "1" }],
      dependsOn: [{ containerName: "proxy", condition: "START" }],
      secrets: [{ name: "URL", valueFrom: "arn" }],
      logConfiguration: {
        logDriver: "awslogs",
        options: { "awslogs-group": "/shop", "awslogs-stream-prefix": "app" },
      },
    },
    {
      name: "proxy",
      image: "proxy:1",
      dependsOn: [{ containerName: "init", condition: "SUCCESS" }],
    },
    { name: "init", image: "init:1", essential: false },
    {
      name: "nginx",
      image: "nginx:1",
      dependsOn: [{ containerName: "app", condition: "HEALTHY" }],
    },
  ],
};
const task = {
  family: "shop--staging--web--release",
  image: "example.com/web@sha256:new",
  command: ["node", "migrate.js"],
};

describe("the task definition of a release command", () => {
  it("has no log router: the command logs where the router itself does", () => {
    const [app, ...others] = current.containerDefinitions ?? [];
    const router = {
      name: "router",
      image: "router:1",
      firelensConfiguration: { type: "fluentbit" as const },
      logConfiguration: {
        logDriver: "awslogs" as const,
        options: { "awslogs-group": "/shop", "awslogs-stream-prefix": "router" },
      },
    };
    const routed = {
      ...app,
      dependsOn: [{ containerName: "router", condition: "START" as const }],
      logConfiguration: { logDriver: "awsfirelens" as const, options: { Name: "datadog" } },
    };
    const made = releaseTaskDefinition(
      { ...current, containerDefinitions: [routed, ...others, router] },
      task,
    );
    const [container, ...rest] = made.containerDefinitions ?? [];
    assert.deepEqual(rest, []);
    assert.deepEqual(container.dependsOn, []);
    assert.deepEqual(container.logConfiguration, {
      logDriver: "awslogs",
      options: { "awslogs-group": "/shop", "awslogs-stream-prefix": "release" },
    });
  });

  it("is the service's, with the new image, the command and log streams of its own", () => {
    const made = releaseTaskDefinition(current, task);
    const { containerDefinitions, ...rest } = made;
    const [app, ...others] = containerDefinitions ?? [];
    assert.deepEqual(JSON.parse(JSON.stringify(app)), {
      name: "app",
      image: "example.com/web@sha256:new",
      command: ["node", "migrate.js"],
      environment: [{ name: "A", value: "1" }],
      dependsOn: [{ containerName: "proxy", condition: "START" }],
      secrets: [{ name: "URL", valueFrom: "arn" }],
      logConfiguration: {
        logDriver: "awslogs",
        options: { "awslogs-group": "/shop", "awslogs-stream-prefix": "release" },
      },
    });
    // What the service waits for comes along, and nothing that waits for the service.
    assert.deepEqual(others, current.containerDefinitions?.slice(1, 3));
    assert.deepEqual(JSON.parse(JSON.stringify(rest)), {
      family: "shop--staging--web--release",
      taskRoleArn: current.taskRoleArn,
      executionRoleArn: current.executionRoleArn,
      networkMode: "awsvpc",
      requiresCompatibilities: ["FARGATE"],
      cpu: "256",
      memory: "512",
      runtimePlatform: current.runtimePlatform,
      volumes: current.volumes,
    });
  });

  it("runs as config says, and not as the placeholder did", () => {
    const [app] =
      releaseTaskDefinition(current, { ...task, user: "1000" }).containerDefinitions ?? [];
    assert.equal(app.user, "1000");
  });

  it("finds what it calls where its task does, and keeps its other variables", () => {
    const environment = { A: "api.staging.shop.internal", B: "8080" };
    const [app, proxy] =
      releaseTaskDefinition(current, { ...task, environment }).containerDefinitions ?? [];
    assert.deepEqual(app.environment, [
      { name: "A", value: "api.staging.shop.internal" },
      { name: "B", value: "8080" },
    ]);
    assert.equal(proxy.environment, undefined);
    const [kept] =
      releaseTaskDefinition(current, { ...task, environment: { B: "8080" } })
        .containerDefinitions ?? [];
    assert.deepEqual(kept.environment, [
      { name: "A", value: "1" },
      { name: "B", value: "8080" },
    ]);
  });

  it("keeps another log driver as it is", () => {
    const logConfiguration = { logDriver: "awsfirelens" as const, options: { Name: "cloudwatch" } };
    const [container] = current.containerDefinitions ?? [];
    const [app] =
      releaseTaskDefinition(
        { ...current, containerDefinitions: [{ ...container, logConfiguration }] },
        task,
      ).containerDefinitions ?? [];
    assert.deepEqual(app.logConfiguration, logConfiguration);
  });
});

describe("where a release command runs", () => {
  const strategy = (...providers: string[]): Service => ({
    capacityProviderStrategy: providers.map((capacityProvider) => ({
      capacityProvider,
      weight: 1,
    })),
  });
  const table: [string, Service, object][] = [
    [
      "on Fargate",
      { launchType: "FARGATE", platformVersion: "1.4.0" },
      { launchType: "FARGATE", platformVersion: "1.4.0" },
    ],
    ["on Fargate by strategy", strategy("FARGATE"), { launchType: "FARGATE" }],
    ["on demand instead of Spot", strategy("FARGATE_SPOT", "FARGATE"), { launchType: "FARGATE" }],
    ["on instances", strategy("shop--staging"), strategy("shop--staging")],
    ["on instances without strategy", { launchType: "EC2" }, { launchType: "EC2" }],
  ];
  for (const [what, service, expected] of table) {
    it(what, () => assert.deepEqual(placement(service), expected));
  }
});
