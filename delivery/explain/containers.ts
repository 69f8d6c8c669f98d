import type { CloudWatchLogsClient } from "@aws-sdk/client-cloudwatch-logs";
import type { Task } from "@aws-sdk/client-ecs";
import { appContainer } from "../../contract/containers";
import type { EnvironmentNames } from "../../contract/names";
import { messageOf } from "../errors";
import { logTail, type LogPlace } from "./logs";
import { logPlaceOf } from "./place";
import { failedContainers, taskId } from "./tasks";

export interface FailedLogs {
  readonly logs: CloudWatchLogsClient;
  readonly names: Pick<EnvironmentNames, "logGroup">;
  readonly service: string;
  /** Where the service's own container logs; undefined where its log has been told. */
  readonly own: LogPlace | undefined;
  /** Said of the service's own where it logs to another place. Default: it logs there. */
  readonly elsewhere?: string;
}

/**
 * The last lines of the containers of a task that failed by themselves, each with its name; the service's own bears none. This never
 * throws: what cannot be read is said.
 * @returns by container: who and where, then its lines, indented.
 */
export async function failedLogs(
  task: Task,
  { logs, names, service, own, elsewhere }: FailedLogs,
): Promise<string[][]> {
  const tails = failedContainers(task).map(async (container): Promise<string[]> => {
    const isOwn = container === appContainer;
    const place = isOwn ? own : logPlaceOf(names, { service, container }, taskId(task));
    if (place === undefined) return [];
    const [head, ...lines] = await logTail(logs, place, isOwn ? elsewhere : undefined).catch(
      (error: unknown) => [`its log could not be read: ${messageOf(error)}`],
    );
    return [isOwn ? head : `${container}: ${head}`, ...lines];
  });
  return Promise.all(tails);
}
