import { withEcs } from "./ecsApi";

/** Tasks of a service, as a call of ECS names them. */
export interface ServiceTasks {
  readonly clusterArn: string;
  readonly serviceName: string;
}

/** Tasks that one call of UpdateTaskProtection takes (ECS API reference). */
const tasksPerCall = 10;

/** ARNs of the tasks that a service runs. */
export async function runningTasks(of: ServiceTasks): Promise<string[]> {
  return withEcs(of.clusterArn, async (client, { paginateListTasks }) => {
    const tasks: string[] = [];
    const asked = { cluster: of.clusterArn, serviceName: of.serviceName };
    for await (const { taskArns = [] } of paginateListTasks({ client }, asked)) {
      tasks.push(...taskArns);
    }
    return tasks;
  });
}

/**
 * Keeps ECS from stopping tasks in deployments and by scaling, or no longer does. Tasks that have stopped meanwhile are
 * passed over.
 * @param minutes how long, 1 to 2880; 0 for no longer.
 * @throws Error where ECS protects a task that runs not.
 */
export async function protectTasks(
  of: ServiceTasks,
  tasks: readonly string[],
  minutes: number,
): Promise<void> {
  await withEcs(of.clusterArn, async (client, { UpdateTaskProtectionCommand }) => {
    for (let first = 0; first < tasks.length; first += tasksPerCall) {
      const { failures = [] } = await client.send(
        new UpdateTaskProtectionCommand({
          cluster: of.clusterArn,
          tasks: tasks.slice(first, first + tasksPerCall),
          ...(minutes > 0
            ? { protectionEnabled: true, expiresInMinutes: minutes }
            : { protectionEnabled: false }),
        }),
      );
      const refused = failures.find(({ reason = "" }) => !gone.includes(reason));
      if (refused) {
        throw new Error(
          `ECS does not keep ${refused.arn} (${refused.reason}): run pulumi up again once the service's deployment has ended`,
        );
      }
    }
  });
}

/** What ECS says of a task that is none of a service's any more ("API failure reasons", ECS developer guide). */
const gone = ["MISSING", "TASK_NOT_VALID"];
