import {
  DescribeTasksCommand,
  ListTasksCommand,
  type ECSClient,
  type ListTasksCommandInput,
  type Task,
} from "@aws-sdk/client-ecs";
import { appContainer } from "../contract/containers";
import { isNamed } from "./errors";

/** What DescribeTasks takes at once ("DescribeTasks", Amazon ECS API reference). */
const tasksPerCall = 100;

/** Which tasks: of a service or of a family. ECS shows those that stopped for an hour. */
export type TaskQuery = Pick<
  ListTasksCommandInput,
  "cluster" | "serviceName" | "family" | "desiredStatus"
>;

/** All tasks that a query finds, in no order, however many pages they fill. None where there is no such service. */
export async function findTasks(ecs: ECSClient, query: TaskQuery): Promise<Task[]> {
  const arns: string[] = [];
  try {
    let nextToken: string | undefined;
    do {
      const page = await ecs.send(new ListTasksCommand({ ...query, nextToken }));
      arns.push(...(page.taskArns ?? []));
      nextToken = page.nextToken;
    } while (nextToken);
  } catch (error) {
    if (!isNamed(error, "ServiceNotFoundException")) throw error;
  }
  const tasks: Task[] = [];
  for (let start = 0; start < arns.length; start += tasksPerCall) {
    const asked = arns.slice(start, start + tasksPerCall);
    const answer = await ecs.send(
      new DescribeTasksCommand({ cluster: query.cluster, tasks: asked }),
    );
    tasks.push(...(answer.tasks ?? []));
  }
  return tasks;
}

/** The tasks of a service that do its work: those that start have no digest yet, those that stop get no requests. */
export async function runningTasks(
  ecs: ECSClient,
  cluster: string,
  serviceName: string,
): Promise<Task[]> {
  const tasks = await findTasks(ecs, { cluster, serviceName, desiredStatus: "RUNNING" });
  return tasks.filter(
    ({ lastStatus, desiredStatus }) => lastStatus === "RUNNING" && desiredStatus === "RUNNING",
  );
}

/** The digest that a container of a task runs, by default the service's own; undefined where ECS does not tell it. */
export function digestIn({ containers = [] }: Task, container = appContainer): string | undefined {
  return containers.find(({ name }) => name === container)?.imageDigest;
}
