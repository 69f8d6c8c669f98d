import type { Clients } from "./clients";
import type { Clock } from "./clock";
import { explainFailure, type ExplainOptions } from "./explain";
import type { Ledger } from "./ledger";
import { rememberTold } from "./ledger/told";
import type { Told } from "./notify";
import { servicePage } from "../contract/consolePages";
import type { EnvironmentNames } from "../contract/names";

/** Nobody is told again of the same service for so long. */
export const quietHours = 6;

/** ECS remembers tasks that have stopped for an hour. */
const lookBackMs = 3_600_000;

export interface TaskFailuresOptions {
  readonly clients: Pick<Clients, "dynamodb"> & ExplainOptions["clients"];
  readonly ledger: Pick<Ledger, "recent">;
  readonly names: EnvironmentNames;
  readonly region: string;
  readonly stack: string;
  /** ARN of the service, as ECS's event has it. */
  readonly serviceArn: string;
  /** How ECS calls what has happened, such as `SERVICE_TASK_START_IMPAIRED`. */
  readonly event: string;
  readonly clock: Pick<Clock, "now">;
}

const meanings: Readonly<Record<string, string>> = {
  SERVICE_TASK_CONFIGURATION_FAILURE: "ECS cannot start a task as the service is set up",
  SERVICE_TASK_PLACEMENT_FAILURE: "ECS finds no capacity for a task",
  SERVICE_TASK_START_IMPAIRED: "its tasks start, and fail again and again",
};

/**
 * Explains to people why tasks of a service fail.
 * @returns what they are to be told; a text where there is nothing to tell: a deployment is under way, which tells of its own
 * failures, or they were told in the last {@link quietHours} hours.
 */
export async function taskFailures(options: TaskFailuresOptions): Promise<Told | string> {
  const { clients, clock, event, ledger, names, region, serviceArn, stack } = options;
  const ecsName = serviceArn.split("/").at(-1) ?? serviceArn;
  const begin = names.service("");
  if (!ecsName.startsWith(begin)) return `${ecsName} is no service of ${stack}`;
  const service = ecsName.slice(begin.length);
  const { lock, records } = await ledger.recent(1);
  // What waits for its verification or an approval may do so for days.
  const waits = records.at(0)?.status === "held";
  if (lock && !waits)
    return `deployment ${lock.number} is under way, and tells of its own failures`;
  const now = clock.now();
  const isNew = await rememberTold(
    clients.dynamodb,
    names.ledger,
    `taskFailures#${service}`,
    now,
    quietHours * 3_600_000,
  );
  if (!isNew) return `people were told of ${service} in the last ${quietHours} hours`;
  const lines = await explainFailure({
    ...{ clients, service, since: new Date(now.getTime() - lookBackMs) },
    ...{ clock, target: { names, region, config: { services: {} } } },
  });
  const running = records.at(0)?.release.id;
  return {
    kind: "taskFailures",
    what: `tasks of ${service} fail`,
    why: `${meanings[event] ?? event}, and no deployment is under way`,
    service,
    ...(running === undefined ? {} : { release: running }),
    lines,
    nextSteps: [
      `gantry status --stack ${stack} says what runs`,
      `Where the release is to blame: gantry rollback --stack ${stack}`,
    ],
    link: servicePage(region, names.cluster, ecsName),
  };
}
