import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { appContainer } from "../../contract/containers";
import { accountOf, type Account } from "../shared/account";
import { named } from "../shared/tags";
import { admitVolumes } from "./admitVolumes";
import {
  containerSecrets,
  repositoriesOf,
  runningContainers,
  type ContainerSecrets,
} from "./containers";
import { letOut } from "./egress";
import type { ConnectProtocol } from "./portMapping";
import { readyMadePermissions } from "./readyMade";
import { taskRoles, type TaskRoles } from "./roles";
import { sidecarDefinition } from "./sidecars";
import type { TaskArgs } from "./taskArgs";
import { containerDefinition, taskVolumes, type ContainerSpec } from "./taskDefinition";
import { volumePermissions } from "./volumes";

/** A task that somebody starts: what it runs, as whom, and where its log is. */
export interface Task {
  readonly definition: aws.ecs.TaskDefinition;
  readonly roles: TaskRoles;
  /** Of its network interface: it connects where `egress` lets it, and nobody to it. */
  readonly securityGroup: aws.ec2.SecurityGroup;
  readonly logGroup: aws.cloudwatch.LogGroup;
}

export interface TaskDetails {
  /** The port that its container listens on. Without it, none. */
  readonly port?: number;
  /** What other services speak at that port. Without it, none calls it. */
  readonly protocol?: ConnectProtocol;
  /** Last changes to what is handed to AWS. */
  readonly transform?: (args: aws.ecs.TaskDefinitionArgs) => aws.ecs.TaskDefinitionArgs;
}

type Listens = Pick<TaskDetails, "port" | "protocol">;

/**
 * The definition of a task and what it needs to start: log group, both roles, security group.
 * @param name of its resources.
 */
export function makeTask(
  name: string,
  args: TaskArgs,
  { transform, ...listens }: TaskDetails,
  parent: pulumi.Resource,
): Task {
  const account = accountOf(args.cluster.clusterArn);
  const secrets = containerSecrets(args, account, parent);
  const logGroup = taskLogGroup(name, args, parent);
  const roles = taskRoles(
    name,
    {
      account,
      secrets: pulumi.output(Object.values(secrets)).apply((each) => each.flat()),
      logGroupArn: logGroup.arn,
      repositoryArns: repositoriesOf(args),
      permissions: [
        ...(args.permissions ?? []),
        ...volumePermissions(args.volumes ?? {}),
        ...readyMadePermissions(args.sidecars ?? {}, logGroup.arn),
      ],
      exec: args.exec ? execSessions(args.cluster) : undefined,
      tags: args.tags,
    },
    parent,
  );
  const securityGroup = taskSecurityGroup(name, args, parent);
  const mounted = admitVolumes(
    name,
    args.volumes ?? {},
    { tasks: securityGroup, tags: args.tags },
    parent,
  );
  const given = definition(args, {
    containers: containers(args, listens, account, logGroup, secrets),
    roles,
  });
  const taskDefinition = new aws.ecs.TaskDefinition(`${name}-task`, transform?.(given) ?? given, {
    parent,
    dependsOn: mounted,
  });
  return { definition: taskDefinition, roles, securityGroup, logGroup };
}

/** Where the network interface of a task is, in the words of ECS. */
export function taskNetwork(args: TaskArgs, securityGroup: aws.ec2.SecurityGroup) {
  return {
    subnets: args.network.taskSubnetIds,
    securityGroups: [securityGroup.id, ...(args.securityGroupIds ?? [])],
    // Hosts have addresses of their own; ECS gives public ones to Fargate tasks only.
    assignPublicIp: args.network.assignPublicIp && args.cluster.launchTypes[0] === "FARGATE",
  };
}

function execSessions({ execLogGroupArn, execKeyArn, clusterName }: TaskArgs["cluster"]) {
  return {
    logGroupArn: execLogGroupArn,
    ...(execKeyArn === undefined ? {} : { key: { arn: execKeyArn, clusterName } }),
  };
}

function taskLogGroup(name: string, { logs, tags }: TaskArgs, parent: pulumi.Resource) {
  return new aws.cloudwatch.LogGroup(
    `${name}-logs`,
    { name: logs?.logGroupName, retentionInDays: logs?.retentionDays ?? 30, tags },
    { parent },
  );
}

function taskSecurityGroup(
  name: string,
  { network, egress, tags }: TaskArgs,
  parent: pulumi.Resource,
) {
  const securityGroup = new aws.ec2.SecurityGroup(
    `${name}-tasks`,
    { vpcId: network.vpcId, description: "Tasks", tags: named(`${name}-tasks`, tags) },
    { parent },
  );
  letOut(name, securityGroup, { egress, tags }, parent);
  return securityGroup;
}

function containerSpec(args: TaskArgs, listens: Listens = {}) {
  return {
    taskFamily: args.taskFamily,
    image: args.image,
    ...listens,
    environment: args.environment ?? {},
    stopTimeoutSeconds: args.stopTimeoutSeconds ?? 30,
    readonlyRootFilesystem: args.readonlyRootFilesystem ?? true,
    user: args.user,
    exec: args.exec ?? false,
    ulimits: args.ulimits ?? {},
    initProcess: args.initProcess ?? true,
    capabilities: args.capabilities,
    shmSizeMiB: args.shmSizeMiB,
    volumes: args.volumes ?? {},
    writablePaths: args.writablePaths,
    containerHealthCheck: args.containerHealthCheck,
  } satisfies Partial<ContainerSpec>;
}

/** `containerDefinitions`, as the text that ECS takes. */
function containers(
  args: TaskArgs,
  listens: Listens,
  { region }: Account,
  logGroup: aws.cloudwatch.LogGroup,
  secrets: ContainerSecrets,
): pulumi.Output<string> {
  const place = { logGroupName: logGroup.name, region };
  const spec = { ...containerSpec(args, listens), ...place };
  const { stopTimeoutSeconds } = spec;
  const running = runningContainers(args);
  return pulumi.output(secrets).apply((resolved) => {
    const of = (name: string) => resolved[name].map(({ name, valueFrom }) => ({ name, valueFrom }));
    return pulumi.jsonStringify([
      containerDefinition({
        ...spec,
        ...running,
        sidecarSecrets: of,
        secrets: of(appContainer),
      }),
      ...Object.entries(running.sidecars).map(([name, sidecar]) =>
        sidecarDefinition(name, { ...place, sidecar, secrets: of(name), stopTimeoutSeconds }),
      ),
    ]);
  });
}

function definition(
  args: TaskArgs,
  made: { readonly containers: pulumi.Output<string>; readonly roles: TaskRoles },
): aws.ecs.TaskDefinitionArgs {
  const { ephemeralStorageGiB } = args;
  return {
    family: args.taskFamily,
    cpu: String(args.cpu ?? 256),
    memory: String(args.memoryMiB ?? 512),
    networkMode: "awsvpc",
    requiresCompatibilities: [...args.cluster.launchTypes],
    runtimePlatform: {
      cpuArchitecture: args.architecture ?? "X86_64",
      operatingSystemFamily: "LINUX",
    },
    executionRoleArn: made.roles.execution.arn,
    taskRoleArn: made.roles.task.arn,
    containerDefinitions: made.containers,
    volumes: taskVolumes(containerSpec(args)),
    ephemeralStorage:
      ephemeralStorageGiB === undefined ? undefined : { sizeInGib: ephemeralStorageGiB },
    // The revision before this one is what ECS rolls back to: it stays active.
    skipDestroy: true,
    tags: args.tags,
  };
}
