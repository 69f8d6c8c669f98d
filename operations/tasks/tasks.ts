import type { ECSClient, Task } from "@aws-sdk/client-ecs";
import {
  DescribeTargetHealthCommand,
  type ElasticLoadBalancingV2Client,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import { appContainer } from "../../contract/containers";
import type { Release } from "../../contract/manifest";
import { describeServices } from "../../delivery/deploy/ecs";
import { targetGroupsOf } from "../../delivery/explain/service";
import { stopText, taskId } from "../../delivery/explain/tasks";
import { isJob } from "../../delivery/jobs";
import type { Target } from "../../delivery/target";
import { digestIn, findTasks } from "../../delivery/tasks";

/** `service`: the scheduler keeps it running. `byHand`: somebody started one beside it. */
export type TaskKind = "service" | "job" | "releaseCommand" | "byHand";

/** A task, with what ECS, the load balancer and the history know of it. Times are ISO 8601, UTC. */
export interface TaskFacts {
  readonly service: string;
  readonly kind: TaskKind;
  readonly id: string;
  /** As ECS has it: `RUNNING`, `PENDING`, `STOPPED`. */
  readonly status: string;
  /** Id of the newest release with this image. Absent where the history knows none. */
  readonly release?: string;
  /** Of the image of the service's own container. Absent where ECS does not tell. */
  readonly digest?: string;
  /** When its containers ran; before that, when it was asked for. */
  readonly since?: string;
  readonly availabilityZone?: string;
  /** As its target groups have it, such as `healthy` or `draining`, the worst of them; otherwise as its own health check. Absent where nobody checks it. */
  readonly health?: string;
  /** Units of which 1024 are a vCPU. */
  readonly cpu?: number;
  readonly memoryMiB?: number;
  /** `FARGATE`, `FARGATE_SPOT`, or the capacity provider of the hosts; `EC2` where none is told. */
  readonly capacity: string;
  readonly privateAddress?: string;
  readonly stoppedAt?: string;
  /** Why it stopped, with the exit codes of its containers, in words. Of those that stopped alone. */
  readonly stopped?: string;
  /** By container, of those that have ended. */
  readonly exitCodes: Readonly<Record<string, number>>;
}

export interface TasksOptions {
  readonly target: Target;
  readonly ecs: ECSClient;
  readonly elb: Pick<ElasticLoadBalancingV2Client, "send">;
  readonly services: readonly string[];
  /** Those that stopped in the last hour, in the place of those that run. */
  readonly stopped: boolean;
  /** Releases that were deployed, the newest first, from which those of tasks are told. */
  readonly releases: readonly Release[];
}

/**
 * The tasks of services and jobs, by service in the order of config, each service's newest first: all tasks of the cluster in
 * two calls for each hundred, and one more for each target group.
 */
export async function tasksOf(options: TasksOptions): Promise<TaskFacts[]> {
  const { target, ecs, services, stopped } = options;
  const found = await findTasks(ecs, {
    cluster: target.names.cluster,
    desiredStatus: stopped ? "STOPPED" : "RUNNING",
  });
  const families = familiesOf(target, services);
  const owned = found.flatMap((task) => {
    const owner = families.get(familyIn(task));
    return owner === undefined ? [] : [{ ...owner, task }];
  });
  const health = stopped ? new Map<string, string>() : await targetHealth(options);
  return owned
    .map(({ service, ofRelease, task }) => {
      const kind = ofRelease ? "releaseCommand" : kindOf(target, service, task);
      return factsOf({ service, kind, task, health, releases: options.releases });
    })
    .sort(
      (a, b) =>
        services.indexOf(a.service) - services.indexOf(b.service) ||
        timeOf(b).localeCompare(timeOf(a)),
    );
}

interface Owner {
  readonly service: string;
  readonly ofRelease: boolean;
}

/** By family of task definitions: whose it is. */
function familiesOf({ names }: Target, services: readonly string[]): ReadonlyMap<string, Owner> {
  return new Map(
    services.flatMap((service): [string, Owner][] => [
      [names.taskFamily(service), { service, ofRelease: false }],
      [names.releaseCommandFamily(service), { service, ofRelease: true }],
    ]),
  );
}

function familyIn({ taskDefinitionArn = "" }: Task): string {
  return taskDefinitionArn.split("/").at(-1)?.split(":").at(0) ?? "";
}

function kindOf({ config, names }: Target, service: string, { group }: Task): TaskKind {
  if (isJob(config, service)) return "job";
  return group === `service:${names.service(service)}` ? "service" : "byHand";
}

/** By private address: how target groups find it. What is not healthy in one of them is told. */
async function targetHealth({
  target,
  ecs,
  elb,
  services,
}: TasksOptions): Promise<Map<string, string>> {
  const described = await describeServices(ecs, target);
  const groups = services.flatMap((service) =>
    Object.hasOwn(described, service) ? targetGroupsOf(described[service]) : [],
  );
  const answers = await Promise.all(
    groups.map((TargetGroupArn) => elb.send(new DescribeTargetHealthCommand({ TargetGroupArn }))),
  );
  const states = new Map<string, string>();
  for (const { Target, TargetHealth } of answers.flatMap(
    (one) => one.TargetHealthDescriptions ?? [],
  )) {
    const { Id = "" } = Target ?? {};
    const { State = "unknown" } = TargetHealth ?? {};
    const before = states.get(Id) ?? "healthy";
    states.set(Id, before === "healthy" ? State : before);
  }
  return states;
}

interface Known {
  readonly service: string;
  readonly kind: TaskKind;
  readonly task: Task;
  readonly health: ReadonlyMap<string, string>;
  readonly releases: readonly Release[];
}

function factsOf({ service, kind, task, health, releases }: Known): TaskFacts {
  const { availabilityZone, cpu, memory, containers = [], lastStatus = "UNKNOWN" } = task;
  const digest = digestIn(task);
  const privateAddress = addressOf(task);
  const own = task.healthStatus === "UNKNOWN" ? undefined : task.healthStatus?.toLowerCase();
  const has = { release: releaseOf(releases, service, digest), digest, availabilityZone };
  const ended = containers.flatMap(({ name = "", exitCode }) =>
    exitCode === undefined ? [] : [[name, exitCode] as const],
  );
  const isStopped = lastStatus === "STOPPED" || task.stoppedAt !== undefined;
  return {
    ...{ service, kind, id: taskId(task), status: lastStatus, ...has },
    since: (task.startedAt ?? task.createdAt)?.toISOString(),
    health: (privateAddress === undefined ? undefined : health.get(privateAddress)) ?? own,
    cpu: cpu === undefined ? undefined : Number(cpu),
    memoryMiB: memory === undefined ? undefined : Number(memory),
    capacity: task.capacityProviderName ?? task.launchType ?? "EC2",
    privateAddress,
    ...(isStopped
      ? { stoppedAt: (task.stoppedAt ?? task.stoppingAt)?.toISOString(), stopped: stopText(task) }
      : {}),
    exitCodes: Object.fromEntries(ended),
  };
}

/** The newest release whose image that is: the same image may be in several. */
function releaseOf(
  releases: readonly Release[],
  service: string,
  digest: string | undefined,
): string | undefined {
  return releases.find(
    ({ images }) => Object.hasOwn(images, service) && images[service].digest === digest,
  )?.id;
}

function addressOf({ containers = [], attachments = [] }: Task): string | undefined {
  const app = containers.find(({ name }) => name === appContainer);
  const details = attachments.flatMap((one) => one.details ?? []);
  return (
    app?.networkInterfaces?.[0]?.privateIpv4Address ??
    details.find(({ name }) => name === "privateIPv4Address")?.value
  );
}

function timeOf({ stoppedAt, since = "" }: TaskFacts): string {
  return stoppedAt ?? since;
}
