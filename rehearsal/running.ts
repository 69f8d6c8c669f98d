import { DescribeImagesCommand } from "@aws-sdk/client-ecr";
import {
  DescribeServicesCommand,
  DescribeTaskDefinitionCommand,
  DescribeTasksCommand,
  ListTasksCommand,
} from "@aws-sdk/client-ecs";
import { containerOf, type ContainerPlace } from "../contract/containers";
import { makeClients, type Clients } from "../delivery/clients";
import { systemClock } from "../delivery/clock";
import { Ledger, type DeploymentRecord } from "../delivery/ledger";
import { readPointer } from "../delivery/pointer";
import { environmentNames, type EnvironmentNames } from "../contract/names";
import type { Emulator } from "./emulator";
import type { RunningReport, RunningService } from "./report";

/**
 * What runs in an environment, asked of everybody who must agree on it: the running tasks, the task definition, the
 * registry and the ledger.
 * @param checked the services whose config has a verification.
 * @returns undefined before the first release.
 */
export async function readRunning(
  emulator: Emulator,
  product: string,
  stack: string,
  checked: ReadonlySet<string>,
): Promise<RunningReport | undefined> {
  const names = environmentNames({ name: product, stack });
  const { AWS_REGION, AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY } = emulator.env;
  const keys = { accessKeyId: AWS_ACCESS_KEY_ID, secretAccessKey: AWS_SECRET_ACCESS_KEY };
  const clients = makeClients(AWS_REGION, keys, emulator.url);
  const release = await readPointer(clients.ssm, names);
  if (release === undefined) {
    return undefined;
  }
  const { records } = await new Ledger(clients.dynamodb, names.ledger, systemClock, stack).recent();
  const deployment = records.find((record) => record.release.id === release.id && ended(record));
  const services = await Promise.all(
    Object.entries(release.images).map(async ([service, { tag }]): Promise<RunningService> => {
      const [tasks, registry] = await Promise.all([
        taskDigests(clients, names, containerOf(service)),
        registryDigest(clients, names.repository(service), tag),
      ]);
      const ledger = deployment?.release.images[service]?.digest;
      return { service, checked: checked.has(service), registry, ledger, ...tasks };
    }),
  );
  return {
    stack,
    release: release.id,
    since: deployment?.endedAt ?? "",
    // A release that was put back was verified when it was deployed.
    verified: records.some(
      ({ release: { id }, status }) => id === release.id && status === "verified",
    ),
    services,
  };
}

function ended({ status }: DeploymentRecord): boolean {
  return status === "deployed" || status === "verified";
}

async function taskDigests(
  { ecs }: Clients,
  names: EnvironmentNames,
  { service, container }: ContainerPlace,
) {
  const isIt = ({ name }: { readonly name?: string }) => name === container;
  const cluster = names.cluster;
  const serviceName = names.service(service);
  const described = await ecs.send(
    new DescribeServicesCommand({ cluster, services: [serviceName] }),
  );
  // A job has no service, and no task while nothing starts it: its next run has the newest of its family.
  const { taskDefinition: arn = names.taskFamily(service) } = described.services?.[0] ?? {};
  const definition = await ecs.send(new DescribeTaskDefinitionCommand({ taskDefinition: arn }));
  const image = definition.taskDefinition?.containerDefinitions?.find(isIt)?.image;
  const digest = image?.split("@")[1];
  const next = { taskDefinition: digest, digest: digest ?? "unknown" };
  if (!described.services?.length) return next;
  const { taskArns = [] } = await ecs.send(new ListTasksCommand({ cluster, serviceName }));
  // Nor has a service any that waits for messages.
  if (taskArns.length === 0 && described.services[0].desiredCount === 0) return next;
  const { tasks = [] } =
    taskArns.length === 0
      ? {}
      : await ecs.send(new DescribeTasksCommand({ cluster, tasks: taskArns }));
  const digests = tasks.map(({ containers }) => containers?.find(isIt)?.imageDigest ?? "unknown");
  return { taskDefinition: digest, digest: [...new Set(digests)].join(", ") };
}

/** Undefined where the registry has no such image: that is for the report to tell. */
async function registryDigest(
  { ecr }: Clients,
  repositoryName: string,
  imageTag: string,
): Promise<string | undefined> {
  const describe = new DescribeImagesCommand({ repositoryName, imageIds: [{ imageTag }] });
  try {
    return (await ecr.send(describe)).imageDetails?.[0]?.imageDigest;
  } catch (error) {
    if (error instanceof Error && missing.test(error.name)) return undefined;
    throw error;
  }
}

const missing = /^(Image|Repository)NotFoundException$/;

/** Whether everybody agrees on every digest. */
export function agrees({ services }: RunningReport): boolean {
  return services.every(({ digest, registry, taskDefinition, ledger }) =>
    [registry, taskDefinition, ledger].every((other) => other === digest),
  );
}
