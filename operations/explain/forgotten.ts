import type { DeploymentRecord } from "../../delivery/ledger";

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
/** ECS keeps service deployments for 90 days ("ListServiceDeployments", Amazon ECS API reference). */
const serviceDeploymentDays = 90;

/**
 * What nobody knows any more of a deployment that is over, for people.
 * @param retentionDays of the services' logs.
 */
export function forgotten(
  { begunAt, endedAt = begunAt }: DeploymentRecord,
  retentionDays: number,
  now: Date,
): string[] {
  const sinceBegun = now.getTime() - Date.parse(begunAt);
  const sinceEnd = now.getTime() - Date.parse(endedAt);
  const lines: string[] = [];
  if (sinceEnd > hourMs) {
    lines.push(
      "why its tasks stopped, but for what the history and the logs say: ECS forgets a task an hour after it has stopped",
    );
  } else if (sinceBegun > hourMs) {
    lines.push("why tasks stopped more than an hour ago: ECS has forgotten those");
  }
  if (sinceEnd > serviceDeploymentDays * dayMs) {
    lines.push("which alarm ended it: ECS forgets its deployments after 90 days");
  }
  if (sinceEnd > retentionDays * dayMs) {
    lines.push(`what its tasks logged: logs are kept for ${retentionDays} days (gantry:logs)`);
  }
  return lines;
}
