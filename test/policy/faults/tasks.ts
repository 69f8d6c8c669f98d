import * as aws from "@pulumi/aws";
import type { Fault } from "./fault";

const digest = `sha256:${"a".repeat(64)}`;
const image = `123456789012.dkr.ecr.eu-west-1.amazonaws.com/shop/web@${digest}`;
const sound = { name: "web", image, logConfiguration: { logDriver: "awslogs" } };

function task(name: string, container: object, args: Partial<aws.ecs.TaskDefinitionArgs> = {}) {
  const containerDefinitions = JSON.stringify([{ ...sound, ...container }]);
  return new aws.ecs.TaskDefinition(name, { family: "web", containerDefinitions, ...args });
}

function ofContainer(rule: string, says: RegExp, wrong: object, right: object): Fault {
  return { rule, says, wrong: (name) => task(name, wrong), right: (name) => task(name, right) };
}

function ofTask(
  rule: string,
  says: RegExp,
  wrong: Partial<aws.ecs.TaskDefinitionArgs>,
  right: Partial<aws.ecs.TaskDefinitionArgs>,
): Fault {
  return {
    ...{ rule, says },
    wrong: (name) => task(name, {}, wrong),
    right: (name) => task(name, {}, right),
  };
}

function ofService(
  rule: string,
  says: RegExp,
  wrong: aws.ecs.ServiceArgs,
  right: aws.ecs.ServiceArgs,
): Fault {
  return {
    ...{ rule, says },
    wrong: (name) => new aws.ecs.Service(name, wrong),
    right: (name) => new aws.ecs.Service(name, right),
  };
}

function ofCluster(
  rule: string,
  says: RegExp,
  wrong: aws.ecs.ClusterArgs,
  right: aws.ecs.ClusterArgs,
): Fault {
  return {
    ...{ rule, says },
    wrong: (name) => new aws.ecs.Cluster(name, wrong),
    right: (name) => new aws.ecs.Cluster(name, right),
  };
}

const variable = (name: string, value: string) => ({ environment: [{ name, value }] });
const files = { name: "files", efsVolumeConfiguration: { fileSystemId: "fs-0a1b2c3d" } };
const role = (name: string) => `arn:aws:iam::123456789012:role/${name}`;

export const taskFaults: readonly Fault[] = [
  ofContainer("ecs-root", /container web runs as root/, { user: "0:0" }, { user: "1000" }),
  ofContainer("ecs-root", /container web runs as root/, { user: "root" }, {}),
  ofContainer("ecs-privileged", /is privileged/, { privileged: true }, { privileged: false }),
  ofContainer(
    "ecs-capabilities",
    /has SYS_PTRACE/,
    { linuxParameters: { capabilities: { add: ["SYS_PTRACE"] } } },
    { linuxParameters: { capabilities: { drop: ["ALL"] } } },
  ),
  ofContainer("ecs-writable-root", /can be written to/, {}, { readonlyRootFilesystem: true }),
  ofContainer(
    "ecs-plain-secrets",
    /has DB_PASSWORD in plain text/,
    variable("DB_PASSWORD", "correct-h0rse"),
    { secrets: [{ name: "DB_PASSWORD", valueFrom: "arn:aws:secretsmanager:x" }] },
  ),
  ofContainer(
    "ecs-plain-secrets",
    /has DATABASE_URL in plain text, which looks like an address with a password/,
    variable("DATABASE_URL", "postgres://shop:h0rse@db/shop"),
    variable("DATABASE_URL", "postgres://db/shop"),
  ),
  ofContainer("ecs-log-configuration", /logs nowhere/, { logConfiguration: undefined }, {}),
  ofContainer("ecs-image-tag", /runs acme\/web:latest/, { image: "acme/web:latest" }, { image }),
  ofContainer(
    "ecs-image-tag",
    /runs registry\.example\.com:5000\/web/,
    { image: "registry.example.com:5000/web" },
    { image: "registry.example.com:5000/web:1.4.2" },
  ),
  ofTask(
    "ecs-host-namespaces",
    /networkMode is host/,
    { networkMode: "host" },
    { networkMode: "awsvpc" },
  ),
  ofTask("ecs-host-namespaces", /pidMode is host/, { pidMode: "host" }, { pidMode: "task" }),
  ofTask(
    "ecs-host-folders",
    /mounts \/var\/run\/docker\.sock of the host/,
    { volumes: [{ name: "engine", hostPath: "/var/run/docker.sock" }] },
    { volumes: [{ name: "scratch" }] },
  ),
  ofTask(
    "ecs-efs-transit",
    /read without TLS/,
    { volumes: [files] },
    {
      volumes: [
        {
          ...files,
          efsVolumeConfiguration: { ...files.efsVolumeConfiguration, transitEncryption: "ENABLED" },
        },
      ],
    },
  ),
  ofTask(
    "ecs-task-role",
    /both roles are the same/,
    { taskRoleArn: role("web"), executionRoleArn: role("web") },
    { taskRoleArn: role("web"), executionRoleArn: role("web-execution") },
  ),
  ofService(
    "ecs-circuit-breaker",
    /a deployment that fails stays/,
    { deploymentCircuitBreaker: { enable: true, rollback: false } },
    { deploymentCircuitBreaker: { enable: true, rollback: true } },
  ),
  ofService(
    "ecs-circuit-breaker",
    /a deployment that fails stays/,
    {},
    // Takes no circuit breaker.
    { deploymentConfiguration: { strategy: "BLUE_GREEN" } },
  ),
  ofService(
    "ecs-deployment-alarms",
    /no alarm takes a deployment back/,
    {},
    { alarms: { enable: true, rollback: true, alarmNames: ["web-errors"] } },
  ),
  ofService("ecs-exec", /ECS Exec is on/, { enableExecuteCommand: true }, {}),
  ofService(
    "ecs-public-address",
    /public addresses/,
    { networkConfiguration: { subnets: ["subnet-0a"], assignPublicIp: true } },
    { networkConfiguration: { subnets: ["subnet-0a"] } },
  ),
  ofService("ecs-one-task", /one task is desired/, { desiredCount: 1 }, { desiredCount: 2 }),
  ofCluster(
    "ecs-container-insights",
    /container insights are off/,
    {},
    { settings: [{ name: "containerInsights", value: "enhanced" }] },
  ),
  ofCluster(
    "ecs-exec-audit",
    /not logged/,
    {},
    {
      configuration: {
        executeCommandConfiguration: {
          logging: "OVERRIDE",
          logConfiguration: { cloudWatchLogGroupName: "exec" },
        },
      },
    },
  ),
];
