import assert from "node:assert/strict";
import type { TaskDefinition } from "@aws-sdk/client-ecs";
import { plannedTaskDefinition } from "../../../delivery/releaseCommand/planned";

const current: TaskDefinition = {
  family: "shop--staging--web",
  networkMode: "awsvpc",
  cpu: "256",
  memory: "512",
  runtimePlatform: { cpuArchitecture: "X86_64", operatingSystemFamily: "LINUX" },
  containerDefinitions: [{ name: "app", environment: [{ name: "A", value: "1" }] }],
};
const app = {
  name: "app",
  environment: [{ name: "A", value: "2" }],
  secrets: [
    { name: "DATABASE_URL", valueFrom: "arn:aws:ssm:eu-west-1:123456789012:parameter/url" },
  ],
};

describe("plannedTaskDefinition", () => {
  it("has the variables, secrets, size and architecture of the release, and the rest of what runs", () => {
    const planned = {
      __defaults: [],
      containerDefinitions: JSON.stringify([app]),
      memory: "1024",
      runtimePlatform: { __defaults: [], cpuArchitecture: "ARM64", operatingSystemFamily: "LINUX" },
    };
    assert.deepEqual(plannedTaskDefinition(current, planned, "web"), {
      ...current,
      containerDefinitions: [app],
      memory: "1024",
      runtimePlatform: { cpuArchitecture: "ARM64", operatingSystemFamily: "LINUX" },
    });
  });

  it("is what runs where the update would change nothing", () => {
    assert.deepEqual(plannedTaskDefinition(current, undefined, "web"), current);
  });

  it("fails where its containers are known only after other resources", () => {
    const unknown = { containerDefinitions: "04da6b54-80e4-46f7-96ec-b56ff0331ba9" };
    assert.throws(
      () => plannedTaskDefinition(current, unknown, "web"),
      /the release command of web cannot run yet: .* Apply the infrastructure first: pulumi up/,
    );
  });
});
