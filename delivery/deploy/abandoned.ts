import type { DeploymentRecord, LedgerView } from "../ledger";
import { DeploymentFailure } from "../steadyState";
import type { DeployRequest } from "./guard";
import { imagesByService } from "../releaseImages";
import type { Ports } from "./ports";
import { recover } from "./recovery";

/** What CodeBuild says of who started it, where a pipeline did. */
const pipelinePrefix = "codepipeline/";

/**
 * Ends what an earlier execution of the same pipeline left when its ECS action failed: CodePipeline runs nothing after a
 * failed action, so nobody has recorded the failure or put back what ran. That execution is over for certain, since the
 * pipeline lets one execution at a time into the stage that this one is in. Any other lock is left to the guards.
 */
export async function takeBackAbandoned(
  ports: Ports,
  { owner, actor }: Pick<DeployRequest, "owner" | "actor">,
): Promise<void> {
  const { progress, ledger } = ports;
  const record = abandoned(await ledger.recent(), owner, actor);
  if (!record) return;
  progress.note(
    `deployment ${record.number} of ${record.release.id} was begun by ${record.owner} and never settled: taking it back first`,
  );
  const failure = new DeploymentFailure(
    "CodePipeline's ECS action failed, or the execution was stopped: gantry settle never ran",
    imagesByService(record.release).map(({ service }) => service),
  );
  const { message, details } = await recover(ports, record, failure, "services");
  progress.note(message);
  progress.note(details.at(-1) ?? "");
}

/** The deployment whose lock an ended execution of this pipeline left. */
export function abandoned(
  { lock, records }: LedgerView,
  owner: string,
  actor: string,
): DeploymentRecord | undefined {
  if (!lock || lock.owner === owner || !actor.startsWith(pipelinePrefix)) return undefined;
  const record = records.find(({ number }) => number === lock.number);
  const isOurs = record?.actor === actor && record.kind === "deploy";
  return isOurs && record.status === "inProgress" ? record : undefined;
}
