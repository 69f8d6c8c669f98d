import {
  DescribeServicesCommand,
  DescribeTasksCommand,
  paginateListTasks,
  type ECSClient,
  type Task,
} from "@aws-sdk/client-ecs";
import { appContainer } from "../components/service/taskDefinition";
import type { Release } from "../stacks/manifest";
import type { Clock } from "./clock";
import { DeliveryError } from "./errors";
import type { Target } from "./target";
import { taskId } from "./explain/tasks";

export interface TruthCheckOptions {
  readonly ecs: ECSClient;
  readonly target: Pick<Target, "names">;
  readonly release: Release;
  readonly clock: Clock;
  /** How long earlier tasks may take to leave. Default: 120. */
  readonly timeoutSeconds?: number;
  /** Receives a line for each service. Default: nobody is told. */
  readonly progress?: (line: string) => void;
}

const defaultTimeoutSeconds = 120;
const pollMs = 5_000;
/** What DescribeTasks takes at once. */
const tasksPerCall = 100;

/** What the tasks of a service say. */
interface Finding {
  readonly faults: readonly string[];
  readonly text: string;
}

/**
 * Proves that the tasks that run have the digests of the release and no others: what ECS says about its deployments
 * does not matter here. A service that shall run no task passes, and says so.
 * @throws DeliveryError that names each wrong task, or the service of which none runs.
 */
export async function truthCheck(options: TruthCheckOptions): Promise<void> {
  const { release, clock, timeoutSeconds = defaultTimeoutSeconds } = options;
  const deadline = clock.now().getTime() + timeoutSeconds * 1000;
  let services = Object.keys(release.images);
  for (;;) {
    const findings = new Map<string, Finding>();
    for (const service of services) findings.set(service, await lookAt(options, service));
    for (const [service, { faults, text }] of findings) {
      if (faults.length === 0) options.progress?.(`${service}: ${text}`);
    }
    services = services.filter((service) => findings.get(service)?.faults.length);
    if (services.length === 0) return;
    if (clock.now().getTime() >= deadline) {
      throw new DeliveryError(
        `what runs is not release ${release.id}: ${services.join(", ")}`,
        services.flatMap((service) =>
          (findings.get(service)?.faults ?? []).map((fault) => `${service}: ${fault}`),
        ),
      );
    }
    await clock.sleep(pollMs);
  }
}

async function lookAt(
  { ecs, target: { names }, release }: TruthCheckOptions,
  service: string,
): Promise<Finding> {
  const { digest } = release.images[service];
  const tasks = await runningTasks(ecs, names.cluster, names.service(service));
  if (tasks.length === 0) {
    const desired = await desiredCount(ecs, names.cluster, names.service(service));
    if (desired === 0) return { faults: [], text: "no task shall run, so none was looked at" };
    return { faults: [`no task runs, of ${desired ?? "a service that is gone"}`], text: "" };
  }
  const faults = tasks
    .filter((task) => digestIn(task) !== digest)
    .map((task) => {
      const runs = digestIn(task) ?? "an image whose digest ECS does not tell";
      return `task ${taskId(task)} runs ${runs}, and the release says ${digest}`;
    });
  const count = tasks.length === 1 ? "the task that runs has" : `all ${tasks.length} tasks have`;
  return { faults, text: `${count} the digest ${digest}` };
}

async function runningTasks(ecs: ECSClient, cluster: string, serviceName: string): Promise<Task[]> {
  const arns = await runningArns(ecs, cluster, serviceName);
  const tasks: Task[] = [];
  for (let start = 0; start < arns.length; start += tasksPerCall) {
    const asked = arns.slice(start, start + tasksPerCall);
    const { tasks: found = [] } = await ecs.send(
      new DescribeTasksCommand({ cluster, tasks: asked }),
    );
    tasks.push(...found);
  }
  // Those that start have no digest yet; those that stop take no requests any more.
  return tasks.filter(
    ({ lastStatus, desiredStatus }) => lastStatus === "RUNNING" && desiredStatus === "RUNNING",
  );
}

async function runningArns(
  ecs: ECSClient,
  cluster: string,
  serviceName: string,
): Promise<string[]> {
  const arns: string[] = [];
  try {
    const wanted = { cluster, serviceName, desiredStatus: "RUNNING" } as const;
    for await (const { taskArns = [] } of paginateListTasks({ client: ecs }, wanted)) {
      arns.push(...taskArns);
    }
  } catch (error) {
    // It has no tasks then, which is found out below.
    if ((error as Error).name !== "ServiceNotFoundException") throw error;
  }
  return arns;
}

async function desiredCount(
  ecs: ECSClient,
  cluster: string,
  service: string,
): Promise<number | undefined> {
  const { services = [] } = await ecs.send(
    new DescribeServicesCommand({ cluster, services: [service] }),
  );
  return services.find(({ status }) => status === "ACTIVE")?.desiredCount;
}

function digestIn({ containers = [] }: Task): string | undefined {
  return containers.find(({ name }) => name === appContainer)?.imageDigest;
}
