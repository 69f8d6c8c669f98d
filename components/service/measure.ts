import { charactersOf } from "../pipeline/policySize";
import { arnOf, longestAccount as account } from "../shared/account";
import type { Tags } from "../shared/tags";
import { resolvedSecret, type ResolvedSecret } from "./resolvedSecret";
import type { SidecarArgs } from "./containerArgs";
import { readyMadePermissions } from "./readyMade";
import { sidecarDefinition } from "./sidecars";
import { executionStatements, taskStatements, type Permission } from "./statements";
import type { DeclaredVolumes } from "./ephemeralVolumes";
import { measuredVolumes, volumePermissions } from "./volumes";
import {
  containerDefinition,
  taskVolumes,
  type ContainerImage,
  type ContainerSpec,
  type CpuArchitecture,
} from "./taskDefinition";

/** What is known of a service before anything of it is there. */
export interface MeasuredService extends Pick<
  ContainerSpec,
  | "port"
  | "protocol"
  | "stopTimeoutSeconds"
  | "readonlyRootFilesystem"
  | "user"
  | "exec"
  | "ulimits"
  | "initProcess"
  | "capabilities"
  | "shmSizeMiB"
  | "dependsOn"
  | "containerHealthCheck"
  | "writablePaths"
> {
  readonly taskFamily: string;
  readonly logGroupName: string;
  readonly execLogGroupName: string;
  /** Undefined where sessions have no key of their own. */
  readonly execKeyArn?: string;
  readonly clusterName: string;
  readonly repositoryName: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly secrets: Readonly<Record<string, string>>;
  readonly permissions: readonly Permission[];
  readonly volumes: DeclaredVolumes;
  readonly entrypoint?: readonly string[];
  readonly command?: readonly string[];
  readonly cpu: number;
  readonly memoryMiB: number;
  readonly architecture: CpuArchitecture;
  /** Their images by the names of their repositories, and as if each had one of its own. */
  readonly sidecars: Readonly<Record<string, MeasuredSidecar>>;
  readonly tags?: Tags;
}

type MeasuredSidecar = Omit<SidecarArgs, "image" | "secrets"> & {
  readonly image: ContainerImage & { readonly uri: string };
  readonly secrets: Readonly<Record<string, string>>;
};

/** The longest name of a role that IAM takes, and so the longest that Pulumi makes. */
const anyRole = `arn:${account.partition}:iam::${account.accountId}:role/${"r".repeat(64)}`;
const anyDigest = `sha256:${"0".repeat(64)}`;
/** What AWS puts behind the name of a secret in its ARN. */
const anySuffix = "-AbCdEf";

/** Characters of the policies of a service's roles, each ARN at its longest. */
export function policyCharacters(service: MeasuredService): {
  readonly execution: number;
  readonly task: number;
} {
  const sidecars = Object.values(service.sidecars);
  const logGroupArn = arnOf(account, "logs", `log-group:${service.logGroupName}`);
  const args = {
    ...{ account, logGroupArn },
    exec: service.exec ? measuredExec(service) : undefined,
    repositoryArns: [service.repositoryName, ...sidecars.map(({ image }) => image.uri)].map(
      (name) => arnOf(account, "ecr", `repository/${name}`),
    ),
    secrets: [service, ...sidecars].flatMap(({ secrets }) => measuredSecrets(secrets)),
    permissions: [
      ...service.permissions,
      ...volumePermissions(measuredVolumes(service.volumes)),
      ...readyMadePermissions(service.sidecars, logGroupArn),
    ],
  };
  return {
    execution: charactersOf(executionStatements(args)),
    task: charactersOf(taskStatements(args)),
  };
}

/** Bytes of a service's task definition as it is registered, each ARN at its longest. */
export function taskDefinitionBytes(service: MeasuredService): number {
  const { region, accountId } = account;
  const registry = `${accountId}.dkr.ecr.${region}.amazonaws.com`;
  const spec: ContainerSpec = {
    ...service,
    image: {
      uri: `${registry}/${service.repositoryName}@${anyDigest}`,
      entryPoint: service.entrypoint,
      command: service.command,
    },
    secrets: measuredSecrets(service.secrets),
    sidecarSecrets: (name) => measuredSecrets(service.sidecars[name].secrets),
    region,
  };
  const registered = {
    family: service.taskFamily,
    taskRoleArn: anyRole,
    executionRoleArn: anyRole,
    networkMode: "awsvpc",
    containerDefinitions: [
      containerDefinition(spec),
      ...Object.entries(service.sidecars).map(([name, { image, secrets, ...sidecar }]) =>
        sidecarDefinition(name, {
          ...spec,
          sidecar: {
            ...sidecar,
            image: { ...image, uri: `${registry}/${image.uri}@${anyDigest}` },
          },
          secrets: measuredSecrets(secrets),
        }),
      ),
    ],
    volumes: taskVolumes({ ...spec, volumes: measuredVolumes(service.volumes) }),
    requiresCompatibilities: ["FARGATE"],
    cpu: String(service.cpu),
    memory: String(service.memoryMiB),
    runtimePlatform: {
      cpuArchitecture: service.architecture,
      operatingSystemFamily: "LINUX",
    },
    tags: Object.entries(service.tags ?? {}).map(([key, value]) => ({ key, value })),
  };
  return Buffer.byteLength(JSON.stringify(registered));
}

function measuredExec({ execLogGroupName, execKeyArn: arn, clusterName }: MeasuredService) {
  const logGroupArn = arnOf(account, "logs", `log-group:${execLogGroupName}`);
  return { logGroupArn, ...(arn === undefined ? {} : { key: { arn, clusterName } }) };
}

/** What `resolveSecrets` makes of references, with ARNs that are as long as any. */
function measuredSecrets(references: Readonly<Record<string, string>>): ResolvedSecret[] {
  const { partition, region, accountId } = account;
  const place = `arn:${partition}:secretsmanager:${region}:${accountId}`;
  const secretArn = (name: string) => `${place}:secret:${name}${anySuffix}`;
  return Object.entries(references).map(([name, reference]) =>
    resolvedSecret(name, reference, account, secretArn),
  );
}
