import { DescribeServicesCommand, type ECSClient, type Service } from "@aws-sdk/client-ecs";
import { containerOf } from "../contract/containers";
import type { Release } from "../contract/manifest";
import type { Clock } from "./clock";
import { truthSeconds } from "../contract/times";
import { DeliveryError } from "./errors";
import { digestOf, isJob, nextImage } from "./jobs";
import { nextTaskImage, startsByMessages } from "./messages";
import type { Target } from "./target";
import { taskId } from "./explain/tasks";
import { digestIn, runningTasks } from "./tasks";

export interface TruthCheckOptions {
  readonly ecs: ECSClient;
  readonly target: Pick<Target, "names" | "config">;
  readonly release: Release;
  /** By service, where tasks from before serve on: ARN of the task definition whose tasks alone are looked at. Default: none. */
  readonly newTasks?: Readonly<Record<string, string>>;
  readonly clock: Clock;
  /** How long earlier tasks may take to leave. Default: 120. */
  readonly timeoutSeconds?: number;
  /** Receives a line for each service. Default: nobody is told. */
  readonly progress?: (line: string) => void;
}

const pollMs = 5_000;
/** How often in a row ECS must say that a service shall run no task: what it answers may be old. */
const looks = 3;

/** What the tasks of a service say. */
interface Finding {
  readonly faults: readonly string[];
  /** Whether it shall run no task, so that nothing can be said about what it runs. */
  readonly isEmpty: boolean;
  readonly text: string;
}

/**
 * Proves that the tasks that run have the digests of the release and no others: what ECS says about its deployments
 * does not matter here. Sidecars that have images of their own are looked at as well. Of a job it is the newest task definition
 * that says so, and of a service that waits for messages without a task (`min: 0` with `messagesPerTask`) the service's own. Another
 * one that shall run no task proves nothing: it passes, and is told.
 * @returns the services of which no task shall run, as config calls them: of those the release is unproven.
 * @throws DeliveryError that names each wrong task, or the service of which none runs.
 */
export async function truthCheck(options: TruthCheckOptions): Promise<string[]> {
  const { release, clock, timeoutSeconds = truthSeconds } = options;
  const deadline = clock.now().getTime() + timeoutSeconds * 1000;
  const unproven = new Set<string>();
  const seenEmpty = new Map<string, number>();
  let waiting = Object.keys(release.images);
  for (;;) {
    const findings = new Map<string, Finding>();
    for (const service of waiting) {
      const finding = await lookAt(options, service);
      findings.set(service, finding);
      seenEmpty.set(service, finding.isEmpty ? (seenEmpty.get(service) ?? 0) + 1 : 0);
      const isOver = finding.isEmpty
        ? seenEmpty.get(service) === looks
        : finding.faults.length === 0;
      if (!isOver) continue;
      options.progress?.(`${service}: ${finding.text}`);
      if (finding.isEmpty) unproven.add(containerOf(service).service);
      findings.delete(service);
    }
    waiting = [...findings.keys()];
    if (waiting.length === 0) return [...unproven];
    // A service that is seen empty is asked again at most twice, whatever the time.
    const wrong = waiting.filter((service) => findings.get(service)?.faults.length);
    if (wrong.length > 0 && clock.now().getTime() >= deadline) {
      throw new DeliveryError(
        `what runs is not release ${release.id}: ${wrong.join(", ")}`,
        wrong.flatMap((service) =>
          (findings.get(service)?.faults ?? []).map((fault) => `${service}: ${fault}`),
        ),
      );
    }
    await clock.sleep(pollMs);
  }
}

async function lookAt(
  { ecs, target: { names, config }, release, newTasks = {} }: TruthCheckOptions,
  key: string,
): Promise<Finding> {
  const { digest } = release.images[key];
  const { service, container } = containerOf(key);
  if (isJob(config, service)) {
    return lookAtNext("run", await nextImage(ecs, names, service, container), digest);
  }
  const all = await runningTasks(ecs, names.cluster, names.service(service));
  const definition = Object.hasOwn(newTasks, service) ? newTasks[service] : undefined;
  const tasks = all.filter((task) => !definition || task.taskDefinitionArn === definition);
  if (tasks.length === 0) {
    const found = await activeService(ecs, names.cluster, names.service(service));
    const desired = found?.desiredCount;
    if (desired === 0 && startsByMessages(config, service)) {
      return lookAtNext("task", await nextTaskImage(ecs, found, container), digest);
    }
    if (desired === 0) {
      const text =
        "UNPROVEN: it shall run no task (desired count 0), so nothing shows that the release runs";
      return { faults: [], isEmpty: true, text };
    }
    const fault = `no task runs, of ${desired ?? "a service that is gone"}`;
    return { faults: [fault], isEmpty: false, text: "" };
  }
  const faults = tasks
    .filter((task) => digestIn(task, container) !== digest)
    .map((task) => {
      const runs = digestIn(task, container) ?? "an image whose digest ECS does not tell";
      return `task ${taskId(task)} runs ${runs}, and the release says ${digest}`;
    });
  const which = definition ? "new " : "";
  const count =
    tasks.length === 1
      ? `the ${which}task that runs has`
      : `all ${tasks.length} ${which}tasks have`;
  return { faults, isEmpty: false, text: `${count} the digest ${digest}` };
}

/** A job runs what is newest of its family, and no task while nothing starts it; what waits for messages runs what its service has. */
function lookAtNext(what: "run" | "task", image: string | undefined, digest: string): Finding {
  if (digestOf(image) === digest) {
    return { faults: [], isEmpty: false, text: `its next ${what} has the digest ${digest}` };
  }
  const fault = `its next ${what} has ${image ?? "no task definition"}, and the release says ${digest}`;
  return { faults: [fault], isEmpty: false, text: "" };
}

async function activeService(
  ecs: ECSClient,
  cluster: string,
  service: string,
): Promise<Service | undefined> {
  const { services = [] } = await ecs.send(
    new DescribeServicesCommand({ cluster, services: [service] }),
  );
  return services.find(({ status }) => status === "ACTIVE");
}
